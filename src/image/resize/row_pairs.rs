//! The two passes of a resize.

use crate::image::resize::pair_sums::{Sums, split_channels};
use crate::image::resize::window::Windows;

/// Rows of pixels, two by two: a byte of the upper row, then the lower row's at the same place.
///
/// So a sum over rows takes pairs of values, as a sum over columns does.
pub(in crate::image) struct RowPairs {
    /// Bytes of a row, without what is added at its end.
    width: usize,
    /// Bytes of two rows, a multiple of `TILE`.
    stride: usize,
    /// `[row pairs, stride]`
    bytes: Vec<u8>,
}

/// Bytes of two rows that are summed up together: the sums stay in registers.
const TILE: usize = 32;

/// Bytes of four pixels, which are split at once; a vector reads four bytes more.
const QUAD: usize = 12;

impl RowPairs {
    fn empty(width: usize, rows: usize) -> Self {
        // One byte more than the row has, because a pixel is written as four.
        let stride = (2 * (width + 1)).next_multiple_of(TILE);
        Self { width, stride, bytes: vec![0; rows.div_ceil(2) * stride] }
    }

    /// Joins rows.
    ///
    /// - `rows`: `[rows][width]`, not empty
    pub fn new(rows: &[&[u8]]) -> Self {
        let mut joined = Self::empty(rows[0].len(), rows.len());
        for (two, pairs) in rows.chunks(2).zip(joined.bytes.chunks_exact_mut(joined.stride)) {
            let lower = two.last().copied().unwrap_or_default();
            for ((pair, &above), &below) in pairs.as_chunks_mut().0.iter_mut().zip(two[0]).zip(lower) {
                *pair = [above, below];
            }
        }
        joined
    }

    /// The first `count` rows, `[count, width]`.
    pub fn to_rows(&self, count: usize) -> Vec<u8> {
        let mut rows = Vec::with_capacity(count * self.width);
        for index in 0..count {
            let pairs = &self.bytes[index / 2 * self.stride..][..2 * self.width];
            rows.extend(pairs.as_chunks::<2>().0.iter().map(|pair| pair[index % 2]));
        }
        rows
    }

    /// The first pass: fewer or more columns.
    ///
    /// - `rows`: `[rows][source columns, 3]`, not empty
    /// - returns `[rows][columns, 3]`
    pub fn of_resized_rows(rows: &[&[u8]], columns: &Windows) -> Self {
        let mut resized = Self::empty(columns.windows.len() * 3, rows.len());
        let mut planes = [(); 3].map(|()| vec![[0; 16]; rows[0].len().div_ceil(QUAD)]);
        for (four, pairs) in rows.chunks(4).zip(resized.bytes.chunks_mut(2 * resized.stride)) {
            split(four, &mut planes);
            let (upper, lower) = pairs.split_at_mut(resized.stride);
            resize_four(&planes, columns, [upper, lower]);
        }
        resized
    }

    /// The second pass: fewer or more rows.
    ///
    /// - returns `[rows, width]`
    pub fn resize_columns(&self, rows: &Windows) -> Vec<u8> {
        let mut resized = Vec::with_capacity(rows.windows.len() * self.width);
        let pairs: Vec<_> = self.bytes.chunks_exact(self.stride).collect();
        for window in &rows.windows {
            let pairs = window.of(&pairs);
            for start in (0..2 * self.width).step_by(TILE) {
                let mut sums = [Sums::zero(); TILE / 8];
                for (pair, &weights) in pairs.iter().zip(&window.weights) {
                    for (sum, values) in sums.iter_mut().zip(pair[start..start + TILE].as_chunks().0) {
                        sum.add(values, weights);
                    }
                }
                let wanted = (self.width - start / 2).min(TILE / 2);
                resized.extend_from_slice(&Sums::to_bytes(sums)[..wanted]);
            }
        }
        resized
    }
}

/// A channel of four rows: of two pixels the four upper to lower pairs, then of the next two.
type Plane = Vec<[u8; 16]>;

/// Four rows to three planes; of fewer rows the last one is repeated.
fn split(rows: &[&[u8]], [red, green, blue]: &mut [Plane; 3]) {
    let rows = [0, 1, 2, 3].map(|index| rows[index.min(rows.len() - 1)]);
    let planes = red.iter_mut().zip(green).zip(blue).enumerate();
    for (index, ((red, green), blue)) in planes {
        let mut ends = [[0; 16]; 4];
        let start = index * QUAD;
        let quads = match rows.map(|row| row[start..].first_chunk()) {
            [Some(a), Some(b), Some(c), Some(d)] => [a, b, c, d],
            _ => {
                for (end, row) in ends.iter_mut().zip(rows) {
                    end[..row.len() - start].copy_from_slice(&row[start..]);
                }
                ends.each_ref()
            }
        };
        [*red, *green, *blue] = split_channels(quads);
    }
}

/// Four rows, two pairs of them.
fn resize_four(planes: &[Plane; 3], columns: &Windows, [upper, lower]: [&mut [u8]; 2]) {
    let planes = planes.each_ref().map(|plane| plane.as_flattened().as_chunks::<8>().0);
    for (column, window) in columns.windows.iter().enumerate() {
        let [red, green, blue] = planes.map(|plane| window.of(plane));
        let mut sums = [Sums::zero(); 3];
        for (((red, green), blue), &weights) in red.iter().zip(green).zip(blue).zip(&window.weights) {
            sums[0].add(red, weights);
            sums[1].add(green, weights);
            sums[2].add(blue, weights);
        }
        let [above, below] = Sums::to_row_pairs(sums);
        let place = column * 6;
        upper[place..place + 8].copy_from_slice(&above);
        if let Some(place) = lower.get_mut(place..place + 8) {
            place.copy_from_slice(&below);
        }
    }
}
