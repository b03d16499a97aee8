//! The image encoder against transformers' `CLIPVisionModelWithProjection`, on tiny towers with random
//! weights (made by `tests/reference/encoder/make_clip_fixtures.py`), and what it says of broken checkpoints.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::task::{Context, Poll, Waker};

use crate::encoder::towers::{LAYOUTS, TOWERS, Tower, largest_difference, only_tensor};
use burn::tensor::Device;
use reid_web::encoder::TowerBuilder;
use reid_web::weights::Header;

/// Largest absolute difference of a unit embedding's elements to PyTorch's.
const TOLERANCE: f32 = 1e-5;

/// The result of a future that never waits, as none does on the CPU.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the CPU made us wait"),
    }
}

#[test]
fn embeddings_equal_those_of_transformers_and_open_clip() {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let encoder = tower.load(Device::flex()).unwrap();
        let embeddings = ready(encoder.embed(tower.pixels())).unwrap();
        let difference = largest_difference(&embeddings, &tower.expected());
        println!("{}: largest difference {difference:e}", tower.name);
        assert!(difference <= TOLERANCE, "{}: {difference}", tower.name);
    }
}

#[test]
fn flip_augmentation_equals_that_of_transformers() {
    let expected: [(Tower, &[u8]); 2] = [
        (TOWERS[0], include_bytes!("../../fixtures/clip/quick-gelu/flipped.safetensors")),
        (TOWERS[2], include_bytes!("../../fixtures/clip/odd-size/flipped.safetensors")),
    ];
    for (tower, flipped) in expected {
        let plan = tower.plan(Some(r#"{"augmentation": "flip"}"#)).unwrap();
        let encoder = tower.load_plan(&plan, Device::flex()).unwrap();
        let embeddings = ready(encoder.embed(tower.pixels())).unwrap();
        let difference = largest_difference(&embeddings, &only_tensor(flipped));
        assert!(difference <= TOLERANCE, "{}: {difference}", tower.name);
        assert!(largest_difference(&embeddings, &tower.expected()) > 100.0 * TOLERANCE);
    }
}

#[test]
fn an_image_has_the_same_embedding_alone_and_in_a_batch() {
    let tower = TOWERS[0];
    let encoder = tower.load(Device::flex()).unwrap();
    let pixels = tower.pixels();
    let batch = ready(encoder.embed(pixels.clone())).unwrap();
    let (first, second) = pixels.split_at(pixels.len() / 2);
    let alone = [first, second].map(|image| ready(encoder.embed(image.to_vec())).unwrap()).concat();
    assert!(largest_difference(&batch, &alone) <= 1e-6);
}

#[test]
fn embeddings_have_length_one() {
    for tower in TOWERS {
        let encoder = tower.load(Device::flex()).unwrap();
        let embeddings = ready(encoder.embed(tower.pixels())).unwrap();
        for row in embeddings.chunks(encoder.config().embed_dim()) {
            let length: f32 = row.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{}: {length}", tower.name);
        }
    }
}

#[test]
fn the_number_of_parameters_is_that_of_the_file() {
    for tower in TOWERS {
        let config = tower.config();
        let plan = tower.plan(None).unwrap();
        let stored: usize = plan.tensors().iter().map(|tensor| tensor.shape.iter().product::<usize>()).sum();
        assert_eq!(config.parameters(), stored, "{}", tower.name);
    }
}

#[test]
fn pixels_that_are_no_whole_image_are_refused() {
    let tower = TOWERS[0];
    let encoder = tower.load(Device::flex()).unwrap();
    for count in [0, 1, 3 * 32 * 32 - 1] {
        let message = ready(encoder.embed(vec![0.0; count])).unwrap_err().to_string();
        assert!(message.contains(&format!("{count} values")), "{message}");
    }
}

#[test]
fn pixels_that_are_not_finite_give_an_error_and_no_embedding() {
    let tower = TOWERS[0];
    let encoder = tower.load(Device::flex()).unwrap();
    let message = ready(encoder.embed(vec![f32::NAN; 3 * 32 * 32])).unwrap_err().to_string();
    assert!(message.contains("not finite"), "{message}");
}

/// A file with the header `json` and `data` bytes behind it.
fn file(json: &str, data: usize) -> Vec<u8> {
    let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
    bytes.extend(json.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

/// The fixture's header with `from` replaced by `to`, and its tensors.
fn altered(tower: Tower, from: &str, to: &str) -> Vec<u8> {
    let length = Header::length(tower.weights, tower.weights.len() as u64).unwrap() as usize;
    let json = std::str::from_utf8(&tower.weights[8..length]).unwrap();
    assert!(json.contains(from), "{from}");
    let mut bytes = file(&json.replace(from, to), 0);
    bytes.extend(&tower.weights[length..]);
    bytes
}

#[track_caller]
fn assert_refused(weights: &[u8], named: &[&str]) {
    let tower = Tower { weights: Box::leak(weights.to_vec().into_boxed_slice()), ..TOWERS[0] };
    let message = tower.load(Device::flex()).unwrap_err().to_string();
    for name in named {
        assert!(message.contains(name), "{message:?} does not name {name:?}");
    }
}

#[test]
fn a_file_that_is_no_weight_file_is_refused() {
    assert_refused(b"", &["ends after 0 bytes"]);
    assert_refused(b"\x80\x02\x8a", &["torch.save did not write", "expected a safetensors"]);
    assert_refused(b"PK\x03\x04 a zip archive, as torch.save writes it", &["archive"]);
    assert_refused(&u64::MAX.to_le_bytes(), &["no known kind of weight file"]);
    assert_refused(&file("{\"a\": ", 0), &["not valid JSON"]);
    assert_refused(&file("{\"a\": 1}", 0), &["entry for a is malformed"]);
    assert_refused(&file("[]", 0), &["no known kind of weight file"]);
}

#[test]
fn a_truncated_file_is_refused() {
    let weights = TOWERS[0].weights;
    assert_refused(&weights[..100], &["truncated"]);
    assert_refused(&weights[..weights.len() - 1], &["tensor", "truncated"]);
}

#[test]
fn a_missing_tensor_is_named() {
    let gone = altered(TOWERS[0], "vision_model.post_layernorm.bias", "text_model.post_layernorm.bias");
    assert_refused(&gone, &["vision_model.post_layernorm.bias [64]", "missing"]);
}

#[test]
fn a_surplus_tensor_is_named() {
    let surplus = altered(TOWERS[0], "visual_projection.weight", "vision_model.head.weight");
    assert_refused(&surplus, &["vision_model.head.weight", "does not belong"]);
    let layer = altered(TOWERS[0], "encoder.layers.2.mlp.fc1.bias", "encoder.layers.3.mlp.fc1.bias");
    assert_refused(&layer, &["layers.3.mlp.fc1.bias", "3 layers"]);
}

#[test]
fn a_misshapen_tensor_is_named_with_both_shapes() {
    let misshapen = altered(TOWERS[0], "[48,64]", "[64,48]");
    assert_refused(&misshapen, &["visual_projection.weight", "[64, 48]", "[48, 64]"]);
    let huge = altered(TOWERS[0], "[48,64]", "[9223372036854775808,64]");
    assert_refused(&huge, &["visual_projection.weight"]);
}

#[test]
fn another_number_format_is_named() {
    let integers = altered(TOWERS[0], "\"F32\"", "\"I64\"");
    assert_refused(&integers, &["I64", "F32, F16 or BF16"]);
    let shorter = altered(TOWERS[0], "\"F32\"", "\"F16\"");
    assert_refused(&shorter, &["bytes", "F16 takes"]);
}

#[test]
fn overlapping_tensors_are_refused() {
    let json = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#;
    assert_refused(&file(json, 12), &["tensors a and b overlap"]);
    let reversed = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#;
    assert_refused(&file(reversed, 12), &["tensor a", "header is wrong"]);
    let far = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}}"#;
    assert_refused(&file(far, 12), &["tensor a", "truncated"]);
}

#[test]
fn a_weight_that_is_not_finite_is_named() {
    for value in [f32::NAN, f32::INFINITY] {
        let mut weights = TOWERS[0].weights.to_vec();
        let end = weights.len();
        weights[end - 4..].copy_from_slice(&value.to_le_bytes());
        assert_refused(&weights, &["tensor ", "must be finite"]);
    }
}

#[test]
fn a_tensor_handed_in_twice_or_not_at_all_is_an_error() {
    let mut builder = TowerBuilder::new(TOWERS[0].plan(None).unwrap(), Device::flex());
    let name = "vision_model.embeddings.class_embedding";
    builder.insert(name, "F32", &[0; 256]).unwrap();
    assert!(builder.insert(name, "F32", &[0; 256]).unwrap_err().to_string().contains("twice"));
    assert!(builder.insert(name, "F32", &[0; 255]).unwrap_err().to_string().contains("255 bytes"));
    assert!(builder.finish().unwrap_err().to_string().contains("was not handed in"));
}
