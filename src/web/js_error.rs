use std::error::Error as StdError;

use wasm_bindgen::prelude::*;

use crate::Error;

/// A JavaScript `Error` with the message of an error and the name of its kind ([`Error::name`]): callers tell kinds
/// apart by the name. In this module it takes the place of wasm-bindgen's type, whose errors are all named "Error".
#[derive(Debug)]
pub struct JsError(js_sys::Error);

impl JsError {
    pub fn new(message: &str) -> Self {
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn js(error: Error) -> js_sys::Error {
        JsValue::from(JsError::from(error)).unchecked_into()
    }

    #[test]
    fn the_name_tells_the_kind_whatever_the_message_says() {
        let failed = js(Error::Device("out of memory".into()));
        assert_eq!(failed.name(), "DeviceError");
        assert_eq!(failed.message(), Error::Device("out of memory".into()).to_string());
        assert_eq!(js(Error::SelfCheck("the device failed".into())).name(), "Error");
        assert_eq!(js(Error::ZeroEmbedding).name(), "Error");
    }
}
