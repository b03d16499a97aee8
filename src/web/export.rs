//! Files of numbers for JavaScript.

use wasm_bindgen::prelude::*;

use super::JsError;
use crate::Error;
use crate::exchange::{npy_header, write_metrics, write_query_results};

/// An evaluation, as the page saves it as JSON, as a CSV of `name,value`.
#[wasm_bindgen(js_name = metricsTable)]
pub fn metrics_table(json: &str) -> Result<Vec<u8>, JsError> {
    Ok(write_metrics(&serde_json::from_str(json)?).map_err(Error::from)?)
}

/// Its queries as a CSV, a line each.
#[wasm_bindgen(js_name = queriesTable)]
pub fn queries_table(json: &str) -> Result<Vec<u8>, JsError> {
    let table = write_query_results(&serde_json::from_str(json)?).map_err(Error::from)?;
    table.ok_or_else(|| JsError::new("the evaluation has no queries"))
}

/// How a `.npy` file of `[rows, columns]` float32 begins; the numbers follow, row by row.
#[wasm_bindgen(js_name = npyHeader)]
#[must_use]
pub fn header_of_npy(rows: usize, columns: usize) -> Vec<u8> {
    npy_header(rows, columns)
}
