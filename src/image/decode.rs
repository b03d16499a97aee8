//! Bytes of a file → upright RGB pixels.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::image::formats::sniff::{Format, sniff};
use crate::image::formats::{bmp, gif, jpeg, png, pnm, tiff};
use crate::image::{RgbImage, orientation};
use crate::{Error, Result};

/// Most pixels of an image; checked in its header, before anything is allocated.
pub(super) const MAX_PIXELS: u64 = 100_000_000;
/// Longest side, so that the weights of a resize stay small.
const MAX_SIDE: u32 = 1_000_000;
/// Most bytes that a decoder may allocate: 100 million pixels of 16-bit RGBA, and some more.
pub(super) const MAX_BYTES: u64 = 1 << 30;

/// Where the high byte of a 16-bit sample lies.
const HIGH: usize = if cfg!(target_endian = "little") { 1 } else { 0 };

/// Decodes a PNG, JPEG, WebP, GIF, BMP, TIFF or PNM file.
///
/// The format is recognised by the content. The result is that of Pillow 13's
/// `ImageOps.exif_transpose(Image.open(file)).convert("RGB")`, equal to the bit:
///
/// - the first frame, turned upright by its EXIF (or XMP) orientation; colour profiles are ignored;
/// - alpha is dropped, not composited;
/// - of 16-bit colour the high byte is taken (PNM: scaled and rounded);
/// - 16-bit grey is cut at 255: `min(value, 255)`, as Pillow converts its modes `I;16` and `I`.
///
/// A cut-off file is refused, but where zeros have taken the place of its last data, they may be taken for data: of a
/// JPEG file whose last blocks were overwritten by no more zeros than make these blocks, the picture ends in an even
/// area. Nothing tells such zeros from an encoder's.
///
/// Errors: an unknown format, a damaged or cut-off file, more than 100 million pixels. Of what Pillow reads, these
/// are refused: TIFF with Group 3, LZMA, Zstandard or old-style JPEG compression, of Lab or (but for JPEG) YCbCr
/// colours, of floating-point or 32-bit samples, of tiles per channel; PFM; JPEG without its last scans; and damaged
/// JPEG files, which Pillow completes with made-up pixels.
pub fn decode(bytes: &[u8]) -> Result<RgbImage> {
    match sniff(bytes)? {
        Format::Jpeg => jpeg::decode(bytes),
        Format::Tiff => tiff::decode(bytes),
        Format::Png => decode_by(ImageFormat::Png, Format::Png, bytes),
        Format::WebP => decode_by(ImageFormat::WebP, Format::WebP, bytes),
        Format::Gif => decode_by(ImageFormat::Gif, Format::Gif, &gif::with_room_for_first_frame(bytes)),
        Format::Bmp => decode_by(ImageFormat::Bmp, Format::Bmp, bytes),
        Format::Pnm => decode_by(ImageFormat::Pnm, Format::Pnm, bytes),
    }
}

/// Decodes by the crate `image`.
fn decode_by(decoder: ImageFormat, format: Format, bytes: &[u8]) -> Result<RgbImage> {
    let name = format.name();
    if !is_whole(bytes, format) {
        return Err(Error::CutOffImage { format: name });
    }
    let failed = |error| match error {
        ImageError::Unsupported(_) => Error::UnsupportedImage { format: name, source: error.into() },
        _ => Error::ImageDecoding { format: name, source: error.into() },
    };
    // Before the decoder, which on 32 bits takes one that is too large for a damaged one.
    if let Some((width, height)) = png::size(bytes).filter(|_| format == Format::Png) {
        check_size(width, height)?;
    }
    let mut decoder = open(bytes, decoder).map_err(failed)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let color = decoder.color_type();
    let orientation = match format {
        Format::Png => orientation::from_metadata(png::exif(bytes).as_deref(), png::xmp(bytes).as_deref()),
        Format::WebP => {
            let (exif, xmp) = (decoder.exif_metadata().ok().flatten(), decoder.xmp_metadata().ok().flatten());
            orientation::from_metadata(exif.as_deref(), xmp.as_deref())
        }
        _ => Orientation::NoTransforms,
    };

    let samples = read(decoder).map_err(failed)?;
    let pixels = to_rgb(samples, color, format, bytes).ok_or(Error::ImageColor { format: name })?;
    let mut image = RgbImage::new(width, height, pixels)?;
    match format {
        Format::Gif => gif::fill_around_first_frame(bytes, &mut image),
        Format::Bmp => bmp::cut_as_pillow(bytes, &mut image.pixels),
        _ => (),
    }
    Ok(orientation::apply(orientation, image))
}

/// Whether the file has its end, as far as its decoder would not notice: in PNG and WebP files the orientation may
/// be in the missing part.
fn is_whole(bytes: &[u8], format: Format) -> bool {
    match format {
        Format::Png => png::is_whole(bytes),
        Format::WebP => bytes.get(4..).and_then(|rest| rest.first_chunk()).is_some_and(|&size| {
            let riff_header = 8;
            bytes.len() as u64 >= riff_header + u64::from(u32::from_le_bytes(size))
        }),
        _ => true,
    }
}

fn open(bytes: &[u8], format: ImageFormat) -> image::ImageResult<impl ImageDecoder> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder()
}

/// Errors: more than 100 million pixels, or a longer side than can be resized.
pub(super) fn check_size(width: u32, height: u32) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Error::NoPixels { width, height });
    }
    if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(Error::TooManyPixels { width, height });
    }
    Ok(())
}

/// All samples, in the decoder's own colour type.
fn read(decoder: impl ImageDecoder) -> image::ImageResult<Vec<u8>> {
    let bytes = decoder.total_bytes();
    if bytes > MAX_BYTES {
        let kind = image::error::LimitErrorKind::InsufficientMemory;
        return Err(ImageError::Limits(image::error::LimitError::from_kind(kind)));
    }
    let mut samples = vec![0; bytes as usize];
    decoder.read_image(&mut samples)?;
    Ok(samples)
}

/// `[pixels, channels]` of any integer colour type → `[pixels, 3]`; `None` for float samples.
fn to_rgb(samples: Vec<u8>, color: ColorType, format: Format, file: &[u8]) -> Option<Vec<u8>> {
    if format == Format::Pnm {
        return pnm_to_rgb(&samples, color, file);
    }
    Some(match color {
        ColorType::Rgb8 => samples,
        ColorType::Rgba8 => gather(&samples, 4, [0, 1, 2]),
        ColorType::L8 => gather(&samples, 1, [0; 3]),
        ColorType::La8 => gather(&samples, 2, [0; 3]),
        ColorType::Rgb16 => gather(&samples, 6, [HIGH, 2 + HIGH, 4 + HIGH]),
        ColorType::Rgba16 => gather(&samples, 8, [HIGH, 2 + HIGH, 4 + HIGH]),
        ColorType::L16 => gather(&cut_at_255(&samples), 1, [0; 3]),
        ColorType::La16 if is_opaque_grey_png(format, file) => gather(&cut_at_255(&samples), 2, [0; 3]),
        ColorType::La16 => gather(&samples, 4, [HIGH; 3]),
        _ => return None,
    })
}

/// The same of a PNM file; grey of more than 8 bits is cut at 255.
fn pnm_to_rgb(samples: &[u8], color: ColorType, file: &[u8]) -> Option<Vec<u8>> {
    let bytes = || samples.iter().map(|&sample| u32::from(sample));
    let words = || samples.as_chunks().0.iter().map(|&sample| u32::from(u16::from_ne_bytes(sample)));
    Some(match color {
        ColorType::Rgb8 => pnm::rescaled(file, bytes(), 255, 255),
        ColorType::L8 => gather(&pnm::rescaled(file, bytes(), 255, 255), 1, [0; 3]),
        ColorType::Rgb16 => pnm::rescaled(file, words(), 65_535, 255),
        ColorType::L16 => gather(&pnm::rescaled(file, words(), 65_535, 65_535), 1, [0; 3]),
        ColorType::Rgba8 => gather(samples, 4, [0, 1, 2]),
        ColorType::La8 => gather(samples, 2, [0; 3]),
        _ => return None,
    })
}

/// Takes three of every `stride` bytes.
fn gather(samples: &[u8], stride: usize, offsets: [usize; 3]) -> Vec<u8> {
    samples.chunks_exact(stride).flat_map(|pixel| offsets.map(|offset| pixel[offset])).collect()
}

fn cut_at_255(samples: &[u8]) -> Vec<u8> {
    let values = samples.as_chunks().0.iter().map(|&sample| u16::from_ne_bytes(sample));
    values.map(|value| value.min(255) as u8).collect()
}

/// Whether a PNG is grey with one transparent value (`tRNS`), which Pillow opens as plain grey.
fn is_opaque_grey_png(format: Format, file: &[u8]) -> bool {
    const IHDR_COLOR_TYPE: usize = 25;
    format == Format::Png && file.get(IHDR_COLOR_TYPE) == Some(&0)
}
