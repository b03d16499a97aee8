//! Embeddings from files for JavaScript.

use wasm_bindgen::prelude::*;

use super::{JsError, to_js};
use crate::Error;
use crate::exchange::{ImportedSet, model_of_export, read_embeddings};

/// What a file of embeddings holds.
#[wasm_bindgen]
pub struct Import {
    set: ImportedSet,
    model: Option<serde_json::Value>,
}

/// Reads a file of embeddings: "npy" with the CSV of its labels, "mat", or "json" as the page saves it.
#[wasm_bindgen(js_name = importEmbeddings)]
pub fn import_embeddings(ending: &str, bytes: &[u8], labels: Option<Vec<u8>>) -> Result<Import, JsError> {
    let set = read_embeddings(ending, bytes, labels.as_deref()).map_err(Error::from)?;
    let model = if ending == "json" { model_of_export(bytes) } else { None };
    Ok(Import { set, model })
}

#[wasm_bindgen]
impl Import {
    /// Its images; null where neither the file nor a path says.
    #[wasm_bindgen(unchecked_return_type = "ImportedImage[]")]
    pub fn images(&self) -> Result<JsValue, JsError> {
        to_js(&self.set.images)
    }

    /// `[images, dim]` row-major, each of length 1.
    pub fn embeddings(&self) -> Vec<f32> {
        self.set.embeddings.clone()
    }

    /// Values of each embedding.
    #[wasm_bindgen(getter)]
    pub fn dim(&self) -> usize {
        self.set.dim
    }

    /// Embeddings that were scaled to length 1.
    #[wasm_bindgen(getter)]
    pub fn rescaled(&self) -> usize {
        self.set.rescaled
    }

    /// The model that made them; null if the file does not say.
    pub fn model(&self) -> Result<JsValue, JsError> {
        to_js(&self.model)
    }
}
