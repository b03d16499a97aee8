//! Encoders that compute with integers on the CPU, against the same weights with F32.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::encoder::{Arithmetic, EightBitCheck, ImageEncoder, LEAST_AGREEMENT, VitConfig, known_images};
use reid_web::image::{Preprocessor, decode};

use crate::encoder::clip::ready;
use crate::encoder::tower_weights::{Stored, Weights};
use crate::encoder::towers::{LAYOUTS, RESNET, TOWERS, Tower, largest_difference};

const CHOICE: &str = r#"{"arithmetic": "i8"}"#;

fn transformers() -> impl Iterator<Item = Tower> {
    let is_transformer = |tower: &Tower| tower.plan(None).unwrap().config().vit().is_some();
    TOWERS.into_iter().chain(LAYOUTS).filter(is_transformer)
}

/// The lowest cosine between the embeddings of both arithmetics.
fn cosine_to_f32(weights: &mut Weights, tower: &Tower) -> f32 {
    weights.plan = tower.plan(None).unwrap();
    let exact = ready(weights.load(&Device::flex(), Stored::F32).embed(tower.pixels())).unwrap();
    weights.plan = tower.plan(Some(CHOICE)).unwrap();
    let encoder = weights.load(&Device::flex(), Stored::F32);
    let found = ready(encoder.embed(tower.pixels())).unwrap();
    assert!(largest_difference(&found, &exact) > 0.0, "{}", tower.name);
    let rows = found.chunks(encoder.config().embed_dim()).zip(exact.chunks(encoder.config().embed_dim()));
    let cosines = rows.map(|(found, exact)| found.iter().zip(exact).map(|(a, b)| a * b).sum::<f32>());
    cosines.fold(1.0, f32::min)
}

#[test]
fn embeddings_agree_with_those_of_f32() {
    for tower in transformers() {
        let cosine = cosine_to_f32(&mut Weights::of(&tower), &tower);
        println!("{}: cosine {cosine}", tower.name);
        assert!(cosine >= LEAST_AGREEMENT, "{}: {cosine}", tower.name);
    }
}

#[test]
fn embeddings_agree_where_a_few_channels_are_hundreds_of_times_larger_than_the_others() {
    for tower in transformers() {
        let mut weights = Weights::of(&tower);
        weights.enlarge_channels([500.0, 1.0 / 500.0]);
        let cosine = cosine_to_f32(&mut weights, &tower);
        println!("{}: cosine {cosine}", tower.name);
        assert!(cosine >= LEAST_AGREEMENT, "{}: {cosine}", tower.name);
    }
}

#[test]
fn weights_of_the_blocks_take_a_byte_each() {
    let tower = TOWERS[0];
    let encoder = tower.load_plan(&tower.plan(Some(CHOICE)).unwrap(), Device::flex()).unwrap();
    let VitConfig { width, mlp_width, layers, .. } = tower.config();
    let integers = layers * (4 * width * width + 2 * width * mlp_width);
    assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - 3 * integers);
    assert_eq!(encoder.precision(), "8-bit weights, 16-bit activations");
}

#[test]
fn the_arithmetic_can_be_chosen_for_every_transformer_and_for_no_resnet() {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let chosen = |choices| {
            let plan = tower.plan(choices).ok()?;
            let found = plan.assumptions().iter().find(|assumption| assumption.field == "arithmetic");
            found.map(|assumption| assumption.value.clone())
        };
        let is_transformer = tower.plan(None).unwrap().config().vit().is_some();
        let expected = |value: &str| is_transformer.then(|| value.into());
        assert_eq!(chosen(None), expected("f32"), "{}", tower.name);
        assert_eq!(chosen(Some(CHOICE)), expected("i8"), "{}", tower.name);
    }
}

#[test]
fn pixels_that_are_not_finite_give_an_error_and_no_embedding() {
    let tower = TOWERS[0];
    let encoder = tower.load_plan(&tower.plan(Some(CHOICE)).unwrap(), Device::flex()).unwrap();
    let message = ready(encoder.embed(vec![f32::NAN; 3 * 32 * 32])).unwrap_err().to_string();
    assert!(message.contains("not finite"), "{message}");
}

/// A tower that eight bits change for some pictures only, by `tests/reference/encoder/make_outlier_towers.py`.
const RARE: Tower = Tower {
    name: "eight-bits",
    config: Some(include_str!("../../fixtures/eight-bits/config.json")),
    weights: include_bytes!("../../fixtures/eight-bits/model.safetensors"),
    expected: &[],
};

macro_rules! pictures {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../fixtures/eight-bits/query/", $name, ".png")).as_slice())),*]
    };
}

/// Names and files of 32 × 32 pixels.
const PICTURES: [(&str, &[u8]); 26] = pictures!("00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12"
    "13" "14" "15" "16" "17" "18" "19" "20" "21" "22" "23" "24" "25");

/// A tower in both arithmetics, and what makes its input.
struct Pair {
    exact: ImageEncoder,
    rounded: ImageEncoder,
    preprocessor: Preprocessor,
}

impl Pair {
    fn of(tower: &Tower) -> Self {
        let load = |choices| tower.load_plan(&tower.plan(choices).unwrap(), Device::flex()).unwrap();
        let preprocessor =
            Preprocessor::from_json(tower.plan(None).unwrap().preprocessor(), [32, 32]).unwrap();
        Self { exact: load(None), rounded: load(Some(CHOICE)), preprocessor }
    }

    /// The embeddings of a picture in F32 and in 8 bits.
    fn embed(&self, picture: &[u8]) -> [Vec<f32>; 2] {
        let pixels = self.preprocessor.preprocess(&decode(picture).unwrap());
        [&self.exact, &self.rounded].map(|encoder| ready(encoder.embed(pixels.clone())).unwrap())
    }

    /// What the check says of these pictures, and the lowest cosine of all, compared or not.
    fn check(&self, pictures: &[(&str, &[u8])]) -> (EightBitCheck, f32) {
        let (mut check, mut lowest) = (EightBitCheck::default(), 1.0f32);
        for (name, picture) in pictures {
            let [exact, found] = self.embed(picture);
            if check.wants(&found) {
                check.compare(name, &exact, &found);
            }
            lowest = lowest.min(exact.iter().zip(&found).map(|(a, b)| a * b).sum());
        }
        (check, lowest)
    }
}

#[test]
fn two_made_images_pass_a_tower_whose_pictures_fall_below_and_the_check_of_pictures_does_not() {
    let pair = Pair::of(&RARE);
    let images = known_images([32, 32]);
    let [trusted, found] =
        [&pair.exact, &pair.rounded].map(|encoder| ready(encoder.embed(images.clone())).unwrap());
    assert!(reid_web::encoder::agreement(&trusted, &found).unwrap() > 0.9998);
    let (check, lowest) = pair.check(&PICTURES);
    assert!(lowest < 0.975, "{lowest}");
    let sentence = check.refusal().unwrap();
    assert!(sentence.starts_with("8-bit changed some of your pictures too much (cosine 0.97"), "{sentence}");
    assert!(sentence.ends_with("all pictures are processed in F32 instead"), "{sentence}");
}

#[test]
fn an_ordinary_tower_is_accepted_and_no_picture_is_below() {
    let (check, lowest) = Pair::of(&TOWERS[0]).check(&PICTURES);
    assert_eq!(check.refusal(), None, "{:?}", check.summary());
    assert!(lowest >= LEAST_AGREEMENT, "{lowest}");
    assert!(check.compared() >= 24);
}

#[test]
fn an_arithmetic_is_changed_where_there_is_the_choice() {
    let exact = RARE.plan(Some(CHOICE)).unwrap().with_arithmetic(Arithmetic::F32);
    assert_eq!(exact.arithmetic(), Arithmetic::F32);
    assert!(exact.assumptions().iter().any(|one| one.field == "arithmetic" && one.value == "f32"));
    assert_eq!(RESNET.plan(None).unwrap().with_arithmetic(Arithmetic::I8).arithmetic(), Arithmetic::F32);
}
