//! Configurations of image towers: every one of OpenCLIP's, against the tower that it builds of it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use reid_web::Error;
use reid_web::encoder::{ConfigFile, TowerPlan};
use serde_json::{Value, json};

use crate::encoder::towers::{OPENCLIP, TOWERS};

/// Made by `tests/reference/encoder/make_config_fixtures.py`.
fn published() -> Vec<Value> {
    serde_json::from_str(include_str!("../../fixtures/configs/open_clip.json")).unwrap()
}

#[test]
fn every_configuration_of_open_clip_is_read_or_refused_by_its_key() {
    let entries = published();
    for entry in &entries {
        let names = &entry["names"];
        // The bare configuration, and as it lies on the hub.
        for config in [entry["config"].clone(), json!({"model_cfg": entry["config"]})] {
            let found = ConfigFile::from(config.to_string().as_str()).read();
            match (entry["parameters"].as_u64(), entry["refused"].as_str(), found) {
                (Some(parameters), _, Ok(found)) => {
                    assert_eq!(found.parameters() as u64, parameters, "{names}");
                }
                (_, Some("timm_model_name"), Err(error)) => {
                    let name = entry["config"]["vision_cfg"]["timm_model_name"].as_str().unwrap();
                    assert!(error.to_string().contains(&format!("is timm's {name},")), "{names}: {error}");
                }
                (_, Some(key), Err(error)) => assert!(error.to_string().contains(key), "{names}: {error}"),
                (parameters, refused, found) => panic!("{names}: {parameters:?} {refused:?} {found:?}"),
            }
        }
    }
    let resnets = entries.iter().filter(|entry| entry["config"]["vision_cfg"]["layers"].is_array());
    assert_eq!(resnets.filter(|entry| entry["parameters"].is_u64()).count(), 10);
}

/// What is said of a tower of OpenCLIP's with one key more in its `vision_cfg`.
fn with_key(key: &str, value: Value) -> Result<TowerPlan, Error> {
    let mut config: Value = serde_json::from_str(OPENCLIP.config.unwrap()).unwrap();
    config["model_cfg"]["vision_cfg"][key] = value;
    let text = config.to_string();
    let file = ConfigFile { name: "open_clip_config.json", text: &text };
    TowerPlan::new(&OPENCLIP.header().unwrap(), Some(file), None)
}

#[test]
fn a_key_that_makes_another_network_is_refused_by_file_name_and_value() {
    for (key, value, says) in [
        (
            "pool_type",
            json!("none"),
            "pool_type is \"none\", which is not supported, expected \"tok\" or \"avg\"",
        ),
        ("attentional_pool", json!(true), "attentional_pool is true, which is not supported, expected false"),
        ("attentional_pool", json!("parallel"), "attentional_pool is \"parallel\""),
        ("ls_init_value", json!(1e-4), "ls_init_value is 0.0001"),
        ("act_kwargs", json!({"approximate": "tanh"}), "act_kwargs is {\"approximate\":\"tanh\"}"),
        ("norm_kwargs", json!({"elementwise_affine": false}), "norm_kwargs has elementwise_affine = false"),
        ("norm_kwargs", json!({"eps": "small"}), "norm_kwargs.eps is \"small\""),
        ("pos_embed_type", json!("sin_cos_2d"), "pos_embed_type is \"sin_cos_2d\""),
        ("block_type", json!("custom"), "block_type is \"custom\""),
        ("qk_norm", json!(true), "qk_norm is true"),
        ("scaled_cosine_attn", json!(true), "scaled_cosine_attn is true"),
        ("scale_heads", json!(true), "scale_heads is true"),
        ("scale_attn", json!(true), "scale_attn is true"),
        ("scale_attn_inner", json!(true), "scale_attn_inner is true"),
        ("scale_fc", json!(true), "scale_fc is true"),
        ("input_patchnorm", json!(true), "input_patchnorm is true"),
        ("in_chans", json!(1), "in_chans is 1, which is not supported, expected 3"),
        ("timm_model_name", json!("vit_base"), "timm's vit_base"),
        ("registers", json!(4), "registers is 4, but a vision_cfg with such a key is not known"),
    ] {
        let message = with_key(key, value).unwrap_err().to_string();
        assert!(message.starts_with("open_clip_config.json: "), "{message}");
        assert!(message.contains(says), "{key}: {message}");
    }
}

#[test]
fn a_key_that_changes_nothing_is_passed_over() {
    let plain = with_key("layers", json!(2)).unwrap();
    for (key, value) in [
        ("pool_type", json!("tok")),
        ("final_ln_after_pool", json!(true)),
        ("attentional_pool", json!(false)),
        ("ls_init_value", json!(null)),
        ("act_kwargs", json!(null)),
        ("norm_kwargs", json!({"eps": 1e-5})),
        ("norm_kwargs", json!(null)),
        ("patch_dropout", json!(0.5)),
        ("output_tokens", json!(true)),
        ("attn_pooler_heads", json!(8)),
        ("timm_model_name", json!(null)),
        ("timm_pool", json!("avg")),
        ("global_average_pool", json!(false)),
    ] {
        assert_eq!(with_key(key, value).unwrap().config(), plain.config(), "{key}");
    }
}

#[test]
fn a_text_that_is_no_configuration_is_named() {
    for (name, text, says) in [
        ("config.json", "{}", "config.json: it describes no model: it is empty"),
        ("config.json", r#"{"lr": 0.1}"#, "config.json: it describes no model: its keys are lr"),
        ("open_clip_config.json", "<html>", "open_clip_config.json: it is not valid JSON"),
        (
            "open_clip_config.json",
            r#"{"model_cfg": {"audio_cfg": {}, "embed_dim": 512}}"#,
            "it has no vision_cfg",
        ),
    ] {
        let file = ConfigFile { name, text };
        let message = TowerPlan::new(&TOWERS[0].header().unwrap(), Some(file), None).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
}
