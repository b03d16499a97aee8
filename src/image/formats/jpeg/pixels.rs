//! The pixels of a JPEG file that is whole.

use libjpeg_turbo_rs::{ColorSpace, DecodeLimits, Decoder, PixelFormat, Result};

use super::structure::{Frame, Structure};
use super::{color, planes, upsample};
use crate::image::decode::{MAX_BYTES, MAX_PIXELS};

/// More scans than any encoder writes; a file of many costs much time.
const MAX_SCANS: usize = 512;

/// `[height, width, 3]`
pub(super) fn rgb(file: &[u8], structure: &Structure, frame: &Frame) -> Result<Vec<u8>> {
    let mut decoder = decoder(file)?;
    if !is_usual(frame, structure) {
        let space = decoder.jpeg_color_space();
        let planes = planes::read(file, structure, frame)?;
        return Ok(color::to_rgb(&upsample::interleaved(&planes, frame)?, frame.components.len(), space));
    }
    let (format, space) = match frame.components.len() {
        1 => (PixelFormat::Grayscale, ColorSpace::Grayscale),
        3 => (PixelFormat::Rgb, ColorSpace::Rgb),
        _ => (PixelFormat::Cmyk, ColorSpace::Cmyk),
    };
    decoder.set_output_format(format);
    let samples = decoder.decode_image()?.into_vec();
    Ok(color::to_rgb(&samples, frame.components.len(), space))
}

/// A decoder that stays below this crate's limits.
pub(super) fn decoder(file: &[u8]) -> Result<Decoder<'_>> {
    let limits = DecodeLimits {
        max_width: usize::from(u16::MAX),
        max_height: usize::from(u16::MAX),
        max_pixels: MAX_PIXELS,
        max_scans: MAX_SCANS,
        max_memory: Some(MAX_BYTES),
    };
    Decoder::new_with_limits(file, limits)
}

/// Whether the decoder knows this combination of samplings and scans.
fn is_usual(frame: &Frame, structure: &Structure) -> bool {
    let all = frame.components.len();
    let has_usual_scans = frame.is_progressive()
        || structure.scans.iter().all(|scan| scan.components.len() == 1 || scan.components.len() == all);
    let sampling: Vec<_> = frame.components.iter().map(|component| component.sampling).collect();
    let has_usual_sampling = match sampling[..] {
        [first, _, _, _] => sampling.iter().all(|other| *other == first),
        [first, ..] => first == frame.largest_sampling(),
        [] => false,
    };
    has_usual_scans && has_usual_sampling
}
