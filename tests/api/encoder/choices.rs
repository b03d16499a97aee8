//! Choices about a model are followed or refused: none is recorded that was not used.

use reid_web::encoder::{ConfigFile, TowerPlan};

use crate::encoder::towers::{HANDID, OPENAI, OPENCLIP, RECTANGLE, RESNET, RESNET_REID, TOWERS, Tower};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn refused(tower: Tower, choices: &str) -> String {
    let plan = tower.plan(Some(choices));
    plan.map(|plan| format!("{:?}", plan.assumptions())).unwrap_err().to_string()
}

#[test]
fn what_a_configuration_says_otherwise_is_refused_by_name() {
    for (choices, message) in [
        (r#"{"heads": 2}"#, "heads = 2 was chosen, but config.json says 4"),
        (r#"{"heads": "2"}"#, "heads = 2 was chosen, but config.json says 4"),
        (r#"{"activation": "gelu"}"#, "activation = gelu was chosen, but config.json says quick_gelu"),
        (r#"{"stride": 6}"#, "stride = 6 was chosen, but config.json says 8"),
        (r#"{"last_stage": "keeps"}"#, "last_stage = keeps was chosen, but a Vision Transformer has none"),
        (
            r#"{"camera_coefficient": 3}"#,
            "camera_coefficient = 3 was chosen, but camera_embedding is not used",
        ),
    ] {
        assert_eq!(refused(TOWERS[0], choices), message);
    }
    let said =
        r#"{"heads": 4, "activation": "quick_gelu", "stride": 8, "arithmetic": "f32", "feature": null}"#;
    assert_eq!(
        TOWERS[0].plan(Some(said)).unwrap().config(),
        TOWERS[0].plan(None).unwrap().config(),
        "what it says as well"
    );
    let file = ConfigFile { name: "open_clip_config.json", text: OPENCLIP.config.unwrap() };
    let plan = TowerPlan::new(&OPENCLIP.header().unwrap(), Some(file), Some(r#"{"mean_std": "half"}"#));
    assert_eq!(
        plan.unwrap_err().to_string(),
        "mean_std = half was chosen, but open_clip_config.json says what to do with the pixels"
    );
}

#[test]
fn what_a_network_does_not_have_is_refused() {
    for (tower, choices, message) in [
        (RESNET_REID, r#"{"activation": "gelu"}"#, "activation = gelu was chosen, but a ResNet has none"),
        (RESNET_REID, r#"{"stride": 12}"#, "stride = 12 was chosen, but a ResNet has none"),
        (RESNET_REID, r#"{"feature": "pooled"}"#, "feature = pooled was chosen, but a ResNet has none"),
        (RESNET, r#"{"last_stage": "keeps"}"#, "last_stage = keeps was chosen, but config.json says halves"),
        (
            OPENAI,
            r#"{"last_stage": "halves"}"#,
            "last_stage = halves was chosen, but a Vision Transformer has none",
        ),
        (
            OPENAI,
            r#"{"camera_coefficient": 1}"#,
            "camera_coefficient = 1 was chosen, but camera_embedding is not used",
        ),
    ] {
        assert_eq!(refused(tower, choices), message);
    }
    if cfg!(any(target_arch = "wasm32", target_arch = "x86_64")) {
        let message = refused(RESNET_REID, r#"{"arithmetic": "i8"}"#);
        assert_eq!(message, "arithmetic = i8 was chosen, but a ResNet has none");
    }
}

/// Each field that weights without a configuration leave open can be chosen, and is then what the plan has.
#[test]
fn every_choice_that_is_open_is_followed() {
    for tower in [OPENAI, RESNET_REID, HANDID, RECTANGLE] {
        let plan = tower.plan(None).unwrap();
        for assumption in plan.assumptions() {
            for choice in &assumption.choices {
                let choices = format!("{{\"{}\": \"{choice}\"}}", assumption.field);
                // Heads must divide the width.
                let Ok(chosen) = tower.plan(Some(&choices)) else {
                    assert_eq!(assumption.field, "heads", "{choices}");
                    continue;
                };
                let found = chosen.assumptions().iter().find(|one| one.field == assumption.field);
                assert_eq!(found.map(|one| &one.value), Some(choice), "{}: {choices}", tower.name);
            }
        }
    }
}

#[test]
fn a_feature_is_open_beside_a_configuration() {
    for (feature, features) in [("concatenated", 64 + 48), ("pooled", 64), ("projection", 48)] {
        let plan = TOWERS[0].plan(Some(&format!("{{\"feature\": \"{feature}\"}}"))).unwrap();
        assert_eq!(plan.config().embed_dim(), features);
        let found = plan.assumptions().iter().find(|one| one.field == "feature").unwrap();
        assert_eq!(found.value, feature);
    }
    assert!(TOWERS[0].plan(None).unwrap().assumptions().iter().all(|one| one.field != "feature"));
}

#[test]
fn a_file_about_the_pixels_leaves_nothing_to_choose() {
    let with_pixels = |choices| OPENAI.plan(choices).unwrap().with_own_pixels("preprocessor_config.json");
    let fields: Vec<_> =
        with_pixels(None).unwrap().assumptions().iter().map(|assumption| assumption.field).collect();
    assert_eq!(fields, ["activation", "heads", "image_size", "arithmetic", "augmentation"]);
    for (choices, field) in
        [(r#"{"mean_std": "clip"}"#, "mean_std = clip"), (r#"{"resize": "squash"}"#, "resize = squash")]
    {
        let message = with_pixels(Some(choices)).unwrap_err().to_string();
        let expected =
            format!("{field} was chosen, but preprocessor_config.json says what to do with the pixels");
        assert_eq!(message, expected);
    }
    assert!(with_pixels(Some(r#"{"heads": 2}"#)).is_ok());
}
