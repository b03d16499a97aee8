//! The program: what is chosen about a model and what is assumed about it.

use std::fs;

use serde_json::Value;

use crate::support::program::{DATA, Folder, MODEL, reid_web, text};

const BARE: &str = "tests/fixtures/layouts/openai/model.pt";

/// The weights of the smallest model with a configuration, and other files beside them.
fn model(name: &str, files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(name);
    for file in ["config.json", "model.safetensors"] {
        fs::copy(format!("tests/fixtures/clip/quick-gelu/{file}"), folder.path(file)).unwrap();
    }
    files.iter().for_each(|(file, content)| fs::write(folder.path(file), content).unwrap());
    folder
}

fn embed(model: &str, choices: &[&str]) -> (bool, Value, String) {
    let done = reid_web(&[&["embed", "--model", model, "--data", DATA], choices].concat());
    let saved = serde_json::from_slice(&done.stdout).unwrap_or_default();
    (done.status.success(), saved, text(&done.stderr))
}

#[test]
fn a_choice_that_is_not_followed_is_refused_with_the_file() {
    let pixels = ("preprocessor_config.json", r#"{"size": 32}"#);
    for (files, choices, message) in [
        (&[][..], r#"{"heads": 2}"#, "heads = 2 was chosen, but "),
        (&[], r#"{"heads": 2}"#, "config.json says 4"),
        (&[pixels], r#"{"mean_std": "half"}"#, "mean_std = half was chosen, but "),
        (&[pixels], r#"{"resize": "squash"}"#, "preprocessor_config.json says what to do with the pixels"),
        (&[], r#"{"hands": 2}"#, "unknown field `hands`"),
    ] {
        let folder = model("refused-choice", files);
        let (is_done, saved, said) = embed(&folder.path("model.safetensors"), &["--choices", choices]);
        assert!(!is_done && saved.is_null() && said.contains(message), "{choices}: {said}");
    }
    let arguments = ["--choices", r#"{"arithmetic": "i8"}"#, "--device", "webgpu"];
    let (is_done, _, said) = embed(MODEL, &arguments);
    let is_offered = cfg!(target_arch = "x86_64");
    assert!(
        !is_done && said.contains("arithmetic = i8 was chosen, but --device webgpu") == is_offered,
        "{said}"
    );
}

#[test]
fn what_is_assumed_is_said_and_what_is_chosen_is_not() {
    let start = format!("reid-web: {BARE}: assumed, because no file says so: ");
    let (_, saved, said) = embed(BARE, &[]);
    let expected =
        "activation = quick_gelu, heads = 1, resize = shortest, mean_std = clip; --choices corrects it\n";
    assert_eq!(said, format!("{start}{expected}"));
    let preprocessing = "shortest side to 48 (bicubic), centre crop 48 × 48, CLIP's mean and std";
    assert_eq!(saved["model"]["preprocessing"], preprocessing);

    let chosen = r#"{"activation": "gelu", "heads": 2, "resize": "squash", "mean_std": "imagenet"}"#;
    let (_, saved, said) = embed(BARE, &["--choices", chosen]);
    assert_eq!(said, "");
    assert_eq!(saved["model"]["preprocessing"], "stretched to 48 × 48 (bicubic), ImageNet's mean and std");
}

#[test]
fn what_a_file_says_of_pixel_values_is_in_the_words() {
    for (settings, words) in [
        (r#"{"size": 32, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}"#, "mean 0.5, std 0.5"),
        (r#"{"size": 32, "do_normalize": false}"#, "not normalised"),
        (r#"{"size": 32, "do_rescale": false}"#, "values 0 to 255, CLIP's mean and std"),
    ] {
        let folder = model("pixel-words", &[("preprocessor_config.json", settings)]);
        let (is_done, saved, said) = embed(&folder.path("model.safetensors"), &[]);
        assert!(is_done && said.is_empty(), "{said}");
        let found = saved["model"]["preprocessing"].as_str().unwrap();
        assert!(found.ends_with(&format!("centre crop 32 × 32, {words}")), "{found}");
    }
}
