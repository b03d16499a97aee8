//! Convolutions with kernels of 3 × 3: products whose rows are gathered from feature maps.

use super::linear::Linear;
use super::product::{ROWS, RowGroup, pack, panels_at_once};
use crate::kernels::Finish;

/// Positions along a side of a kernel.
const SIDE: usize = 3;

/// An image, or what a network made of one, channels innermost.
#[derive(Clone, Copy)]
struct FeatureMap<'a> {
    /// `[H, W, C]`
    values: &'a [f32],
    height: usize,
    width: usize,
    channels: usize,
    /// `[C]`, what is beyond its edges.
    border: &'a [f32],
}

/// Convolves feature maps that have a border of zeros, one wide.
///
/// - `maps`: `[B, H, W, C]`
/// - `layer`: K = 9·C; the weights of a kernel are in the order row, column, channel
/// - `stride`: from one position of the result to the next
/// - returns `[B, ⌈H / stride⌉, ⌈W / stride⌉, N]`
pub fn convolution(
    maps: &[f32],
    [height, width, channels]: [usize; 3],
    layer: Linear,
    stride: usize,
    finish: Finish,
) -> Vec<f32> {
    let border = vec![0.0; channels];
    let positions = height.div_ceil(stride) * width.div_ceil(stride);
    let images = maps.len() / (height * width * channels);
    let mut results = vec![0.0; images * positions * layer.width];
    let mut panels = Vec::new();
    let at_once = panels_at_once(layer.depth) * ROWS;
    for (values, results) in
        maps.chunks_exact(height * width * channels).zip(results.chunks_exact_mut(positions * layer.width))
    {
        let map = FeatureMap { values, height, width, channels, border: &border };
        for (block, results) in results.chunks_mut(at_once * layer.width).enumerate() {
            let first = block * at_once;
            map.pack(first..first + results.len() / layer.width, stride, &mut panels);
            layer.write(&panels, results, finish);
        }
    }
    results
}

impl<'a> FeatureMap<'a> {
    /// Packs the windows of some positions of the result, as [`crate::kernels::cpu::product::pack_rows`] does.
    fn pack(&self, positions: std::ops::Range<usize>, stride: usize, panels: &mut Vec<RowGroup>) {
        let columns = self.width.div_ceil(stride);
        let last = positions.end - 1;
        panels.clear();
        for first in positions.step_by(ROWS) {
            let corners: [_; ROWS] = std::array::from_fn(|row| {
                let position = last.min(first + row);
                [position / columns * stride, position % columns * stride]
            });
            for (row, column) in (0..SIDE * SIDE).map(|at| (at / SIDE, at % SIDE)) {
                pack(corners.map(|[top, left]| self.at(top + row, left + column)), panels);
            }
        }
    }

    /// The channels at a position, counted from the border's corner: `[C]`
    fn at(&self, row: usize, column: usize) -> &'a [f32] {
        match (1..=self.height).contains(&row) && (1..=self.width).contains(&column) {
            true => &self.values[((row - 1) * self.width + column - 1) * self.channels..][..self.channels],
            false => self.border,
        }
    }
}
