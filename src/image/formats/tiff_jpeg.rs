//! TIFF files whose strips or tiles are JPEG pictures.
//!
//! Source: TIFF Technical Note 2, "Replacement TIFF/JPEG specification".

use std::io::Cursor;

use tiff::decoder::{ChunkType, Decoder};
use tiff::tags::Tag;

use crate::image::formats::jpeg;
use crate::image::formats::tiff::{NAME, error, unsupported};
use crate::image::{RgbImage, exif};
use crate::{Error, Result};

const TABLES: u16 = 347;
const SOI: [u8; 2] = [0xff, 0xd8];
/// The beginning of an APP0 segment, which holds JFIF: it says that the colours are YCbCr.
const JFIF: [u8; 2] = [0xff, 0xe0];

/// Reads all strips or tiles.
///
/// - `is_ycc`: whether the colours of three components are YCbCr; they are RGB otherwise
pub(in crate::image) fn read(
    bytes: &[u8],
    decoder: &mut Decoder<Cursor<&[u8]>>,
    is_ycc: bool,
) -> Result<RgbImage> {
    let (width, height) = decoder.dimensions().map_err(error)?;
    let tables = exif::field(bytes, TABLES).map_or(&[][..], |field| field.values);
    let mut image = RgbImage::new(width, height, vec![0; 3 * width as usize * height as usize])?;
    let across = width.div_ceil(decoder.chunk_dimensions().0);
    let places = places(decoder)?;
    if places.len() as u64 != u64::from(across) * u64::from(height.div_ceil(decoder.chunk_dimensions().1)) {
        return Err(unsupported("it has JPEG pictures for each channel"));
    }
    for ((start, length), index) in places.into_iter().zip(0u32..) {
        let part = start.checked_add(length).and_then(|end| bytes.get(start..end));
        let part = part.ok_or(Error::CutOffImage { format: NAME })?;
        let picture = jpeg::decode(&file(part, tables, is_ycc)?).map_err(of_tiff)?;
        let size = decoder.chunk_data_dimensions(index);
        let corner = [index % across, index / across].map(|place| place as usize);
        let (columns, rows) = decoder.chunk_dimensions();
        put(&mut image, &picture, [corner[0] * columns as usize, corner[1] * rows as usize], size)?;
    }
    Ok(image)
}

/// Where each strip or tile begins, and how long it is.
fn places(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Vec<(usize, usize)>> {
    let (starts, lengths) = match decoder.get_chunk_type() {
        ChunkType::Strip => (Tag::StripOffsets, Tag::StripByteCounts),
        ChunkType::Tile => (Tag::TileOffsets, Tag::TileByteCounts),
    };
    let mut numbers = |tag| decoder.get_tag_u64_vec(tag).map_err(error);
    let (starts, lengths) = (numbers(starts)?, numbers(lengths)?);
    // What is beyond the memory is beyond the file.
    let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(starts.into_iter().map(place).zip(lengths.into_iter().map(place)).collect())
}

/// A JPEG file with the tables that all parts share, and a segment of Adobe's that says what its colours are.
fn file(part: &[u8], tables: &[u8], is_ycc: bool) -> Result<Vec<u8>> {
    let adobe = [b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0".as_slice(), &[u8::from(is_ycc)]].concat();
    let content =
        part.strip_prefix(&SOI).ok_or_else(|| unsupported("its JPEG pictures have no beginning"))?;
    if !is_ycc && content.starts_with(&JFIF) {
        return Err(unsupported("its colours are RGB, but YCbCr in its JPEG pictures"));
    }
    let tables = tables.get(2..tables.len().saturating_sub(2)).unwrap_or_default();
    Ok([SOI.as_slice(), &adobe, tables, content].concat())
}

/// Copies the part of `size` (width, height) of a strip or tile to its place (x, y).
fn put(image: &mut RgbImage, part: &RgbImage, [x, y]: [usize; 2], (width, height): (u32, u32)) -> Result<()> {
    if part.width < width || part.height < height {
        let found =
            format!("a JPEG picture of {} × {} pixels, expected {width} × {height}", part.width, part.height);
        return Err(Error::ImageDecoding { format: NAME, source: found.into() });
    }
    let [from, to] = [part.width, image.width].map(|width| 3 * width as usize);
    let rows = part.pixels.chunks_exact(from).take(height as usize);
    for (row, line) in rows.zip(image.pixels.chunks_exact_mut(to).skip(y)) {
        line[3 * x..][..3 * width as usize].copy_from_slice(&row[..3 * width as usize]);
    }
    Ok(())
}

/// The error names the file's own format.
fn of_tiff(error: Error) -> Error {
    match error {
        Error::CutOffImage { .. } => Error::CutOffImage { format: NAME },
        Error::UnsupportedImage { source, .. } => Error::UnsupportedImage { format: NAME, source },
        Error::ImageDecoding { source, .. } => Error::ImageDecoding { format: NAME, source },
        other => other,
    }
}
