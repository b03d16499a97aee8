//! CLIP-ReID's overlapping patches and embeddings of cameras, against that project's formulas.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::encoder::{Assumption, ImageEncoder, TowerPlan};

use crate::encoder::checkpoints::CHECKPOINTS;
use crate::encoder::clip::ready;
use crate::encoder::towers::{Tower, largest_difference, only_tensor};

const OVERLAP: Tower = CHECKPOINTS[0];
const SQUARE: Tower = CHECKPOINTS[1];
/// Of the two input images, as `SEEN_BY` in `tests/reference/encoder/make_checkpoint_fixtures.py`.
const SEEN_BY: [usize; 2] = [4, 1];

macro_rules! expected {
    ($tower:literal, $name:literal) => {
        include_bytes!(concat!("../../fixtures/checkpoints/", $tower, "/", $name, ".safetensors"))
    };
}

/// Choices with the embeddings that they lead to, by the reference.
fn cases() -> [(Tower, &'static str, &'static [u8]); 6] {
    [
        (OVERLAP, r#"{"camera_embedding": "used"}"#, expected!("reid-overlap", "used")),
        (
            OVERLAP,
            r#"{"camera_embedding": "used", "camera_coefficient": 3}"#,
            expected!("reid-overlap", "used-3"),
        ),
        (
            OVERLAP,
            r#"{"camera_embedding": "used", "feature": "concatenated"}"#,
            expected!("reid-overlap", "used-concatenated"),
        ),
        (
            OVERLAP,
            r#"{"camera_embedding": "used", "feature": "concatenated", "augmentation": "flip"}"#,
            expected!("reid-overlap", "used-flipped"),
        ),
        (SQUARE, r#"{"camera_embedding": "used"}"#, expected!("reid-square", "used")),
        (
            SQUARE,
            r#"{"camera_embedding": "used", "camera_coefficient": "3"}"#,
            expected!("reid-square", "used-3"),
        ),
    ]
}

fn load(tower: Tower, choices: &str, device: &Device) -> ImageEncoder {
    tower.load_plan(&tower.plan(Some(choices)).unwrap(), device.clone()).unwrap()
}

/// The embeddings with cameras, on any device.
pub async fn equal_the_formulas(device: &Device, tolerance: f32) {
    for (tower, choices, expected) in cases() {
        let encoder = load(tower, choices, device);
        let found = encoder.embed_with_cameras(tower.pixels(), &SEEN_BY).await.unwrap();
        let difference = largest_difference(&found, &only_tensor(expected));
        println!("{} {choices}: {difference:e}", tower.name);
        assert!(difference <= tolerance, "{} {choices}: {difference}", tower.name);
    }
}

#[test]
fn cameras_are_added_as_clip_reid_does() {
    ready(equal_the_formulas(&Device::flex(), 1e-5));
}

#[test]
fn images_of_a_batch_have_their_own_cameras() {
    let encoder = load(OVERLAP, r#"{"camera_embedding": "used"}"#, &Device::flex());
    let both = ready(encoder.embed_with_cameras(OVERLAP.pixels(), &SEEN_BY)).unwrap();
    let pixels = OVERLAP.pixels();
    let one = |index: usize| {
        let image = pixels[index * pixels.len() / 2..][..pixels.len() / 2].to_vec();
        ready(encoder.embed_with_cameras(image, &SEEN_BY[index..=index])).unwrap()
    };
    assert!(largest_difference(&[one(0), one(1)].concat(), &both) <= 1e-6);
}

#[test]
fn an_image_without_a_known_camera_is_an_error() {
    let encoder = load(OVERLAP, r#"{"camera_embedding": "used"}"#, &Device::flex());
    let message = ready(encoder.embed(OVERLAP.pixels())).unwrap_err().to_string();
    assert!(message.contains("0 cameras for 2 images"), "{message}");
    let message = ready(encoder.embed_with_cameras(OVERLAP.pixels(), &[0, 6])).unwrap_err().to_string();
    assert!(message.contains("its camera is \"7\", expected 1 to 6"), "{message}");
    assert!(ready(encoder.embed_as_a_check(OVERLAP.pixels())).is_ok());
}

fn assumption(plan: &TowerPlan, field: &str) -> Option<Assumption> {
    plan.assumptions().iter().find(|assumption| assumption.field == field).cloned()
}

#[test]
fn embeddings_of_cameras_are_left_out_unless_chosen_and_that_is_said() {
    let plan = OVERLAP.plan(None).unwrap();
    let found = assumption(&plan, "camera_embedding").unwrap();
    assert_eq!((&*found.value, &*found.choices), ("left_out", &["left_out".to_owned(), "used".into()][..]));
    assert!(
        found.reason.contains("6 cameras (cv_embed)") && found.reason.contains("left out"),
        "{}",
        found.reason
    );
    assert_eq!(assumption(&plan, "camera_coefficient"), None);
    let used = OVERLAP.plan(Some(r#"{"camera_embedding": "used"}"#)).unwrap();
    assert_eq!(assumption(&used, "camera_coefficient").unwrap().choices, ["1", "3"]);

    let mut header = OVERLAP.header().unwrap();
    header.tensors.retain(|tensor| tensor.name != "cv_embed");
    assert_eq!(assumption(&TowerPlan::new(&header, None, None).unwrap(), "camera_embedding"), None);
    let refused =
        TowerPlan::new(&header, None, Some(r#"{"camera_embedding": "used"}"#)).unwrap_err().to_string();
    assert!(refused.contains("the file has no embeddings of cameras"), "{refused}");
}

#[test]
fn embeddings_of_viewpoints_are_refused_and_left_out() {
    let mut header = OVERLAP.header().unwrap();
    let all = header.tensors.iter_mut().find(|tensor| tensor.name == "cv_embed").unwrap();
    all.shape[0] = 160;
    let found = assumption(&TowerPlan::new(&header, None, None).unwrap(), "camera_embedding").unwrap();
    assert_eq!(found.choices, ["left_out"]);
    let refused =
        TowerPlan::new(&header, None, Some(r#"{"camera_embedding": "used"}"#)).unwrap_err().to_string();
    assert!(refused.contains("160 embeddings") && refused.contains("viewpoints"), "{refused}");
}

#[test]
fn the_overlap_is_recognised_and_can_be_chosen_otherwise() {
    let plan = OVERLAP.plan(None).unwrap();
    assert_eq!(plan.config().image_size(), [128, 64]);
    let stride = assumption(&plan, "stride").unwrap();
    assert_eq!((&*stride.value, &*stride.choices), ("6", &["6".to_owned()][..]));

    let plan = SQUARE.plan(None).unwrap();
    assert_eq!(plan.config().image_size(), [128, 128]);
    let stride = assumption(&plan, "stride").unwrap();
    assert_eq!((&*stride.value, &*stride.choices), ("6", &["6".to_owned(), "8".into()][..]));
    assert!(stride.reason.contains("168 × 168 pixels with a stride of 8"), "{}", stride.reason);
    let apart = SQUARE.plan(Some(r#"{"stride": 8}"#)).unwrap();
    assert_eq!(apart.config().image_size(), [168, 168]);
    assert_eq!(apart.config().vit().unwrap().tokens(), 442);
    let refused = SQUARE.plan(Some(r#"{"stride": 3}"#)).unwrap_err().to_string();
    assert!(
        refused.contains("positional_embedding is for 441 patches, which patches of 8 pixels every 3"),
        "{refused}"
    );
}

#[test]
fn integers_and_another_size_compute_with_the_overlap() {
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let exact = OVERLAP.expected();
    let encoder = load(OVERLAP, r#"{"arithmetic": "i8"}"#, &Device::flex());
    let found = ready(encoder.embed(OVERLAP.pixels())).unwrap();
    let length = exact.len() / 2;
    for (found, exact) in found.chunks(length).zip(exact.chunks(length)) {
        assert!(cosine(found, exact) > 0.999);
    }
    let encoder = load(OVERLAP, r#"{"image_size": "64x64"}"#, &Device::flex());
    assert_eq!(encoder.config().vit().unwrap().grid(), [10, 10]);
    assert!(ready(encoder.embed(OVERLAP.pixels_of([64, 64]))).is_ok());
}
