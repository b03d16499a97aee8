//! Convolutions with kernels of 3 × 3: products whose rows are gathered from the picture.

use super::linear::Linear;
use super::product::{ROWS, RowGroup, pack, panels_at_once};
use crate::kernels::Finish;

/// Places along a side of a kernel.
const SIDE: usize = 3;

/// A picture, or what a network made of one, channels innermost.
#[derive(Clone, Copy)]
struct Picture<'a> {
    /// `[H, W, C]`
    numbers: &'a [f32],
    height: usize,
    width: usize,
    channels: usize,
    /// `[C]`, what is around it.
    border: &'a [f32],
}

/// Convolves pictures that have a border of zeros, one wide.
///
/// - `pictures`: `[B, H, W, C]`
/// - `layer`: K = 9·C; the numbers of a kernel are in the order row, column, channel
/// - `stride`: from one place of the result to the next
/// - returns `[B, ⌈H / stride⌉, ⌈W / stride⌉, N]`
pub fn convolution(
    pictures: &[f32],
    [height, width, channels]: [usize; 3],
    layer: Linear,
    stride: usize,
    finish: Finish,
) -> Vec<f32> {
    let border = vec![0.0; channels];
    let places = height.div_ceil(stride) * width.div_ceil(stride);
    let images = pictures.len() / (height * width * channels);
    let mut results = vec![0.0; images * places * layer.width];
    let mut panels = Vec::new();
    let at_once = panels_at_once(layer.depth) * ROWS;
    for (numbers, results) in
        pictures.chunks_exact(height * width * channels).zip(results.chunks_exact_mut(places * layer.width))
    {
        let picture = Picture { numbers, height, width, channels, border: &border };
        for (block, results) in results.chunks_mut(at_once * layer.width).enumerate() {
            let first = block * at_once;
            picture.pack(first..first + results.len() / layer.width, stride, &mut panels);
            layer.write(&panels, results, finish);
        }
    }
    results
}

impl<'a> Picture<'a> {
    /// Packs what the kernels see at some places of the result, as [`crate::kernels::cpu::product::pack_rows`] does.
    fn pack(&self, places: std::ops::Range<usize>, stride: usize, panels: &mut Vec<RowGroup>) {
        let columns = self.width.div_ceil(stride);
        let last = places.end - 1;
        panels.clear();
        for first in places.step_by(ROWS) {
            let corners: [_; ROWS] = std::array::from_fn(|row| {
                let place = last.min(first + row);
                [place / columns * stride, place % columns * stride]
            });
            for (row, column) in (0..SIDE * SIDE).map(|at| (at / SIDE, at % SIDE)) {
                pack(corners.map(|[top, left]| self.at(top + row, left + column)), panels);
            }
        }
    }

    /// The channels at a place, counted from the border's corner: `[C]`
    fn at(&self, row: usize, column: usize) -> &'a [f32] {
        match (1..=self.height).contains(&row) && (1..=self.width).contains(&column) {
            true => &self.numbers[((row - 1) * self.width + column - 1) * self.channels..][..self.channels],
            false => self.border,
        }
    }
}
