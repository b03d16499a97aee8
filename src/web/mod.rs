//! The boundary to JavaScript: the only place with `#[wasm_bindgen]`.
//!
//! Errors become a JavaScript `Error` with the message of [`crate::Error`], and its kind as their name.

// wasm-bindgen's generated code is outside our lints.
#![allow(missing_docs, reason = "these items are documented for JavaScript, not exported to Rust")]
#![allow(clippy::needless_pass_by_value, reason = "JavaScript hands its values over")]

#[cfg(feature = "encoder")]
mod checkpoint_reader;
#[cfg(feature = "encoder")]
mod checks;
#[cfg(feature = "encoder")]
mod encoder;
mod export;
mod image;
mod import;
mod js_error;
mod matching;
#[cfg(feature = "encoder")]
mod peak;
mod protocols;
mod sha256;

use js_error::JsError;
use wasm_bindgen::prelude::*;

/// Panics end the instance; the message reaches the console before the trap.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
    }));
}

/// Hands a value of plain data over as a JavaScript object.
fn to_js<T: serde::Serialize>(value: &T) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsError::from)
}
