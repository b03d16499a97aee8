//! Whether a device and an arithmetic compute correctly, for JavaScript.

use wasm_bindgen::prelude::*;

use crate::encoder::{self, EightBitCheck};
use crate::web::JsError;

/// Whether 8-bit weights are accurate enough for a person's images.
#[wasm_bindgen(js_name = EightBitCheck)]
#[derive(Default)]
pub struct JsEightBitCheck(EightBitCheck);

#[wasm_bindgen(js_class = EightBitCheck)]
impl JsEightBitCheck {
    /// Nothing is compared yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> JsEightBitCheck {
        Self::default()
    }

    /// Whether an image has to be compared, by its embedding in 8 bits, `[D]`; to be asked once for each image.
    pub fn wants(&mut self, found: &[f32]) -> bool {
        self.0.wants(found)
    }

    /// Takes the embeddings of an image in F32 and in 8 bits.
    pub fn compare(&mut self, name: &str, exact: &[f32], found: &[f32]) {
        self.0.compare(name, exact, found);
    }

    /// Why 8 bits are not accurate enough; `undefined` as long as they are.
    pub fn refusal(&self) -> Option<String> {
        self.0.refusal()
    }

    /// What was found so far; `undefined` before the first comparison.
    pub fn summary(&self) -> Option<String> {
        self.0.summary()
    }
}

/// Two images for the self-check, `[2, 3, H, W]`.
#[wasm_bindgen(js_name = knownImages)]
pub fn known_images(height: usize, width: usize) -> Vec<f32> {
    encoder::known_images([height, width])
}

/// The lower of the known images' two cosines, each between the embeddings from the CPU and from another device.
#[wasm_bindgen(js_name = agreement)]
pub fn agreement(trusted: &[f32], found: &[f32]) -> Result<f32, JsError> {
    Ok(encoder::agreement(trusted, found)?)
}
