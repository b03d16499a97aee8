//! JPEG files, to the pixels of libjpeg-turbo, which Pillow uses.
//!
//! ```text
//! bytes → structure ─ completeness ─→ pixels ─→ color ─→ RGB
//!                                        └ planes → upsample ┘   for what the decoder does not do
//! ```

mod color;
mod completeness;
mod pixels;
mod planes;
mod structure;
mod upsample;

use libjpeg_turbo_rs::JpegError;

use self::structure::{EOI, Frame, Structure};
use crate::image::decode::check_size;
use crate::image::{RgbImage, orientation};
use crate::{Error, Result};

const NAME: &str = "JPEG";

/// Reads a JPEG file, upright.
///
/// A picture is whole if all its blocks are there, whatever follows them; one of which blocks, scans or bits are
/// missing is cut off, also if an end marker follows.
///
/// Errors: a kind that Pillow does not read either, or a damaged, cut-off or too large file.
pub(in crate::image) fn decode(bytes: &[u8]) -> Result<RgbImage> {
    let completed;
    let (file, structure) = match Structure::read(bytes) {
        structure if structure.has_end => (bytes, structure),
        _ => {
            completed = with_end(bytes);
            (&completed[..], Structure::read(&completed))
        }
    };
    let frame = structure.frame.as_ref().ok_or_else(|| no_frame(&structure))?;
    check_kind(frame)?;
    check_size(frame.width.into(), frame.height.into())?;
    if !completeness::has_all_coefficients(frame, &structure.scans) {
        let source = "scans with its details are missing".into();
        return Err(Error::ImageDecoding { format: NAME, source });
    }
    let is_cut_off = if frame.is_arithmetic() {
        !completeness::has_all_restarts(&structure, frame)
            || !completeness::has_arithmetic_data(&structure, frame)?
    } else {
        completeness::ends_in_zeros(&structure, frame)
    };
    if is_cut_off {
        return Err(Error::CutOffImage { format: NAME });
    }
    let pixels = pixels::rgb(file, &structure, frame).map_err(error)?;
    let image = RgbImage::new(frame.width.into(), frame.height.into(), pixels)?;
    let exif = structure.exif();
    Ok(orientation::apply(orientation::from_metadata(exif.as_deref(), structure.xmp()), image))
}

fn no_frame(structure: &Structure) -> Error {
    const JPEG_LS: u8 = 0xf7;
    if structure.segments.iter().any(|(marker, _)| *marker == JPEG_LS) {
        return Error::UnsupportedImage { format: NAME, source: "it is coded as JPEG-LS".into() };
    }
    Error::CutOffImage { format: NAME }
}

/// The kinds that there are pixels for.
fn check_kind(frame: &Frame) -> Result<()> {
    let count = frame.components.len();
    let reason = match frame.process {
        0xc3 | 0xcb => "it is coded losslessly".to_owned(),
        0xc0..=0xc2 | 0xc9 | 0xca => match (frame.precision, count, frame.height) {
            (8, 1 | 3 | 4, 1..) => return Ok(()),
            (8, _, 1..) => format!("it has {count} colour components, expected 1, 3 or 4"),
            (8, ..) => "its height is not in its header".to_owned(),
            (bits, ..) => format!("its samples have {bits} bits, expected 8"),
        },
        _ => "it is coded hierarchically".to_owned(),
    };
    Err(Error::UnsupportedImage { format: NAME, source: reason.into() })
}

/// The file with an end marker instead of the padding that follows its data.
///
/// Zeros would decode as blocks. Two of them may be data.
fn with_end(bytes: &[u8]) -> Vec<u8> {
    let data = bytes.iter().rposition(|byte| !matches!(byte, 0 | 0xff)).map_or(0, |last| last + 1);
    let zeros = bytes[data..].iter().take(2).take_while(|&&byte| byte == 0).count();
    [&bytes[..data + zeros], &[0xff, EOI]].concat()
}

fn error(error: JpegError) -> Error {
    match error {
        JpegError::UnexpectedEof => Error::CutOffImage { format: NAME },
        JpegError::Unsupported(_) | JpegError::LimitExceeded { .. } => {
            Error::UnsupportedImage { format: NAME, source: error.into() }
        }
        _ => Error::ImageDecoding { format: NAME, source: error.into() },
    }
}
