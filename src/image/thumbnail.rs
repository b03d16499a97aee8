//! Small copies of images, for showing.

use std::ops::Range;

use super::RgbImage;

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
    let scaled = |side: u32| (rounded(side.into(), box_size.into(), longest.into()) as u32).max(1);
    let (width, height) = (scaled(image.width), scaled(image.height));
    let columns: Vec<_> = areas(image.width, width).collect();
    let stride = image.width as usize * 3;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    let mut sums = vec![0; stride];
    for rows in areas(image.height, height) {
        let count = rows.len();
        sums.fill(0);
        for row in image.pixels[rows.start * stride..rows.end * stride].chunks_exact(stride) {
            add(&mut sums, row);
        }
        pixels.extend(columns.iter().flat_map(|columns| mean(&sums, columns, count)));
    }
    RgbImage { width, height, pixels }
}

/// The pixels along one axis that each of `target` pixels is the mean of.
fn areas(source: u32, target: u32) -> impl Iterator<Item = Range<usize>> {
    let border = move |index: u32| rounded(index.into(), source.into(), target.into()) as usize;
    (0..target).map(move |index| border(index)..border(index + 1))
}

/// a · b / c, rounded to the nearest.
fn rounded(a: u64, b: u64, c: u64) -> u64 {
    (a * b * 2 + c) / (c * 2)
}

fn add(sums: &mut [u32], row: &[u8]) {
    for (sum, &value) in sums.iter_mut().zip(row) {
        *sum += u32::from(value);
    }
}

/// Mean pixel of some columns, given the sums over `rows` rows. An area has below 2²⁴ pixels.
fn mean(sums: &[u32], columns: &Range<usize>, rows: usize) -> [u8; 3] {
    let mut total = [0; 3];
    for pixel in sums[columns.start * 3..columns.end * 3].as_chunks::<3>().0 {
        for (total, sum) in total.iter_mut().zip(pixel) {
            *total += sum;
        }
    }
    // A product takes a fraction of a division's time.
    let share = 1.0 / (columns.len() * rows) as f32;
    total.map(|total| (total as f32 * share + 0.5) as u8)
}
