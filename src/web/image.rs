//! Decoding and preprocessing for JavaScript.

use wasm_bindgen::prelude::*;

use super::JsError;
use crate::image::{self, Preprocessor, RgbImage};

/// An upright RGB image.
#[wasm_bindgen(js_name = DecodedImage)]
pub struct JsImage(pub(super) RgbImage);

#[wasm_bindgen(js_class = DecodedImage)]
impl JsImage {
    /// Decodes the bytes of a PNG, JPEG, WebP, GIF, BMP, TIFF or PNM file.
    ///
    /// The error for another format that has a name says that the browser cannot read it: let it try before.
    #[wasm_bindgen(js_name = decode)]
    pub fn decode(bytes: &[u8]) -> Result<JsImage, JsError> {
        Ok(Self(image::decode(bytes)?))
    }

    /// Whether `decode` knows the format that these bytes begin with.
    #[wasm_bindgen(js_name = knows)]
    pub fn knows(bytes: &[u8]) -> bool {
        image::is_known_format(bytes)
    }

    /// Takes the pixels of an `ImageData`; alpha is dropped.
    #[wasm_bindgen(js_name = fromRgba)]
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<JsImage, JsError> {
        Ok(Self(RgbImage::from_rgba(width, height, rgba)?))
    }

    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.0.width
    }

    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.0.height
    }

    /// A copy that fits into a square of `side` pixels.
    #[wasm_bindgen(js_name = thumbnail)]
    pub fn thumbnail(&self, side: u32) -> JsImage {
        Self(image::thumbnail(&self.0, side))
    }

    /// Pixels for an `ImageData`, opaque.
    #[wasm_bindgen(js_name = rgba)]
    pub fn rgba(&self) -> Vec<u8> {
        let pixels: Vec<_> = self.0.pixels.as_chunks().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect();
        pixels.into_flattened()
    }
}

/// What turns an image into the encoder's input.
#[wasm_bindgen(js_name = Preprocessor)]
pub struct JsPreprocessor(Preprocessor);

#[wasm_bindgen(js_class = Preprocessor)]
impl JsPreprocessor {
    /// - `json`: text of a `preprocessor_config.json` or an `open_clip_config.json`
    /// - `trained`: height and width that the settings are for, in pixels
    /// - `size`: those of the encoder's input
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, trained: &[u32], size: &[u32]) -> Result<JsPreprocessor, JsError> {
        let pair =
            |sides: &[u32]| <[u32; 2]>::try_from(sides).map_err(|_| JsError::new("two sides are wanted"));
        Ok(Self(Preprocessor::from_json(json, pair(trained)?)?.for_size(pair(size)?)))
    }

    /// The encoder's input, `[3, H, W]`.
    #[wasm_bindgen(js_name = pixels)]
    pub fn pixels(&self, image: &JsImage) -> Vec<f32> {
        self.0.preprocess(&image.0)
    }

    /// In words.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> String {
        self.0.description()
    }
}
