//! The boundary to JavaScript: the only place with `#[wasm_bindgen]`.
//!
//! Errors become a JavaScript `Error` with the message of [`crate::Error`], and its kind as their name.

// wasm-bindgen's generated code is outside our lints.
#![allow(missing_docs, reason = "these items are documented for JavaScript, not exported to Rust")]
#![allow(clippy::needless_pass_by_value, reason = "JavaScript hands its values over")]

#[cfg(feature = "encoder")]
mod encoder;
mod export;
mod ids;
mod image;
mod import;
mod js_error;
mod labels;
mod matching;
mod protocols;
mod sha256;
mod study;

use js_error::JsError;
use wasm_bindgen::prelude::*;

/// Panics end the instance; the message reaches the console before the trap.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
    }));
}

/// The types of the objects that are handed over.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// Takes an object of JavaScript's.
fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(JsError::from)
}

/// Hands a value of plain data over as a JavaScript object.
fn to_js<T: serde::Serialize>(value: &T) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsError::from)
}
