//! Resizing equal to Pillow's, bit for bit.
//!
//! Each output pixel is a weighted mean of the source pixels in a window. Downscaling widens the
//! window by the scale (antialiasing). Two passes with 8-bit pixels between them and weights in fixed
//! point: these roundings, and which pass is the first, are what makes the result Pillow's and no other's.
//!
//! Source: python-pillow/Pillow@13.0.0 `src/libImaging/Resample.c`.

use std::ops::Range;

use super::RgbImage;
use super::filter::Filter;

/// Bits after the point of a weight: 8 are the pixel's, 2 are kept for overshoot and sign.
const FRACTION_BITS: u32 = 32 - 8 - 2;
const HALF: i32 = 1 << (FRACTION_BITS - 1);

/// A copy that fits into a square of `box_size` pixels, for showing; never enlarged.
///
/// Keeps the aspect; each side of the copy is at least 1. Pixels are means over areas.
///
/// ```
/// # use reid_web::image::{RgbImage, thumbnail};
/// let photo = RgbImage { width: 400, height: 300, pixels: vec![90; 400 * 300 * 3] };
/// let small = thumbnail(&photo, 100);
/// assert_eq!((small.width, small.height), (100, 75));
/// ```
pub fn thumbnail(image: &RgbImage, box_size: u32) -> RgbImage {
    let longest = image.width.max(image.height);
    if longest <= box_size {
        return image.clone();
    }
    let scaled = |side: u32| {
        let rounded =
            (u64::from(side) * u64::from(box_size) * 2 + u64::from(longest)) / (u64::from(longest) * 2);
        (rounded as u32).max(1)
    };
    resize(image, Filter::Box, Axes { x: scaled(image.width).into(), y: scaled(image.height).into() })
}

/// One value for each of the two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axes<T> {
    pub x: T,
    pub y: T,
}

/// The whole image at another size.
fn resize(image: &RgbImage, filter: Filter, size: Axes<u64>) -> RgbImage {
    resize_part(image, filter, size, Axes { x: 0..size.x, y: 0..size.y })
}

/// A part of the image at another size, without computing the rest of it.
///
/// - `size`: of the whole resized image
/// - `part`: columns and rows of the resized image; not empty, inside `size`
pub(super) fn resize_part(
    image: &RgbImage,
    filter: Filter,
    size: Axes<u64>,
    part: Axes<Range<u64>>,
) -> RgbImage {
    let columns = windows(filter, image.width, size.x, part.x);
    let rows = windows(filter, image.height, size.y, part.y);
    let first_row = rows.first().map_or(0, |window| window.start);
    let end_row = rows.last().map_or(0, |window| window.start + window.weights.len());

    let stride = image.width as usize * 3;
    let source = &image.pixels[first_row * stride..end_row * stride];
    let pixels = if height_comes_first(image, size) {
        let shortened = resize_columns(source, stride, first_row, &rows); // [rows, source columns, 3]
        resize_rows(&shortened, stride, &columns)
    } else {
        let narrowed = resize_rows(source, stride, &columns); // [source rows, columns, 3]
        resize_columns(&narrowed, columns.len() * 3, first_row, &rows)
    };
    RgbImage { width: columns.len() as u32, height: rows.len() as u32, pixels }
}

/// Whether the height loses more than twice as many pixels as the width.
///
/// So since Pillow 13 (python-pillow/Pillow#9549); before, the width always came first.
fn height_comes_first(image: &RgbImage, size: Axes<u64>) -> bool {
    let lost = |source: u32, target: u64| i64::from(source) - target as i64;
    let (width, height) = (lost(image.width, size.x), lost(image.height, size.y));
    height > 0 && height > 2 * width
}

/// The source pixels of one output pixel along one axis, and their weights in fixed point.
struct Window {
    start: usize,
    weights: Vec<i32>,
}

/// The windows of some of the `target` pixels that `source` pixels are resized to.
fn windows(filter: Filter, source: u32, target: u64, part: Range<u64>) -> Vec<Window> {
    let scale = f64::from(source) / target as f64;
    let stretch = scale.max(1.0);
    let support = filter.support() * stretch;
    let window = |index: u64| {
        let center = (index as f64 + 0.5) * scale;
        let start = (center - support + 0.5).max(0.0) as usize;
        let end = ((center + support + 0.5) as usize).min(source as usize);
        let weight = |x: usize| filter.weight((x as f64 - center + 0.5) * (1.0 / stretch));
        Window { start, weights: to_fixed_point((start..end).map(weight).collect()) }
    };
    part.map(window).collect()
}

/// Weights with a sum of 1, rounded half away from zero.
fn to_fixed_point(weights: Vec<f64>) -> Vec<i32> {
    let sum: f64 = weights.iter().sum();
    let scale = if sum == 0.0 { 1.0 } else { sum };
    let fixed = |weight: f64| {
        let scaled = weight / scale * f64::from(1 << FRACTION_BITS);
        (scaled + 0.5f64.copysign(scaled)) as i32
    };
    weights.into_iter().map(fixed).collect()
}

/// Rounds a sum in fixed point (`HALF` already added) to a pixel value.
fn to_pixel(sum: i32) -> u8 {
    (sum >> FRACTION_BITS).clamp(0, 255) as u8
}

/// `[rows, stride]` → `[rows, columns, 3]`.
fn resize_rows(source: &[u8], stride: usize, columns: &[Window]) -> Vec<u8> {
    let columns: Vec<_> = columns.iter().map(HalfWeights::new).collect();
    let mut planes = [(); 3].map(|()| vec![0; stride / 3 + LANES]);
    let mut narrowed = Vec::with_capacity(source.len() / stride * columns.len() * 3);
    for row in source.chunks_exact(stride) {
        split_channels(row, &mut planes);
        for weights in &columns {
            for plane in &planes {
                narrowed.push(to_pixel(weights.sum(plane)));
            }
        }
    }
    narrowed
}

/// `[width, 3]` → three planes; what a plane has beyond `width` is left alone.
fn split_channels(row: &[u8], [red, green, blue]: &mut [Vec<i16>; 3]) {
    let planes = red.iter_mut().zip(green).zip(blue);
    for (((red, green), blue), &[r, g, b]) in planes.zip(row.as_chunks().0) {
        (*red, *green, *blue) = (r.into(), g.into(), b.into());
    }
}

/// Numbers that one SIMD instruction multiplies; weights are padded to a multiple of it.
const LANES: usize = 8;

/// The weights of a window in two halves of 16 bits, weight = high · 256 + low.
///
/// SIMD multiplies and adds numbers of 16 bits much faster than of 32. The sum is the same.
struct HalfWeights {
    start: usize,
    high: Vec<i16>,
    low: Vec<i16>,
}

impl HalfWeights {
    fn new(window: &Window) -> Self {
        let length = window.weights.len().next_multiple_of(LANES);
        let half = |half: fn(i32) -> i16| {
            let mut weights: Vec<_> = window.weights.iter().map(|&weight| half(weight)).collect();
            weights.resize(length, 0);
            weights
        };
        let high = half(|weight| (weight >> 8) as i16);
        let low = half(|weight| (weight & 0xff) as i16);
        Self { start: window.start, high, low }
    }

    /// The weighted sum of a plane's values in fixed point, plus `HALF`.
    fn sum(&self, plane: &[i16]) -> i32 {
        let values = &plane[self.start..self.start + self.high.len()];
        (dot(values, &self.high) << 8).wrapping_add(dot(values, &self.low)).wrapping_add(HALF)
    }
}

fn dot(values: &[i16], weights: &[i16]) -> i32 {
    let mut sum = 0i32;
    for (&value, &weight) in values.iter().zip(weights) {
        sum = sum.wrapping_add(i32::from(value) * i32::from(weight));
    }
    sum
}

/// `[source rows, stride]` → `[rows, stride]`; `first_row` is the index of the first source row.
fn resize_columns(source: &[u8], stride: usize, first_row: usize, rows: &[Window]) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(rows.len() * stride);
    let mut sums = vec![0; stride];
    for window in rows {
        let source = &source[(window.start - first_row) * stride..];
        sums.fill(HALF);
        for (row, &weight) in source.chunks_exact(stride).zip(&window.weights) {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += i32::from(value) * weight;
            }
        }
        pixels.extend(sums.iter().map(|&sum| to_pixel(sum)));
    }
    pixels
}
