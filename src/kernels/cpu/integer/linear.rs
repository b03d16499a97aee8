//! Linear layers on integers: weights of 8 bits, activations of 16, sums of 32.
//!
//! ```text
//! y[n] = scale[n] · scale of the row · Σ weight[n, k] · round(factor[k] · x[k] / scale of the row) + bias[n]
//! ```
//!
//! Each output has a scale of its own, found when the weights are packed; so has each row of activations, found when it
//! arrives. As many of the 16 bits are used as possible without a sum of 32 bits overflowing: in trained
//! encoders all but half a bit.

use super::simd::{I16x8, I32x4};
use crate::kernels::Finish;
use crate::kernels::cpu::linear::{Product, Results, halves};
use crate::kernels::cpu::product::{Tile, each_tile};
use crate::kernels::cpu::simd::F32x4;
use crate::kernels::panels::{ColumnGroup, PANEL_WIDTH};

/// Rows of a tile of integers.
const ROWS: usize = 4;

/// Two neighbouring activations of each row of a panel, the first in the lower half.
pub type RowPairs = [i32; ROWS];
/// Two neighbouring weights of each column of a panel.
pub type ColumnPairs = [i8; 2 * PANEL_WIDTH];

/// A linear layer whose weights are integers, packed in panels of columns.
#[derive(Clone, Copy)]
pub struct IntegerLinear<'a> {
    /// `[K]`, what activations are multiplied with before they are rounded.
    pub factors: &'a [f32],
    /// `[⌈N / 8⌉, P, 8, 2]`, P = 4·⌈K / 8⌉ pairs.
    pub weight: &'a [ColumnPairs],
    /// `[⌈N / 8⌉, 8]`, what an integer stands for.
    pub scales: &'a [ColumnGroup],
    /// `[⌈N / 8⌉, 8]`
    pub bias: &'a [ColumnGroup],
    /// The largest integer that an activation becomes.
    pub levels: f32,
    /// N
    pub width: usize,
}

impl IntegerLinear<'_> {
    /// `[M, K]` → `[M, N]`
    pub fn forward(&self, x: &[f32], finish: Finish) -> Vec<f32> {
        let rows = self.round(x);
        let mut y = vec![0.0; x.len() / self.factors.len() * self.width];
        self.results().write(&self.product(&rows), &mut y, finish);
        y
    }

    /// Adds the result to `y`: `[M, K]`, `[M, N]`.
    pub fn add_to(&self, x: &[f32], y: &mut [f32]) {
        let rows = self.round(x);
        self.results().add_to(&self.product(&rows), y);
    }

    fn results(&self) -> Results<'_> {
        Results { bias: self.bias, width: self.width }
    }

    fn product<'a>(&'a self, rows: &'a IntegerRows) -> IntegerProduct<'a> {
        IntegerProduct { rows, columns: self.weight, scales: self.scales }
    }

    /// Rounds rows and packs them; `[M, K]`. The last row stands for those after it in its panel.
    fn round(&self, x: &[f32]) -> IntegerRows {
        let depth = self.factors.len();
        let (pairs, count) = (pairs(depth), (x.len() / depth).div_ceil(ROWS));
        let mut rows = IntegerRows {
            panels: Vec::with_capacity(count * pairs),
            scales: Vec::with_capacity(count),
            pairs,
        };
        let mut buffers: [_; ROWS] = std::array::from_fn(|_| vec![[0.0; 8]; pairs / 4]);
        for x in x.chunks(ROWS * depth) {
            let last = x.len() / depth - 1;
            for (row, buffer) in buffers.iter_mut().enumerate() {
                let x = x[row.min(last) * depth..].iter().zip(self.factors);
                let values = buffer.as_flattened_mut().iter_mut();
                values.zip(x).for_each(|(value, (x, factor))| *value = x * factor);
            }
            rows.push(&buffers, self.levels);
        }
        rows
    }
}

/// Pairs in a row or column of `depth` values, filled up to eights with zeros.
pub fn pairs(depth: usize) -> usize {
    4 * depth.div_ceil(8)
}

/// Rows of integers in panels.
struct IntegerRows {
    /// `[⌈M / 4⌉, P, 4]`
    panels: Vec<RowPairs>,
    /// `[⌈M / 4⌉, 4]`, what an integer stands for.
    scales: Vec<[f32; ROWS]>,
    /// P
    pairs: usize,
}

impl IntegerRows {
    /// Rounds the rows of a panel, each by a scale of its own.
    fn push(&mut self, rows: &[Vec<[f32; 8]>; ROWS], levels: f32) {
        let largest = [0, 1, 2, 3].map(|row: usize| largest(&rows[row]));
        self.scales.push(largest.map(|largest| largest / levels));
        let inverses =
            largest.map(|largest| F32x4::splat(if largest == 0.0 { 0.0 } else { levels / largest }));
        let [a, b, c, d] = rows;
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            let eights = [a, b, c, d];
            let rounded = [0, 1, 2, 3]
                .map(|row: usize| I16x8::rounded(halves(eights[row]).map(|four| four * inverses[row])));
            self.panels.extend(I16x8::columns(rounded));
        }
    }
}

/// Values below it count as 0.
const SMALLEST: f32 = 1e-30;

/// The largest absolute value; NaN if a value is not finite.
fn largest(values: &[[f32; 8]]) -> f32 {
    let zero = F32x4::splat(0.0);
    let [mut largest, mut nothing] = [zero; 2];
    for [first, last] in values.iter().map(halves) {
        largest = largest.max(first.max(zero - first)).max(last.max(zero - last));
        nothing = nothing + first * zero + last * zero;
    }
    let largest = largest.largest() + nothing.sum();
    if largest <= SMALLEST { 0.0 } else { largest }
}

struct IntegerProduct<'a> {
    rows: &'a IntegerRows,
    columns: &'a [ColumnPairs],
    scales: &'a [ColumnGroup],
}

impl Product<ROWS> for IntegerProduct<'_> {
    fn each_tile(&self, mut store: impl FnMut(usize, usize, Tile<ROWS>)) {
        let IntegerRows { panels, scales, pairs } = self.rows;
        each_tile(panels, self.columns, *pairs, integer_tile, |row, column, sums| {
            let columns = halves(&self.scales[column / PANEL_WIDTH]);
            let rows = &scales[row / ROWS];
            let tile = std::array::from_fn(|row| {
                let scale = F32x4::splat(rows[row]);
                [0, 1].map(|half: usize| sums[row][half].to_floats() * (scale * columns[half]))
            });
            store(row, column, tile);
        });
    }
}

/// The sums of a tile: `[ROWS, PANEL_WIDTH]`.
type IntegerTile = [[I32x4; 2]; ROWS];

#[inline(always)]
fn integer_tile(rows: &[RowPairs], columns: &[ColumnPairs]) -> IntegerTile {
    let mut sums = [[I32x4::splat(0); 2]; ROWS];
    for (&[a, b, c, d], columns) in rows.iter().zip(columns) {
        let [left, right] = I16x8::widened(columns);
        for (sums, pair) in sums.iter_mut().zip([a, b, c, d]) {
            let pair = I16x8::splat(pair);
            sums[0] = sums[0] + pair.dot(left);
            sums[1] = sums[1] + pair.dot(right);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::kernels::cpu::integer::weights::IntegerWeights;
    use crate::kernels::panels::Panels;

    /// Numbers without a pattern, −1 to 1.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let number = |index: u32| (index.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 8) as f32;
        (0..count as u32).map(|index| number(index ^ seed) / (1 << 23) as f32 - 1.0).collect()
    }

    struct Layer {
        weights: IntegerWeights,
        bias: Vec<ColumnGroup>,
        width: usize,
    }

    impl Layer {
        /// - `weight`: `[N, K]`
        fn of(weight: &[f32], depth: usize) -> Self {
            let width = weight.len() / depth;
            let mut panels = Panels::new(width, depth);
            weight.chunks(depth).enumerate().for_each(|(n, weights)| panels.write_output(n, weights));
            let bias = numbers(width.next_multiple_of(PANEL_WIDTH), 9).as_chunks().0.to_vec();
            Self { weights: IntegerWeights::of(&panels), bias, width }
        }

        fn linear(&self) -> IntegerLinear<'_> {
            let IntegerWeights { factors, weight, scales, levels } = &self.weights;
            IntegerLinear { factors, weight, scales, bias: &self.bias, levels: *levels, width: self.width }
        }

        /// The definition, with sums of 64 bits: `[M, K]` → `[M, N]`
        fn expected(&self, x: &[f32]) -> Vec<f32> {
            let depth = self.weights.factors.len();
            x.chunks(depth).flat_map(|row| self.expected_row(row)).collect()
        }

        fn expected_row(&self, x: &[f32]) -> Vec<f32> {
            let IntegerWeights { factors, weight, scales, levels } = &self.weights;
            let x: Vec<f32> = x.iter().zip(factors).map(|(x, factor)| x * factor).collect();
            let largest = x.iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
            let scale = if largest == 0.0 { 0.0 } else { levels / largest };
            let x: Vec<i64> = x.iter().map(|x| (x * scale).round_ties_even() as i64).collect();
            let of_output = |n: usize| {
                let panel = &weight[n / PANEL_WIDTH * pairs(x.len())..];
                let weight = |k: usize| i64::from(panel[k / 2][2 * (n % PANEL_WIDTH) + k % 2]);
                let sum: i64 = x.iter().enumerate().map(|(k, x)| x * weight(k)).sum();
                let scale = largest / levels * scales[n / PANEL_WIDTH][n % PANEL_WIDTH];
                sum as f32 * scale + self.bias[n / PANEL_WIDTH][n % PANEL_WIDTH]
            };
            (0..self.width).map(of_output).collect()
        }
    }

    #[test]
    fn results_equal_sums_of_64_bits_to_the_last_bit_for_sizes_that_fill_no_tile() {
        for (m, k, n) in [(1, 1, 1), (4, 8, 8), (5, 3, 9), (13, 17, 31), (90, 1003, 10), (2, 6, 40)] {
            let layer = Layer::of(&numbers(n * k, 77), k);
            let x = numbers(m * k, 3);
            let expected = layer.expected(&x);
            assert_eq!(layer.linear().forward(&x, Finish::None), expected, "{m} {k} {n}");
            let before = numbers(m * n, 5);
            let mut sum = before.clone();
            layer.linear().add_to(&x, &mut sum);
            let expected: Vec<f32> = expected.iter().zip(&before).map(|(y, before)| y + before).collect();
            assert_eq!(sum, expected, "{m} {k} {n}");
        }
    }

    #[test]
    fn no_sum_overflows_where_all_numbers_are_as_large_as_they_can_be() {
        for depth in [700, 3072, 20_000] {
            let layer = Layer::of(&vec![-0.7; 9 * depth], depth);
            let x = [vec![3.0; depth], vec![-3.0; depth], vec![0.0; depth]].concat();
            let found = layer.linear().forward(&x, Finish::None);
            assert_eq!(found, layer.expected(&x), "{depth}");
            assert!(found[0] < -2.0 * depth as f32 && found[9] > 2.0 * depth as f32, "{depth}");
        }
    }

    #[test]
    fn a_number_that_is_not_finite_leaves_no_finite_result_in_its_row() {
        let layer = Layer::of(&numbers(9 * 21, 1), 21);
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x = numbers(3 * 21, 2);
            x[25] = wrong;
            let found = layer.linear().forward(&x, Finish::None);
            let is_finite: Vec<bool> = found.iter().map(|y| y.is_finite()).collect();
            assert_eq!(is_finite, [[true; 9], [false; 9], [true; 9]].concat(), "{wrong}");
        }
    }

    #[test]
    fn weights_of_a_channel_with_large_activations_are_not_rounded_away() {
        let (depth, width) = (64, 16);
        let (mut weight, mut x) = (numbers(width * depth, 4), numbers(depth, 8));
        weight.iter_mut().skip(7).step_by(depth).for_each(|weight| *weight /= 500.0);
        x[7] = 400.0;
        let found = Layer::of(&weight, depth).linear().forward(&x, Finish::None);
        let bias = numbers(width, 9);
        for (n, weight) in weight.chunks(depth).enumerate() {
            let exact = bias[n] + weight.iter().zip(&x).map(|(weight, x)| weight * x).sum::<f32>();
            assert!((found[n] - exact).abs() < 0.03, "{n}: {} {exact}", found[n]);
        }
    }
}
