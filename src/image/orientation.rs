//! Turning an image upright.

use image::metadata::Orientation;

use crate::image::{RgbImage, exif};

/// The EXIF and TIFF tag of the orientation.
const TAG: u16 = 0x0112;

/// How the image must be turned: by its EXIF or TIFF orientation, else by the one of its XMP data.
///
/// An EXIF orientation that is none of the eight counts, and nothing is turned. So it is in Pillow, and so is
/// unreadable metadata no metadata.
///
/// - `exif`: a TIFF header and its directory, with or without the prefix that JPEG needs
pub(super) fn from_metadata(exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Orientation {
    let field = exif.and_then(|exif| exif::field(without_prefixes(exif), TAG));
    let found = match field {
        Some(field) => field.number().and_then(from_number),
        None => xmp.and_then(from_xmp),
    };
    found.unwrap_or(Orientation::NoTransforms)
}

fn without_prefixes(mut exif: &[u8]) -> &[u8] {
    while let Some(rest) = exif.strip_prefix(b"Exif\0\0") {
        exif = rest;
    }
    exif
}

fn from_number(number: f64) -> Option<Orientation> {
    (1..=8).find(|&whole| f64::from(whole) == number).and_then(Orientation::from_exif)
}

/// `tiff:Orientation="6"` or `<tiff:Orientation>6`.
fn from_xmp(xmp: &[u8]) -> Option<Orientation> {
    const NAME: &[u8] = b"tiff:Orientation";
    let after_name = |start: usize| {
        let rest = &xmp[start + NAME.len()..];
        rest.strip_prefix(b"=\"")
            .or_else(|| rest.strip_prefix(b">"))?
            .first()
            .filter(|byte| byte.is_ascii_digit())
    };
    let starts = xmp.windows(NAME.len()).enumerate().filter(|(_, name)| *name == NAME);
    let digit = starts.map(|(start, _)| start).find_map(after_name)?;
    Orientation::from_exif(digit - b'0')
}

/// The upright image.
pub(super) fn apply(orientation: Orientation, image: RgbImage) -> RgbImage {
    let (width, height) = (image.width, image.height);
    let (right, bottom) = (width - 1, height - 1);
    let (same, swapped) = ((width, height), (height, width));
    match orientation {
        Orientation::NoTransforms => image,
        Orientation::FlipHorizontal => image.rearranged(same, |x, y| (right - x, y)),
        Orientation::Rotate180 => image.rearranged(same, |x, y| (right - x, bottom - y)),
        Orientation::FlipVertical => image.rearranged(same, |x, y| (x, bottom - y)),
        Orientation::Rotate90FlipH => image.rearranged(swapped, |x, y| (y, x)),
        Orientation::Rotate90 => image.rearranged(swapped, |x, y| (y, bottom - x)),
        Orientation::Rotate270FlipH => image.rearranged(swapped, |x, y| (right - y, bottom - x)),
        Orientation::Rotate270 => image.rearranged(swapped, |x, y| (right - y, x)),
    }
}
