//! Resizing equal to Pillow's, bit for bit.
//!
//! Each output pixel is a weighted mean of the source pixels in a window. Downscaling widens the
//! window by the scale (antialiasing). Two passes with 8-bit pixels between them and weights in fixed
//! point: these roundings, and which pass is the first, are what makes the result Pillow's and no other's.
//!
//! Source: python-pillow/Pillow@13.0.0 `src/libImaging/Resample.c`.

pub(in crate::image) mod filter;
mod pair_sums;
mod row_pairs;
mod window;

use std::ops::Range;

use crate::image::RgbImage;
use crate::image::resize::filter::Filter;
use crate::image::resize::row_pairs::RowPairs;
use crate::image::resize::window::Windows;

/// One value for each of the two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) struct Axes<T> {
    pub x: T,
    pub y: T,
}

/// A part of an image at another size, without computing or reading the rest of it.
///
/// - `size`: of the whole resized image
/// - `part`: columns and rows of the resized image; not empty, inside `size`
pub(in crate::image) fn resize_part(
    image: &RgbImage,
    filter: Filter,
    size: Axes<u64>,
    part: Axes<Range<u64>>,
) -> RgbImage {
    let columns = Windows::new(filter, image.width, size.x, part.x);
    let rows = Windows::new(filter, image.height, size.y, part.y);
    let source = lines(&image.pixels, image.width, &columns.source, &rows.source);
    let pixels = if height_comes_first(image, size) {
        let shortened = RowPairs::new(&source).resize_columns(&rows); // [rows, source columns, 3]
        let lines: Vec<_> = shortened.chunks_exact(columns.source.len() * 3).collect();
        RowPairs::of_resized_rows(&lines, &columns).to_rows(lines.len())
    } else {
        RowPairs::of_resized_rows(&source, &columns).resize_columns(&rows)
    };
    RgbImage { width: columns.windows.len() as u32, height: rows.windows.len() as u32, pixels }
}

/// The rows of a part of an image, `[rows][columns, 3]`.
fn lines<'a>(pixels: &'a [u8], width: u32, columns: &Range<usize>, rows: &Range<usize>) -> Vec<&'a [u8]> {
    let all = pixels.chunks_exact(width as usize * 3);
    let wanted = all.skip(rows.start).take(rows.len());
    wanted.map(|row| &row[columns.start * 3..columns.end * 3]).collect()
}

/// Whether the height loses more than twice as many pixels as the width.
///
/// So since Pillow 13 (python-pillow/Pillow#9549); before, the width always came first.
fn height_comes_first(image: &RgbImage, size: Axes<u64>) -> bool {
    let lost = |source: u32, target: u64| i64::from(source) - target as i64;
    let (width, height) = (lost(image.width, size.x), lost(image.height, size.y));
    height > 0 && height > 2 * width
}
