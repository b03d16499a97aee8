use std::error::Error as StdError;

use wasm_bindgen::prelude::*;

use crate::Error;

/// A JavaScript `Error` with the message of an error and the name of its kind ([`Error::name`]): callers tell kinds apart
/// by the name. In this module it takes the place of wasm-bindgen's type, whose errors are all named "Error".
#[derive(Debug)]
pub(super) struct JsError(js_sys::Error);

impl JsError {
    pub(super) fn new(message: &str) -> Self {
        Self(js_sys::Error::new(message))
    }
}

impl<E: StdError + 'static> From<E> for JsError {
    fn from(error: E) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        let error: &(dyn StdError + 'static) = &error;
        if let Some(error) = error.downcast_ref::<Error>() {
            js.set_name(error.name());
        }
        Self(js)
    }
}

impl From<JsError> for JsValue {
    fn from(error: JsError) -> Self {
        error.0.into()
    }
}
