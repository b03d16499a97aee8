//! Which format the bytes of a file are in.

use image::ImageFormat;

use crate::{Error, Result};

/// What [`decode()`](super::decode()) reads, with the name for messages.
const FORMATS: [(ImageFormat, &str); 7] = [
    (ImageFormat::Png, "PNG"),
    (ImageFormat::Jpeg, "JPEG"),
    (ImageFormat::WebP, "WebP"),
    (ImageFormat::Gif, "GIF"),
    (ImageFormat::Bmp, "BMP"),
    (ImageFormat::Tiff, "TIFF"),
    (ImageFormat::Pnm, "PNM"),
];

/// Whether [`decode()`](super::decode()) knows the format that these bytes begin with.
///
/// The first 16 bytes of the file are enough.
///
/// ```
/// # use reid_web::image::is_known_format;
/// assert!(is_known_format(b"\xff\xd8\xff\xe0"));
/// assert!(!is_known_format(b"%PDF-1.7"));
/// ```
pub fn is_known_format(bytes: &[u8]) -> bool {
    sniff(bytes).is_ok()
}

/// The format and its name, from the content only; an error says what was found.
pub(super) fn sniff(bytes: &[u8]) -> Result<(ImageFormat, &'static str)> {
    let guess = image::guess_format(bytes).ok();
    FORMATS
        .into_iter()
        .find(|(format, _)| Some(*format) == guess)
        .ok_or_else(|| Error::UnknownImageFormat(beginning(bytes)))
}

/// The beginning of a file in words.
fn beginning(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(16)];
    if start.is_empty() {
        return "the file is empty".to_owned();
    }
    if start.iter().all(|&byte| byte == 0) {
        return "it begins with zeros".to_owned();
    }
    if let Some(brand) = start.get(8..12).filter(|_| start[4..].starts_with(b"ftyp")) {
        return format!("it begins as a file of type {:?}", String::from_utf8_lossy(brand));
    }
    match std::str::from_utf8(start) {
        Ok(text) if text.chars().all(|c| !c.is_control() || c.is_whitespace()) => {
            format!("it begins with the text {text:?}")
        }
        _ => format!("it begins with the bytes {:02x?}", &start[..start.len().min(4)]),
    }
}
