//! Linear layers on integers: weights of 8 bits, activations of 16, sums of 32.
//!
//! ```text
//! y[n] = scale[n] · scale of the row · Σ weight[n, k] · round(factor[k] · x[k] / scale of the row) + bias[n]
//! ```
//!
//! Each output has a scale of its own, found when the weights are packed; so has each row of activations, found when it
//! comes. As many of the 16 bits are used as no sum of 32 overflows by: all but half a bit in trained encoders.

use super::linear::{Finish, Product, Results, halves};
use super::product::{COLUMNS, ColumnGroup, ROWS, Tile, each_tile};
use super::simd::F32x4;
use super::simd_integers::{I16x8, I32x4};

/// Two neighbouring activations of each row of a panel, the first in the lower half.
pub type RowPairs = [i32; ROWS];
/// Two neighbouring weights of each column of a panel.
pub type ColumnPairs = [i8; 2 * COLUMNS];

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

    /// Rounds rows and packs them; `[M, K]`.
    fn round(&self, x: &[f32]) -> IntegerRows {
        let depth = self.factors.len();
        let pairs = pairs(depth);
        let panels = (x.len() / depth).div_ceil(ROWS);
        let mut rows =
            IntegerRows { panels: vec![[0; ROWS]; panels * pairs], scales: vec![[0.0; ROWS]; panels], pairs };
        let mut scaled = vec![[0.0; 8]; pairs / 4];
        for (index, x) in x.chunks_exact(depth).enumerate() {
            let numbers = scaled.as_flattened_mut().iter_mut();
            numbers.zip(x.iter().zip(self.factors)).for_each(|(number, (x, factor))| *number = x * factor);
            let panel = &mut rows.panels[index / ROWS * pairs..][..pairs];
            rows.scales[index / ROWS][index % ROWS] = round_row(&scaled, self.levels, panel, index % ROWS);
        }
        rows
    }
}

/// Pairs of a row or column of so many numbers, filled up to eights with zeros.
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

/// Below it a row counts as zeros.
const SMALLEST: f32 = 1e-30;

/// Rounds a row into its places in a panel; gives what an integer stands for, NaN if a number is not finite.
fn round_row(numbers: &[[f32; 8]], levels: f32, panel: &mut [RowPairs], place: usize) -> f32 {
    let zero = F32x4::splat(0.0);
    let [mut largest, mut nothing] = [zero; 2];
    for [first, last] in numbers.iter().map(halves) {
        largest = largest.max(first.max(zero - first)).max(last.max(zero - last));
        nothing = nothing + (first - first) + (last - last);
    }
    let largest = largest.largest() + nothing.sum();
    if largest <= SMALLEST {
        return 0.0; // the panel is there with zeros
    }
    let scale = F32x4::splat(levels / largest);
    for (eight, [a, b, c, d]) in numbers.iter().zip(panel.as_chunks_mut::<4>().0) {
        let found = I16x8::rounded(halves(eight).map(|four| four * scale)).to_pairs();
        [a[place], b[place], c[place], d[place]] = found;
    }
    largest / levels
}

struct IntegerProduct<'a> {
    rows: &'a IntegerRows,
    columns: &'a [ColumnPairs],
    scales: &'a [ColumnGroup],
}

impl Product for IntegerProduct<'_> {
    fn each_tile(&self, mut store: impl FnMut(usize, usize, Tile)) {
        let IntegerRows { panels, scales, pairs } = self.rows;
        each_tile(panels, self.columns, *pairs, integer_tile, |row, column, sums| {
            let columns = halves(&self.scales[column / COLUMNS]);
            let rows = &scales[row / ROWS];
            let tile = std::array::from_fn(|row| {
                let scale = F32x4::splat(rows[row]);
                [0, 1].map(|half: usize| sums[row][half].to_floats() * (scale * columns[half]))
            });
            store(row, column, tile);
        });
    }
}

/// The sums of a tile: `[ROWS, COLUMNS]`.
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
