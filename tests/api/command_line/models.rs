//! The program with models as training leaves them: parts, checkpoints by content, processors, cameras.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const FIXTURES: &str = "tests/fixtures";

fn fixture(path: &str) -> PathBuf {
    Path::new(FIXTURES).join(path)
}

/// An empty folder for this test alone.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("reid-web-models-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// A pool of three images, the first two of which are the same picture, seen by cameras 1, 2 and 9.
fn images(test: &str) -> PathBuf {
    let path = folder(&format!("images-{test}"));
    for name in ["0001_c1s1_000001_00.png", "0001_c2s1_000001_00.png", "0002_c9s1_000001_00.png"] {
        fs::copy(fixture("page/folders/gallery0/0000001/one.png"), path.join(name)).unwrap();
    }
    path
}

fn embed(model: &Path, images: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reid-web"));
    command.args(["embed", "--model"]).arg(model).arg("--query").arg(images).arg("--gallery").arg(images);
    command.args(more).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn saved(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

/// The embedding of each image of the gallery by the end of its name.
fn embedding(saved: &Value, name: &str) -> Option<Value> {
    let mut images = saved["images"].as_array().unwrap().iter();
    let found = images.find(|image| image["path"].as_str().is_some_and(|path| path.contains(name)));
    found.map(|image| image["embedding"].clone())
}

#[test]
fn parts_of_a_model_are_read_together_and_a_missing_one_is_named() {
    let images = images("parts");
    let whole = saved(&embed(&fixture("clip/one-head/model.safetensors"), &images, &[]));
    for name in ["shards", "torch-shards"] {
        let copy = folder(name);
        for file in fs::read_dir(fixture(&format!("checkpoints/{name}"))).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
        }
        let ending = if name == "shards" { "safetensors" } else { "bin" };
        let stem = if name == "shards" { "model" } else { "pytorch_model" };
        let index = copy.join(format!("{stem}.{ending}.index.json"));
        for model in [copy.clone(), index.clone(), copy.join(format!("{stem}-00002-of-00003.{ending}"))] {
            assert_eq!(saved(&embed(&model, &images, &[]))["images"], whole["images"], "{}", model.display());
        }
        fs::remove_file(index).unwrap();
        assert_eq!(saved(&embed(&copy, &images, &[]))["images"], whole["images"]);
        fs::remove_file(copy.join(format!("{stem}-00002-of-00003.{ending}"))).unwrap();
        let refused = text(&embed(&copy, &images, &[]).stderr);
        assert!(
            refused.contains(&format!("{stem}-00002-of-00003.{ending} is missing: the model has 3 parts")),
            "{refused}"
        );
    }
}

#[test]
fn weights_are_told_by_their_content_and_trainers_files_are_none() {
    let (images, weights) = (images("content"), fixture("layouts/openai/model.pt"));
    let expected = saved(&embed(&weights, &images, &[]));
    for name in ["model.pth.tar", "model.pth.tar-60", "last.ckpt", "best.pkl"] {
        let model = folder("ending");
        fs::copy(&weights, model.join(name)).unwrap();
        for other in ["optimizer.pt", "training_args.bin", "rng_state.pth"] {
            fs::copy(&weights, model.join(other)).unwrap();
        }
        fs::write(model.join("split.pkl"), b"\x80\x04\x95 a pickle of something else").unwrap();
        fs::write(model.join("images.tar"), [0; 1024]).unwrap();
        assert_eq!(saved(&embed(&model, &images, &[]))["images"], expected["images"], "{name}");
    }
}

#[test]
fn errors_name_the_file_that_they_speak_of() {
    let images = images("named");
    let model = folder("named");
    fs::copy(fixture("clip/one-head/model.safetensors"), model.join("model.safetensors")).unwrap();
    for (file, content, says) in [
        ("config.json", "{}", "config.json: it describes no model"),
        (
            "open_clip_config.json",
            r#"{"model_cfg": {"embed_dim": 3, "vision_cfg": {"timm_model_name": "vit"}}}"#,
            "open_clip_config.json: the image tower is timm's vit",
        ),
        (
            "preprocessor_config.json",
            r#"{"size": 5, "resample": 9}"#,
            "preprocessor_config.json: \"resample\" is 9",
        ),
        (
            "processor_config.json",
            r#"{"image_processor": {"size": 5, "do_pad": true}}"#,
            "processor_config.json: \"do_pad\" is true",
        ),
        ("model.safetensors", "version https://git-lfs", "model.safetensors: this is a Git LFS pointer"),
    ] {
        let broken = folder("broken");
        for name in ["config.json", "model.safetensors"] {
            fs::copy(fixture(&format!("clip/one-head/{name}")), broken.join(name)).unwrap();
        }
        if file.starts_with("open_clip") {
            fs::remove_file(broken.join("config.json")).unwrap();
        }
        fs::write(broken.join(file), content).unwrap();
        let output = embed(&broken, &images, &[]);
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains(says), "{}", text(&output.stderr));
    }
}

#[test]
fn what_a_model_says_of_its_pixels_is_no_assumption() {
    let images = images("pixels");
    let fields = |model: PathBuf| {
        let saved = saved(&embed(&model, &images, &[]));
        let assumptions = saved["model"]["assumptions"].as_array().unwrap().clone();
        Vec::from_iter(assumptions.iter().map(|one| one["field"].as_str().unwrap().to_owned()))
    };
    let concluded = fields(one_head("pixels-concluded", &[]));
    let said = fields(one_head("pixels-said", &[("preprocessor_config.json", br#"{"size": 32}"#)]));
    assert!(["resize", "mean_std"].iter().all(|field| concluded.iter().any(|one| one == field)));
    assert_eq!(
        said,
        Vec::from_iter(concluded.into_iter().filter(|one| one != "resize" && one != "mean_std"))
    );
}

/// The files of the smallest model, some of them with other content.
fn one_head(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let model = folder(name);
    for name in ["config.json", "model.safetensors"] {
        fs::copy(fixture(&format!("clip/one-head/{name}")), model.join(name)).unwrap();
    }
    files.iter().for_each(|(name, content)| fs::write(model.join(name), content).unwrap());
    model
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let images = images("mark");
    let pixels =
        r#"{"size": {"height": 5, "width": 5}, "do_center_crop": false, "image_mean": [0.5, 0.5, 0.5]}"#;
    let nested = format!(r#"{{"image_processor": {pixels}}}"#);
    let config = fs::read_to_string(fixture("clip/one-head/config.json")).unwrap();
    let embedded = |files: &[(&str, &str)], mark: &str| {
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, format!("{mark}{text}"))).collect();
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let found = saved(&embed(&one_head("mark", &files), &images, &[]));
        (found["images"].clone(), found["model"].clone())
    };
    for files in [
        &[("config.json", &*config), ("preprocessor_config.json", pixels)][..],
        &[("config.json", &config), ("processor_config.json", &nested)],
    ] {
        assert_eq!(embedded(files, "\u{feff}"), embedded(files, ""), "{}", files[1].0);
    }

    let (openclip, shards) = (folder("mark-openclip"), folder("mark-shards"));
    let config = fs::read_to_string(fixture("layouts/openclip/config.json")).unwrap();
    fs::copy(fixture("layouts/openclip/model.safetensors"), openclip.join("model.safetensors")).unwrap();
    fs::write(openclip.join("open_clip_config.json"), format!("\u{feff}{config}")).unwrap();
    for file in fs::read_dir(fixture("checkpoints/shards")).unwrap() {
        let file = file.unwrap().path();
        let mut content = fs::read(&file).unwrap();
        if file.extension().unwrap() == "json" {
            content.splice(..0, "\u{feff}".bytes());
        }
        fs::write(shards.join(file.file_name().unwrap()), content).unwrap();
    }
    for (marked, plain) in [(openclip, "layouts/openclip/model.safetensors"), (shards, "checkpoints/shards")]
    {
        let [marked, plain] = [marked, fixture(plain)].map(|model| saved(&embed(&model, &images, &[])));
        assert_eq!(marked["images"], plain["images"]);
        assert_eq!(marked["model"]["assumptions"], plain["model"]["assumptions"]);
    }
}

#[test]
fn what_lies_beside_the_weights_and_cannot_be_read_is_an_error_and_named() {
    let images = images("unreadable");
    let utf_16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf_16 = [&[0xff, 0xfe][..], &utf_16].concat();
    for name in
        ["config.json", "preprocessor_config.json", "processor_config.json", "model.safetensors.index.json"]
    {
        let refused = |model: &Path| {
            let output = embed(model, &images, &[]);
            assert!(!output.status.success() && output.stdout.is_empty(), "{name}");
            let message = text(&output.stderr);
            assert!(message.contains(&format!("{name}: ")), "{message}");
            message
        };
        let message = refused(&one_head("unreadable", &[(name, &utf_16)]));
        assert!(message.contains("valid UTF-8"), "{message}");
        refused(&one_head("unreadable", &[(name, b"{\"image_processor\": ")]));
        let model = one_head("unreadable", &[]);
        let _ = fs::remove_file(model.join(name));
        fs::create_dir(model.join(name)).unwrap();
        refused(&model);
    }
}

#[test]
fn the_processor_of_transformers_5_is_read() {
    let images = images("processor");
    let settings =
        r#"{"size": {"height": 5, "width": 5}, "do_center_crop": false, "image_mean": [0.5, 0.5, 0.5]}"#;
    let with = |name: &str, content: &str| {
        let without: (&str, &[u8]) = ("processor_config.json", br#"{"processor_class": "CLIPProcessor"}"#);
        let model = one_head("processor", &[without, (name, content.as_bytes())]);
        saved(&embed(&model, &images, &[]))["images"].clone()
    };
    let old = with("preprocessor_config.json", settings);
    assert_eq!(with("processor_config.json", &format!(r#"{{"image_processor": {settings}}}"#)), old);
    assert_ne!(with("README.md", ""), old);
}

#[test]
fn the_camera_of_an_images_label_reaches_the_encoder() {
    let (images, model) = (images("cameras"), fixture("checkpoints/reid-overlap/model.pth"));
    let plain = saved(&embed(&model, &images, &[]));
    assert_eq!(embedding(&plain, "0001_c1"), embedding(&plain, "0001_c2"));
    let assumptions = plain["model"]["assumptions"].to_string();
    assert!(
        assumptions.contains("6 cameras (cv_embed)") && assumptions.contains("They are left out"),
        "{assumptions}"
    );

    let output = embed(&model, &images, &["--choices", r#"{"camera_embedding": "used"}"#]);
    let warned = text(&output.stderr);
    assert!(warned.contains("0002_c9s1_000001_00.png: its camera is \"9\", expected 1 to 6"), "{warned}");
    let used: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_ne!(embedding(&used, "0001_c1"), embedding(&used, "0001_c2"));
    assert_ne!(embedding(&used, "0001_c1"), embedding(&plain, "0001_c1"));
    assert_eq!(embedding(&used, "0002_c9"), None);
}
