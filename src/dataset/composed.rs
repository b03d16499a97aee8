/// Unicode's composed form (NFC), as most systems write a name.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn composed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect()
}

/// The same by the browser, which has Unicode's tables already: they need not be in the package.
#[cfg(target_arch = "wasm32")]
pub(crate) fn composed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    js_sys::JsString::from(text).normalize("NFC").into()
}
