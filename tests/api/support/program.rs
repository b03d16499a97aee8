//! The program, as a person starts it, and what it leaves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub const MODEL: &str = "tests/fixtures/clip/quick-gelu/model.safetensors";
pub const DATA: &str = "tests/fixtures/page/folders";
pub const IMAGES: usize = 35;

pub fn reid_web(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reid-web")).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file for this test alone.
pub fn fresh(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("reid-web-{}-{name}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

pub fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// What Python computes.
pub fn expected() -> Value {
    let text = include_str!("../../fixtures/page/expected.json");
    serde_json::from_str::<Value>(text).unwrap()["folders"].clone()
}

/// Path of one of 27 pictures, all different, as `expected` names it.
pub fn picture(number: usize) -> String {
    format!("query0/{:07}/{}.png", number / 3 + 1, number % 3 + 1)
}

/// A folder for this test alone, removed at its end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("reid-web-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, inner: &str) -> String {
        self.0.join(inner).to_str().unwrap().to_owned()
    }

    /// Puts the picture of a number there.
    pub fn add(&self, inner: impl AsRef<Path>, number: usize) {
        let place = self.0.join(inner);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(Path::new(DATA).join(picture(number)), place).unwrap();
    }

    /// Two identities with a query and a gallery image each.
    pub fn with_two_identities(name: &str) -> Self {
        let folder = Self::new(name);
        for (identity, number) in [("0001", 0), ("0002", 3)] {
            folder.add(format!("query/{identity}/q.png"), number);
            folder.add(format!("gallery/{identity}/g.png"), number + 1);
        }
        folder
    }

    /// Evaluates its query and gallery folders.
    pub fn evaluate(&self, options: &[&str]) -> Output {
        let data = self.path("");
        reid_web(&[&["evaluate", "--model", MODEL, "--data", &data], options].concat())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The counts of images in a saved evaluation: queries and gallery.
pub fn counts(report: &Value) -> (u64, u64) {
    let count = |set: &str| report["data"][set]["images"].as_u64().unwrap();
    (count("query"), count("gallery"))
}
