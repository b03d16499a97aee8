//! Turning an image upright.

use image::ImageDecoder;
use image::metadata::Orientation;

use super::{RgbImage, png};

/// How the image must be turned: by its EXIF or TIFF orientation, else by the one of its XMP data.
///
/// Unreadable metadata means that nothing is turned, as in Pillow.
pub(super) fn read(decoder: &mut impl ImageDecoder) -> Orientation {
    let exif = decoder.exif_metadata().ok().flatten();
    let format_own = decoder.orientation().ok().filter(|own| *own != Orientation::NoTransforms);
    let xmp = decoder.xmp_metadata().ok().flatten();
    from_metadata(exif.as_deref(), xmp.as_deref()).or(format_own).unwrap_or(Orientation::NoTransforms)
}

/// The same for a PNG, whose decoder does not see metadata behind the pixels.
pub(super) fn read_png(bytes: &[u8]) -> Orientation {
    from_metadata(png::exif(bytes), png::xmp(bytes)).unwrap_or(Orientation::NoTransforms)
}

fn from_metadata(exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Option<Orientation> {
    exif.and_then(from_exif).or_else(|| xmp.and_then(from_xmp))
}

/// WebP files hold the EXIF data with or without the prefix that JPEG needs.
fn from_exif(exif: &[u8]) -> Option<Orientation> {
    Orientation::from_exif_chunk(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
}

/// `tiff:Orientation="6"` or `<tiff:Orientation>6`.
fn from_xmp(xmp: &[u8]) -> Option<Orientation> {
    const NAME: &[u8] = b"tiff:Orientation";
    let after_name = |start: usize| {
        let rest = &xmp[start + NAME.len()..];
        rest.strip_prefix(b"=\"").or_else(|| rest.strip_prefix(b">"))?.first()
    };
    let starts = xmp.windows(NAME.len()).enumerate().filter(|(_, name)| *name == NAME);
    let digit = starts.map(|(start, _)| start).find_map(after_name)?;
    Orientation::from_exif(digit.checked_sub(b'0')?)
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
