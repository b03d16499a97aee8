//! Small copies of images, for showing.

use std::ops::Range;

use crate::image::RgbImage;

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
    let stride = image.width as usize * 3;
    let columns: Vec<_> = areas(image.width, width).collect();
    let mut totals = vec![[0; 3]; columns.len()];
    let mut pixels = Vec::with_capacity(height as usize * totals.len());
    for rows in areas(image.height, height) {
        totals.fill([0; 3]);
        for some in image.pixels[rows.start * stride..rows.end * stride].chunks(MOST_ROWS * stride) {
            add_columns(&mut totals, &sum_of_rows(some, stride), &columns);
        }
        // A product takes a fraction of a division's time.
        let shares = columns.iter().map(|columns| 1.0 / (columns.len() * rows.len()) as f32);
        let means = totals.iter().zip(shares);
        pixels.extend(means.map(|(total, share)| total.map(|sum| (sum as f32 * share + 0.5) as u8)));
    }
    RgbImage { width, height, pixels: pixels.into_flattened() }
}

/// Rows whose sum is below 2¹⁶: numbers of 16 bits are added eight at a time.
const MOST_ROWS: usize = 257;

/// The pixels along one axis that each of `target` pixels is the mean of.
fn areas(source: u32, target: u32) -> impl Iterator<Item = Range<usize>> {
    let border = move |index: u32| rounded(index.into(), source.into(), target.into()) as usize;
    (0..target).map(move |index| border(index)..border(index + 1))
}

/// a · b / c, rounded to the nearest.
fn rounded(a: u64, b: u64, c: u64) -> u64 {
    (a * b * 2 + c) / (c * 2)
}

/// `[rows, stride]` → `[stride]`
fn sum_of_rows(rows: &[u8], stride: usize) -> Vec<u16> {
    let mut sums = vec![0; stride];
    for row in rows.chunks_exact(stride) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += u16::from(value);
        }
    }
    sums
}

/// Adds to the total of each area the sums of its columns.
fn add_columns(totals: &mut [[u32; 3]], sums: &[u16], columns: &[Range<usize>]) {
    let sums = sums.as_chunks::<3>().0;
    for (total, columns) in totals.iter_mut().zip(columns) {
        for pixel in &sums[columns.clone()] {
            for (total, &sum) in total.iter_mut().zip(pixel) {
                *total += u32::from(sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pixel_of_a_thumbnail_is_the_mean_of_its_area() {
        let values = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110];
        let pixels = values.iter().flat_map(|&value| [value, 255 - value, 7]).collect();
        let small = thumbnail(&RgbImage { width: 4, height: 3, pixels }, 2);
        // 3 rows to 2: the first takes two of them.
        assert_eq!((small.width, small.height), (2, 2));
        let expected = [25, 45, 85, 105].map(|mean| [mean, 255 - mean, 7]);
        assert_eq!(small.pixels, expected.as_flattened());
    }

    #[test]
    fn a_thumbnail_of_a_white_image_is_white_however_long_it_is() {
        for (width, height) in [(3, 100_000), (100_000, 3), (1_000_000, 1)] {
            let white = RgbImage { width, height, pixels: vec![255; (width * height * 3) as usize] };
            let small = thumbnail(&white, 320);
            assert_eq!(small.width.max(small.height), 320);
            assert!(small.pixels.iter().all(|&value| value == 255));
        }
    }

    #[test]
    fn an_image_that_is_small_enough_is_its_own_thumbnail() {
        let image = RgbImage { width: 2, height: 1, pixels: vec![1, 2, 3, 4, 5, 6] };
        assert_eq!(thumbnail(&image, 2), image);
    }
}
