//! Embeddings as files, and checks of the data set, for JavaScript.

use wasm_bindgen::prelude::*;

use super::matching::{Matcher, Pool};
use super::{JsError, from_js, to_js};
use crate::Error;
use crate::doctor::{CheckedImage, examine};
use crate::exchange::{ImportedImage, npy_header, write_labels, write_mat, write_npy};

/// How a `.npy` file of `[rows, columns]` float32 begins; the numbers follow, row by row.
#[wasm_bindgen(js_name = npyHeader)]
#[must_use]
pub fn header_of_npy(rows: usize, columns: usize) -> Vec<u8> {
    npy_header(rows, columns)
}

#[wasm_bindgen]
impl Matcher {
    /// A file of all embeddings: "npy" with its "labels" as CSV, or "mat".
    ///
    /// - `images`: `[{path, set, identity, camera}]` of the queries that are not in the gallery, then of the gallery, in
    ///   the order of their ids
    #[wasm_bindgen(js_name = embeddingsFile)]
    pub fn embeddings_file(&self, format: &str, images: JsValue) -> Result<Vec<u8>, JsError> {
        let images: Vec<ImportedImage> = from_js(images)?;
        let pool = Pool::of(&self.matching);
        let rows = pool.rows()?;
        match format {
            "npy" => Ok(write_npy(rows)),
            "labels" => Ok(write_labels(&images).map_err(Error::from)?),
            "mat" => Ok(write_mat(&images, rows).map_err(Error::from)?),
            _ => Err(JsError::new(&format!("{format} is no format of embeddings; npy, labels and mat are"))),
        }
    }

    /// Checks the data set; groups of indices into `images`.
    ///
    /// - `images`: `[{set, identity, camera, content}]` of the queries that are not in the gallery, then of the gallery,
    ///   in the order of their ids, then those without an embedding
    #[wasm_bindgen(unchecked_return_type = "Finding[]")]
    pub fn examine(&self, images: JsValue) -> Result<JsValue, JsError> {
        let images: Vec<CheckedImage> = from_js(images)?;
        to_js(&examine(&images, Some(Pool::of(&self.matching).rows()?))?)
    }
}
