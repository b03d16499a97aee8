//! Files that are no pictures for [`decode()`](crate::image::decode()), by name.

/// What a file is, and what its owner can do.
#[derive(Clone, Copy)]
pub(in crate::image) struct Foreign {
    /// With its article.
    pub what: &'static str,
    pub advice: &'static str,
}

const SAVE: &str = "save it as JPEG or PNG";
const DEVELOP: &str = "export it as JPEG, or save it as PNG";
const FRAMES: &str = "save its frames as JPEG or PNG";
const UNPACK: &str = "unpack it first";
const FETCH: &str = "fetch the picture itself";

const fn foreign(what: &'static str, advice: &'static str) -> Option<Foreign> {
    Some(Foreign { what, advice })
}

/// Camera RAW, told from a TIFF by its directory.
pub(in crate::image) const RAW: Foreign = Foreign { what: "a camera RAW photo", advice: DEVELOP };

/// What the file is, if it is something that people have among their pictures.
pub(in crate::image) fn name(bytes: &[u8]) -> Option<Foreign> {
    match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => from_brands(bytes),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => {
            foreign("a JPEG 2000 picture", SAVE)
        }
        [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] | [0xff, 0x0a, ..] => foreign("a JPEG XL picture", SAVE),
        [b'I', b'I', 0xbc, ..] => foreign("a JPEG XR picture", SAVE),
        [b'I', b'I', b'*', 0, ..] | [b'I', b'I', b'R', b'O' | b'S', ..] | [b'I', b'I', b'U', 0, ..] => {
            Some(RAW)
        }
        [b'F', b'O', b'V', b'b', ..] | [b'F', b'U', b'J', b'I', b'F', b'I', b'L', b'M', ..] => Some(RAW),
        [b'8', b'B', b'P', b'S', ..] => foreign("a Photoshop document", SAVE),
        [b'g', b'i', b'm', b'p', b' ', ..] => foreign("a GIMP document", SAVE),
        [b'%', b'P', b'D', b'F', ..] => foreign("a PDF document", "save its pictures as JPEG or PNG"),
        [b'%', b'!', b'P', b'S', ..] => foreign("a PostScript document", SAVE),
        [0, 0, 1 | 2, 0, 1..=255, 0, ..] => foreign("an icon (ICO)", "save it as PNG"),
        [b'q', b'o', b'i', b'f', ..] => foreign("a QOI picture", "save it as PNG"),
        [b'P', b'f' | b'F', b'\n' | b'\r' | b' ', ..] => {
            foreign("a PFM picture of floating-point values", "save it as PNG")
        }
        [0x76, 0x2f, 0x31, 0x01, ..] => foreign("an OpenEXR picture", "save it as PNG"),
        [b'#', b'?', b'R', ..] => foreign("a Radiance HDR picture", "save it as PNG"),
        [b'D', b'D', b'S', b' ', ..] => foreign("a DDS texture", "save it as PNG"),
        [b'A', b'T', b'&', b'T', b'F', b'O', b'R', b'M', ..] => foreign("a DjVu document", SAVE),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => foreign("an AVI video", FRAMES),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => foreign("a Matroska or WebM video", FRAMES),
        [0, 0, 1, 0xb3 | 0xba, ..] => foreign("an MPEG video", FRAMES),
        [b'F', b'L', b'V', 1, ..] => foreign("a Flash video", FRAMES),
        [b'P', b'K', 3, 4, ..] => foreign("a ZIP archive", UNPACK),
        [0x1f, 0x8b, ..] => foreign("a gzip archive", UNPACK),
        [b'7', b'z', 0xbc, 0xaf, ..] => foreign("a 7z archive", UNPACK),
        [b'R', b'a', b'r', b'!', ..] => foreign("a RAR archive", UNPACK),
        [0, 5, 0x16, 7, ..] => foreign("an AppleDouble file, which macOS writes beside a picture", FETCH),
        _ if bytes.get(128..132) == Some(b"DICM") => foreign("a DICOM file", "export it as PNG"),
        _ => from_text(bytes),
    }
}

/// ISO media files: what they hold is in the names at their beginning, the first of which may be general.
fn from_brands(bytes: &[u8]) -> Option<Foreign> {
    let length = bytes.first_chunk().map_or(0, |&length| u32::from_be_bytes(length)) as usize;
    let header = &bytes[8..length.clamp(8, 256).min(bytes.len())];
    let mut brands = header.as_chunks::<4>().0.iter();
    brands
        .find_map(|brand| match brand {
            b"avif" | b"avis" => foreign("an AVIF picture", SAVE),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
                foreign("a HEIC photo", SAVE)
            }
            b"crx " => Some(RAW),
            b"qt  " => foreign("a QuickTime video", FRAMES),
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V "
            | b"3gp4" | b"3gp5" | b"dash" | b"MSNV" => foreign("an MP4 video", FRAMES),
            _ => None,
        })
        .or_else(|| match header {
            [b'm' | b'M', b'i' | b's', b'f', b'1', ..] => foreign("a HEIF picture", SAVE),
            _ => None,
        })
}

fn from_text(bytes: &[u8]) -> Option<Foreign> {
    let text = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text).trim_ascii_start();
    let contains = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
    match text {
        _ if text.starts_with(b"<svg") || text.starts_with(b"<?xml") && contains(b"<svg") => {
            foreign("an SVG drawing", "save it as PNG")
        }
        _ if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") => {
            foreign("a web page", FETCH)
        }
        _ if text.starts_with(b"version https://git-lfs") => {
            foreign("a Git LFS pointer instead of a picture", "fetch the picture with git lfs pull")
        }
        _ => None,
    }
}
