//! TIFF and BigTIFF files.

use std::borrow::Cow;
use std::io::Cursor;

use tiff::TiffError;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::ColorType;

use super::color::cmyk_to_rgb;
use super::decode::{MAX_BYTES, check_size};
use super::{RgbImage, exif, foreign, orientation};
use crate::{Error, Result};

const NAME: &str = "TIFF";

const SUBFILE: u16 = 254;
const PHOTOMETRIC: u16 = 262;
const COLORS: u16 = 320;
const DIRECTORIES: u16 = 330;
const XMP: u16 = 700;
const DNG_VERSION: u16 = 50_706;

const BLACK_IS_ZERO: u16 = 1;
const PALETTE: u16 = 3;
const SENSOR: u16 = 32_803;

/// Reads the first picture of a TIFF file, upright.
///
/// Errors: a camera's RAW file, of which the first picture may be a small preview; colours or a compression that are
/// not supported; a damaged, cut-off or too large file.
pub(super) fn decode(bytes: &[u8]) -> Result<RgbImage> {
    if is_raw(bytes) {
        return Err(Error::ForeignImageFormat { what: foreign::RAW.what, advice: foreign::RAW.advice });
    }
    let palette = palette(bytes);
    let file = if palette.is_some() { with_grey(bytes) } else { Cow::Borrowed(bytes) };
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BYTES as usize;
    let mut decoder = Decoder::new(Cursor::new(&*file)).map_err(error)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(error)?;
    check_size(width, height)?;
    let color = decoder.colortype().map_err(error)?;
    let samples = Samples::read(&mut decoder, color, width as usize)?;
    let pixels = match palette {
        Some(colors) => samples.values.iter().flat_map(|&index| colors.get(usize::from(index)).copied().unwrap_or_default()).collect(),
        None => samples.to_rgb(color).ok_or_else(|| unsupported(format!("{color:?} colours")))?,
    };
    let image = RgbImage::new(width, height, pixels)?;
    let xmp = exif::field(bytes, XMP);
    let orientation = orientation::from_metadata(Some(bytes), xmp.map(|field| field.values));
    Ok(orientation::apply(orientation, image))
}

/// Whether the file is a camera's RAW photo: by its own tag, by pixels of the bare sensor, or by a preview that comes
/// before the picture.
fn is_raw(bytes: &[u8]) -> bool {
    let number = |tag| exif::field(bytes, tag).and_then(|field| field.number());
    let is_preview = number(SUBFILE).is_some_and(|kind| kind as u32 & 1 == 1);
    exif::field(bytes, DNG_VERSION).is_some()
        || number(PHOTOMETRIC) == Some(f64::from(SENSOR))
        || is_preview && exif::field(bytes, DIRECTORIES).is_some()
}

/// The colours of a palette, if the file has one: all reds, all greens, all blues, of which the high byte counts.
fn palette(bytes: &[u8]) -> Option<Vec<[u8; 3]>> {
    exif::field(bytes, PHOTOMETRIC)?.number().filter(|&kind| kind == f64::from(PALETTE))?;
    let values: Vec<_> = exif::field(bytes, COLORS)?.shorts().iter().map(|value| (value >> 8) as u8).collect();
    let (reds, rest) = values.split_at(values.len() / 3);
    let (greens, blues) = rest.split_at(reds.len());
    Some(reds.iter().zip(greens).zip(blues).map(|((&red, &green), &blue)| [red, green, blue]).collect())
}

/// The file as one of grey values: the decoder does not read palettes, but so it reads their indices.
fn with_grey(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut file = bytes.to_vec();
    if let Some(field) = exif::field(bytes, PHOTOMETRIC) {
        let place = &mut file[field.start..field.start + 2];
        let grey = if place[0] == 0 { BLACK_IS_ZERO.to_be_bytes() } else { BLACK_IS_ZERO.to_le_bytes() };
        place.copy_from_slice(&grey);
    }
    file.into()
}

/// All samples as bytes, of each pixel one after the other.
struct Samples {
    /// `[pixels, channels]`
    values: Vec<u8>,
    channels: usize,
}

impl Samples {
    fn read(decoder: &mut Decoder<Cursor<&[u8]>>, color: ColorType, width: usize) -> Result<Self> {
        let mut buffer = DecodingResult::U8(Vec::new());
        let layout = decoder.read_image_to_buffer(&mut buffer).map_err(error)?;
        if buffer.as_buffer(0).as_bytes().len() < layout.complete_len {
            return Err(error(TiffError::LimitsExceeded));
        }
        let bits = color.bit_depth();
        let row = layout.row_stride.map_or(0, |stride| stride.get());
        let channels = if layout.planes > 1 { 1 } else { row * 8 / usize::from(bits) / width };
        let values = match (buffer, bits) {
            (DecodingResult::U8(bytes), 8) => bytes,
            (DecodingResult::U8(bytes), 1..8) if channels > 0 => unpacked(&bytes, row, bits, width * channels),
            // As Pillow does: grey is cut, of colour the high byte counts.
            (DecodingResult::U16(values), 16) if matches!(color, ColorType::Gray(_)) => {
                values.iter().map(|&value| value.min(255) as u8).collect()
            }
            (DecodingResult::U16(values), 16) => values.iter().map(|&value| (value >> 8) as u8).collect(),
            _ => return Err(unsupported(format!("samples of {bits} bits, {:?}", layout.sample_format))),
        };
        Ok(if layout.planes > 1 { Self::of_planes(&values, layout.planes) } else { Self { values, channels } })
    }

    /// `[planes, pixels]` → `[pixels, planes]`
    fn of_planes(planes: &[u8], channels: usize) -> Self {
        let length = planes.len() / channels;
        let pixels = (0..length).flat_map(|pixel| (0..channels).map(move |channel| planes[channel * length + pixel]));
        Self { values: pixels.collect(), channels }
    }

    /// `[pixels, 3]`; `None` for colours that are not supported.
    fn to_rgb(&self, color: ColorType) -> Option<Vec<u8>> {
        let pixels = self.values.chunks_exact(self.channels);
        let bits = color.bit_depth();
        Some(match (color, self.channels) {
            (ColorType::Gray(_), 1..) => {
                let scale = if bits < 8 { 255 / ((1 << bits) - 1) } else { 1 };
                pixels.flat_map(|pixel| [pixel[0] * scale; 3]).collect()
            }
            (ColorType::GrayA(8) | ColorType::Multiband { bit_depth: 8, .. }, 2) => {
                pixels.flat_map(|pixel| [pixel[0]; 3]).collect()
            }
            (ColorType::RGB(8 | 16) | ColorType::RGBA(8 | 16), 3..) => {
                pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
            }
            (ColorType::CMYK(8 | 16) | ColorType::CMYKA(8), 4..) => {
                pixels.flat_map(|pixel| cmyk_to_rgb([pixel[0], pixel[1], pixel[2], pixel[3]])).collect()
            }
            _ => return None,
        })
    }
}

/// Samples of less than a byte, each row of which begins with a byte.
fn unpacked(bytes: &[u8], row: usize, bits: u8, length: usize) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let sample = |line: &[u8], index: usize| {
        let shift = 8 - usize::from(bits) * (index % per_byte + 1);
        line[index / per_byte] >> shift & ((1 << bits) - 1)
    };
    bytes.chunks_exact(row).flat_map(|line| (0..length).map(move |index| sample(line, index))).collect()
}

fn unsupported(reason: String) -> Error {
    Error::UnsupportedImage { format: NAME, source: reason.into() }
}

fn error(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(_) => Error::UnsupportedImage { format: NAME, source: error.into() },
        TiffError::LimitsExceeded => unsupported("it needs more than 1 GiB".to_owned()),
        _ => Error::ImageDecoding { format: NAME, source: error.into() },
    }
}
