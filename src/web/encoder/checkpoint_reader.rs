//! Reading what a weight file holds, for JavaScript.

use std::ops::Range;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::Result;
use crate::web::{JsError, to_js};
use crate::weights::{Header, HeaderReader};

/// Finds out what a weight file holds: asks for bytes, takes them, and is done when it asks for no more.
///
/// Several files that are parts of one model are read one after another, as if they were one file.
#[wasm_bindgen(js_name = CheckpointReader)]
pub struct JsCheckpointReader {
    reader: HeaderReader,
    /// What the earlier parts hold, and their bytes.
    parts: Vec<(Header, u64)>,
    file: String,
    file_bytes: u64,
}

#[wasm_bindgen(js_class = CheckpointReader)]
impl JsCheckpointReader {
    /// Starts on a file.
    ///
    /// - `file`: its name, for messages
    #[wasm_bindgen(constructor)]
    pub fn new(file: String, file_bytes: f64) -> Self {
        let file_bytes = file_bytes as u64;
        Self { reader: HeaderReader::new(file_bytes), parts: Vec::new(), file, file_bytes }
    }

    /// Continues with the next part of the model; the one before is done.
    #[wasm_bindgen(js_name = nextPart)]
    pub fn next_part(&mut self, file: String, file_bytes: f64) -> Result<(), JsError> {
        let Self { mut parts, file, file_bytes, reader } =
            std::mem::replace(self, Self::new(file, file_bytes));
        parts.push((reader.finish().map_err(|error| error.in_file(&file))?, file_bytes));
        self.parts = parts;
        Ok(())
    }

    /// The bytes that are wanted next; `undefined` when it is done.
    #[wasm_bindgen(unchecked_return_type = "Span | undefined")]
    pub fn next(&self) -> Result<JsValue, JsError> {
        self.reader.next().map_or(Ok(JsValue::UNDEFINED), |Range { start, end }| to_js(&Span { start, end }))
    }

    /// Hands in those bytes.
    pub fn give(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        Ok(self.reader.give(bytes).map_err(|error| error.in_file(&self.file))?)
    }
}

impl JsCheckpointReader {
    /// The name of the last part.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// What all parts hold.
    pub(super) fn header(self) -> Result<Header> {
        let Self { mut parts, file, file_bytes, reader } = self;
        parts.push((reader.finish().map_err(|error| error.in_file(&file))?, file_bytes));
        Header::joined(parts)
    }
}

/// Bytes of a file.
#[derive(Serialize)]
pub(super) struct Span {
    pub start: u64,
    pub end: u64,
}
