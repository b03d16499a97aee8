//! TIFF and BigTIFF files.
//!
//! The decoder gets every file as one of grey values, of several channels or one: so it hands out all samples as they
//! are stored, and what they mean is told here, as Pillow tells it.

use std::io::Cursor;

use tiff::TiffError;
use tiff::decoder::{Decoder, DecodingResult, Limits};

use crate::image::decode::{MAX_BYTES, check_size};
use crate::image::formats::color::cmyk_to_rgb;
use crate::image::formats::{foreign, tiff_jpeg};
use crate::image::{RgbImage, exif, orientation};
use crate::{Error, Result};

pub(in crate::image) const NAME: &str = "TIFF";

const SUBFILE: u16 = 254;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const PLANAR: u16 = 284;
const COLORS: u16 = 320;
const TILES: u16 = 324;
const DIRECTORIES: u16 = 330;
const EXTRA_SAMPLES: u16 = 338;
const XMP: u16 = 700;
const DNG_VERSION: u16 = 50_706;

/// What the samples mean: values of `PHOTOMETRIC`.
const WHITE_IS_ZERO: u16 = 0;
const BLACK_IS_ZERO: u16 = 1;
const RGB: u16 = 2;
const PALETTE: u16 = 3;
const CMYK: u16 = 5;
const YCBCR: u16 = 6;
const SENSOR: u16 = 32_803;
/// Values of `COMPRESSION`.
const OLD_JPEG: u16 = 6;
const JPEG: u16 = 7;
/// The value of `EXTRA_SAMPLES` for alpha that the colours are multiplied with.
const PREMULTIPLIED: u16 = 1;

/// Reads the first picture of a TIFF file, upright.
///
/// Errors: a camera's RAW file, of which the first picture may be a small preview; colours or a compression that are
/// not supported; a damaged, cut-off or too large file.
pub(in crate::image) fn decode(bytes: &[u8]) -> Result<RgbImage> {
    if !exif::has_directory(bytes) {
        return Err(Error::CutOffImage { format: "TIFF" });
    }
    if is_raw(bytes) {
        return Err(Error::ForeignImageFormat { what: foreign::RAW.what, advice: foreign::RAW.advice });
    }
    check_storage(bytes)?;
    let file = with_grey(bytes)?;
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BYTES as usize;
    let mut decoder = Decoder::new(Cursor::new(&*file)).map_err(error)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(error)?;
    check_size(width, height)?;
    let image = if number(bytes, COMPRESSION) == Some(JPEG) {
        tiff_jpeg::read(bytes, &mut decoder, has_ycc(bytes)?)?
    } else {
        let pixels = Samples::read(&mut decoder, width as usize)?.to_rgb(bytes)?;
        RgbImage::new(width, height, pixels)?
    };
    let xmp = exif::field(bytes, XMP);
    let orientation = orientation::from_metadata(Some(bytes), xmp.map(|field| field.values));
    Ok(orientation::apply(orientation, image))
}

fn number(bytes: &[u8], tag: u16) -> Option<u16> {
    exif::field(bytes, tag)?.shorts().first().copied()
}

/// Whether the file is a camera's RAW photo: by its own tag, by pixels of the bare sensor, or by a preview that comes
/// before the picture.
fn is_raw(bytes: &[u8]) -> bool {
    let subfile = exif::field(bytes, SUBFILE).and_then(|field| field.number());
    let is_preview = subfile.is_some_and(|kind| kind as u32 & 1 == 1);
    exif::field(bytes, DNG_VERSION).is_some()
        || number(bytes, PHOTOMETRIC) == Some(SENSOR)
        || is_preview && exif::field(bytes, DIRECTORIES).is_some()
}

/// What the decoder would read wrongly.
fn check_storage(bytes: &[u8]) -> Result<()> {
    if number(bytes, FILL_ORDER) == Some(2) {
        return Err(unsupported("the bits of its bytes are in reverse order"));
    }
    if number(bytes, COMPRESSION) == Some(OLD_JPEG) {
        return Err(unsupported("it has JPEG compression of the old style; save it as PNG"));
    }
    if number(bytes, PLANAR) == Some(2) && exif::field(bytes, TILES).is_some() {
        return Err(unsupported("it has tiles for each channel"));
    }
    Ok(())
}

/// Whether the colours of JPEG pictures are YCbCr.
///
/// Errors: a meaning that JPEG files of their own do not have.
fn has_ycc(bytes: &[u8]) -> Result<bool> {
    match number(bytes, PHOTOMETRIC) {
        Some(YCBCR) => Ok(true),
        Some(BLACK_IS_ZERO | RGB) => Ok(false),
        _ => Err(unsupported("it has JPEG compression, and its colours are not grey, RGB or YCbCr")),
    }
}

/// The file as one of grey values.
fn with_grey(bytes: &[u8]) -> Result<Vec<u8>> {
    let field = exif::field(bytes, PHOTOMETRIC).filter(|field| !field.shorts().is_empty());
    let field = field.ok_or_else(|| unsupported("it does not say what its colours are"))?;
    let mut file = bytes.to_vec();
    let grey = if bytes[0] == b'M' { BLACK_IS_ZERO.to_be_bytes() } else { BLACK_IS_ZERO.to_le_bytes() };
    file[field.start..field.start + 2].copy_from_slice(&grey);
    Ok(file)
}

/// The colours of a palette: all reds, all greens, all blues, of which the high byte counts.
fn palette(bytes: &[u8]) -> Vec<[u8; 3]> {
    let values = exif::field(bytes, COLORS).map(|field| field.shorts()).unwrap_or_default();
    let values: Vec<_> = values.iter().map(|value| (value >> 8) as u8).collect();
    let (reds, rest) = values.split_at(values.len() / 3);
    let (greens, blues) = rest.split_at(reds.len());
    reds.iter().zip(greens).zip(blues).map(|((&red, &green), &blue)| [red, green, blue]).collect()
}

/// All samples as bytes, of each pixel one after the other.
struct Samples {
    /// `[pixels, channels]`
    values: Vec<u8>,
    channels: usize,
    /// Of a sample in the file.
    bits: u8,
}

impl Samples {
    fn read(decoder: &mut Decoder<Cursor<&[u8]>>, width: usize) -> Result<Self> {
        let bits = decoder.colortype().map_err(error)?.bit_depth();
        let mut buffer = DecodingResult::U8(Vec::new());
        let layout = decoder.read_image_to_buffer(&mut buffer).map_err(error)?;
        if buffer.as_buffer(0).as_bytes().len() < layout.complete_len {
            return Err(error(TiffError::LimitsExceeded));
        }
        let row = layout.row_stride.map_or(0, |stride| stride.get());
        let channels = if layout.planes > 1 { 1 } else { row * 8 / usize::from(bits) / width };
        let values = match (buffer, bits) {
            (DecodingResult::U8(bytes), 8) => bytes,
            (DecodingResult::U8(bytes), 1 | 2 | 4) if row > 0 => {
                unpacked(&bytes, row, bits, width * channels)
            }
            // As Pillow does: grey is cut, of colour the high byte counts.
            (DecodingResult::U16(values), 16) if channels * layout.planes == 1 => {
                values.iter().map(|&value| value.min(255) as u8).collect()
            }
            (DecodingResult::U16(values), 16) => values.iter().map(|&value| (value >> 8) as u8).collect(),
            _ => {
                return Err(unsupported(format!(
                    "its samples are {:?} of {bits} bits",
                    layout.sample_format
                )));
            }
        };
        Ok(if layout.planes > 1 {
            Self::of_planes(&values, layout.planes, bits)
        } else {
            Self { values, channels, bits }
        })
    }

    /// `[planes, pixels]` → `[pixels, planes]`
    fn of_planes(planes: &[u8], channels: usize, bits: u8) -> Self {
        let length = planes.len() / channels;
        let pixels =
            (0..length).flat_map(|pixel| (0..channels).map(move |channel| planes[channel * length + pixel]));
        Self { values: pixels.collect(), channels, bits }
    }

    /// `[pixels, 3]`
    fn to_rgb(&self, file: &[u8]) -> Result<Vec<u8>> {
        let is_premultiplied = number(file, EXTRA_SAMPLES) == Some(PREMULTIPLIED);
        let pixels = self.values.chunks_exact(self.channels.max(1));
        let photometric = number(file, PHOTOMETRIC).unwrap_or(u16::MAX);
        Ok(match (photometric, self.channels, self.bits) {
            (WHITE_IS_ZERO, 1, ..=8) => pixels.flat_map(|pixel| [255 - pixel[0] * self.scale(); 3]).collect(),
            (BLACK_IS_ZERO, 1, ..=8) => pixels.flat_map(|pixel| [pixel[0] * self.scale(); 3]).collect(),
            (WHITE_IS_ZERO | BLACK_IS_ZERO, 1, 16) | (BLACK_IS_ZERO, 2, 8) => {
                pixels.flat_map(|pixel| [pixel[0]; 3]).collect()
            }
            (PALETTE, 1, ..=8) | (PALETTE, 2, 8) => {
                let colors = palette(file);
                pixels
                    .flat_map(|pixel| colors.get(usize::from(pixel[0])).copied().unwrap_or_default())
                    .collect()
            }
            (RGB, 4, 8) if is_premultiplied => {
                pixels.flat_map(|pixel| [0, 1, 2].map(|channel| divided(pixel[channel], pixel[3]))).collect()
            }
            (RGB, 3.., 8 | 16) if !is_premultiplied => {
                pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
            }
            (CMYK, 4.., 8 | 16) => {
                pixels.flat_map(|pixel| cmyk_to_rgb([pixel[0], pixel[1], pixel[2], pixel[3]])).collect()
            }
            _ => return Err(unsupported(self.meaning(photometric))),
        })
    }

    /// From the largest sample to 255.
    fn scale(&self) -> u8 {
        if self.bits < 8 { 255 / ((1 << self.bits) - 1) } else { 1 }
    }

    /// In words, for what is not supported.
    fn meaning(&self, photometric: u16) -> String {
        let colors = match photometric {
            WHITE_IS_ZERO | BLACK_IS_ZERO => "grey",
            RGB => "RGB",
            PALETTE => "palette",
            CMYK => "CMYK",
            YCBCR => "YCbCr",
            8..=10 => "Lab",
            _ => "unknown",
        };
        format!("it has {} channels of {} bits, {colors} colours", self.channels, self.bits)
    }
}

/// A colour before it was multiplied with alpha; black where nothing is left of it.
fn divided(color: u8, alpha: u8) -> u8 {
    match alpha {
        0 => 0,
        _ => (u32::from(color) * 255 / u32::from(alpha)).min(255) as u8,
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

pub(in crate::image) fn unsupported(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::UnsupportedImage { format: NAME, source: reason.into() }
}

pub(in crate::image) fn error(error: TiffError) -> Error {
    match error {
        TiffError::UnsupportedError(_) => Error::UnsupportedImage { format: NAME, source: error.into() },
        TiffError::LimitsExceeded => unsupported("it needs more than 1 GiB"),
        _ => Error::ImageDecoding { format: NAME, source: error.into() },
    }
}
