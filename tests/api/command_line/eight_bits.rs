//! The program compares 8-bit weights with F32 on the images that it is given, and says which it used.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

const PICTURES: &str = "tests/fixtures/eight-bits/query";
const GALLERY: &str = "tests/fixtures/page/folders/gallery0";
const RARE: &str = "tests/fixtures/eight-bits";
const ORDINARY: &str = "tests/fixtures/clip/quick-gelu/model.safetensors";

/// What `embed` writes and what it says, by a model and an arithmetic.
fn embed(model: &str, arithmetic: &str, name: &str) -> (Value, String) {
    let out = std::env::temp_dir().join(format!("reid-web-{}-{name}.json", std::process::id()));
    let choices = format!(r#"{{"arithmetic": "{arithmetic}"}}"#);
    let done = Command::new(env!("CARGO_BIN_EXE_reid-web"))
        .args(["embed", "--model", model, "--query", PICTURES, "--gallery", GALLERY, "--choices", &choices])
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    let written = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    fs::remove_file(out).unwrap();
    (written, said)
}

#[test]
fn a_tower_that_8_bits_change_too_much_computes_in_f32_and_says_so() {
    let (exact, _) = embed(RARE, "f32", "exact");
    let (found, said) = embed(RARE, "i8", "refused");
    assert!(said.contains("8-bit changed some of your pictures too much (cosine 0.9"), "{said}");
    assert!(said.contains("all pictures are processed in F32 instead"), "{said}");
    assert_eq!(found, exact, "model, precision and every embedding");
    assert_eq!(found["model"]["precision"], "F32");
}

#[test]
fn a_run_that_fell_back_to_f32_continues_in_f32() {
    let out = std::env::temp_dir().join(format!("reid-web-{}-resumed.json", std::process::id()));
    let partial = format!("{}.partial", out.display());
    let (exact, _) = embed(RARE, "f32", "resumed");
    let mut head = json!({ "journal": env!("CARGO_PKG_VERSION"), "device": "cpu", "model": exact["model"] });
    head["fellBack"] = true.into();
    let image = &exact["images"][0];
    let line = json!({ "content": image["content"], "embedding": image["embedding"] });
    fs::write(&partial, format!("{head}\n{line}\n")).unwrap();
    let (found, said) = embed(RARE, "i8", "resumed");
    assert!(
        said.contains("the interrupted run found that 8-bit weights change these embeddings too much"),
        "{said}"
    );
    assert!(said.contains("continuing after 1 image, from "), "{said}");
    assert_eq!(found, exact);
    assert!(!fs::exists(partial).unwrap());
}

#[test]
fn a_tower_that_8_bits_hardly_change_keeps_them_and_says_how_many_pictures_were_compared() {
    let (found, said) = embed(ORDINARY, "i8", "accepted");
    assert!(said.contains("pictures were compared with F32: the lowest cosine is 0.999"), "{said}");
    let model = &found["model"];
    assert_eq!(model["precision"], "8-bit weights, 16-bit activations");
    assert!(model["eightBitCheck"]["compared"].as_u64().unwrap() >= 24);
    assert!(model["eightBitCheck"]["lowestCosine"].as_f64().unwrap() >= 0.999);
}
