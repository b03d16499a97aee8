//! Encoders that compute with integers on the CPU, against the same weights with F32.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::clip::{LEAST_AGREEMENT, VisionConfig};

use crate::clip::ready;
use crate::tower_weights::{Stored, Weights};
use crate::towers::{LAYOUTS, TOWERS, Tower, largest_difference};

const CHOICE: &str = r#"{"arithmetic": "i8"}"#;

fn transformers() -> impl Iterator<Item = Tower> {
    let is_transformer = |tower: &Tower| tower.plan(None).unwrap().config().transformer().is_some();
    TOWERS.into_iter().chain(LAYOUTS).filter(is_transformer)
}

/// The lowest cosine between the embeddings of both arithmetics.
fn agreement(weights: &mut Weights, tower: &Tower) -> f32 {
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
        let cosine = agreement(&mut Weights::of(&tower), &tower);
        println!("{}: cosine {cosine}", tower.name);
        assert!(cosine >= LEAST_AGREEMENT, "{}: {cosine}", tower.name);
    }
}

#[test]
fn embeddings_agree_where_a_few_channels_are_hundreds_of_times_larger_than_the_others() {
    for tower in transformers() {
        let mut weights = Weights::of(&tower);
        weights.enlarge_channels([500.0, 1.0 / 500.0]);
        let cosine = agreement(&mut weights, &tower);
        println!("{}: cosine {cosine}", tower.name);
        assert!(cosine >= LEAST_AGREEMENT, "{}: {cosine}", tower.name);
    }
}

#[test]
fn weights_of_the_blocks_take_a_byte_each() {
    let tower = TOWERS[0];
    let encoder = tower.load_plan(&tower.plan(Some(CHOICE)).unwrap(), Device::flex()).unwrap();
    let VisionConfig { width, mlp_width, layers, .. } = tower.config();
    let integers = layers * (4 * width * width + 2 * width * mlp_width);
    assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - 3 * integers);
    assert_eq!(encoder.precision(), "8-bit weights, 16-bit activations");
}

#[test]
fn the_arithmetic_can_be_chosen_for_every_transformer_and_for_no_resnet() {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let chosen = |choices| {
            let plan = tower.plan(choices).unwrap();
            let found = plan.assumptions().iter().find(|assumption| assumption.field == "arithmetic");
            found.map(|assumption| assumption.value.clone())
        };
        let is_transformer = tower.plan(None).unwrap().config().transformer().is_some();
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
