//! Which format the bytes of a file are in.

use crate::image::formats::foreign;
use crate::{Error, Result};

/// What [`decode()`](crate::image::decode()) reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
    Tiff,
    Pnm,
}

impl Format {
    /// The name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Pnm => "PNM",
        }
    }
}

/// Whether [`decode()`](crate::image::decode()) knows the format that these bytes begin with.
///
/// The first 16 bytes of the file are enough.
///
/// ```
/// # use reid_web::image::is_known_format;
/// assert!(is_known_format(b"\xff\xd8\xff\xe0"));
/// assert!(!is_known_format(b"%PDF-1.7"));
/// ```
pub fn is_known_format(bytes: &[u8]) -> bool {
    known(bytes).is_some()
}

/// The format, from the content only; an error says what was found.
pub(in crate::image) fn sniff(bytes: &[u8]) -> Result<Format> {
    known(bytes).ok_or_else(|| match foreign::name(bytes) {
        Some(foreign) => Error::ForeignImageFormat { what: foreign.what, advice: foreign.advice },
        None => Error::UnknownImageFormat(beginning(bytes)),
    })
}

fn known(bytes: &[u8]) -> Option<Format> {
    match bytes {
        // Camera RAW files that are TIFF but for these letters.
        [b'I', b'I', b'*', 0, _, _, _, _, b'C', b'R', ..] => None,
        [b'I', b'I', b'*' | b'+', 0, ..] | [b'M', b'M', 0, b'*' | b'+', ..] => Some(Format::Tiff),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Format::Png),
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
        [b'B', b'M', ..] => Some(Format::Bmp),
        [b'P', b'1'..=b'7', b'#' | b'\t' | b'\n' | b'\r' | b' ', ..] => Some(Format::Pnm),
        _ => None,
    }
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
