//! SHA-256 of a file that arrives in pieces, for JavaScript.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;

/// A SHA-256 under way.
#[wasm_bindgen(js_name = Sha256)]
#[derive(Default)]
pub struct JsSha256(Sha256);

#[wasm_bindgen(js_class = Sha256)]
impl JsSha256 {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest, 64 lower-case hexadecimal digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
