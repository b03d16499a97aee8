//! Linear layers on packed weights, with what comes after them.

use super::functions::{gelu, quick_gelu};
use super::product::{ROWS, RowGroup, Tile, multiply};
use super::simd::F32x4;
use crate::kernels::Finish;
use crate::kernels::panels::{ColumnGroup, PANEL_WIDTH};

/// A linear layer whose weights are packed in panels of columns.
#[derive(Clone, Copy)]
pub struct Linear<'a> {
    /// `[⌈N / 8⌉, K, 8]`
    pub weight: &'a [ColumnGroup],
    /// `[⌈N / 8⌉, 8]`
    pub bias: &'a [ColumnGroup],
    /// K
    pub depth: usize,
    /// N
    pub width: usize,
}

impl Linear<'_> {
    /// `[M, K]` in panels → `[M, N]`
    ///
    /// - `count`: M
    pub fn forward(&self, rows: &[RowGroup], count: usize, finish: Finish) -> Vec<f32> {
        let mut y = vec![0.0; count * self.width];
        self.write(rows, &mut y, finish);
        y
    }

    /// Writes the result into `y`, `[M, N]`.
    pub fn write(&self, rows: &[RowGroup], y: &mut [f32], finish: Finish) {
        self.results().write(&self.product(rows), y, finish);
    }

    /// Adds the result to `y`, `[M, N]`.
    pub fn add_to(&self, rows: &[RowGroup], y: &mut [f32]) {
        self.results().add_to(&self.product(rows), y);
    }

    fn product<'a>(&'a self, rows: &'a [RowGroup]) -> FloatProduct<'a> {
        FloatProduct { rows, columns: self.weight, depth: self.depth }
    }

    fn results(&self) -> Results<'_> {
        Results { bias: self.bias, width: self.width }
    }
}

struct FloatProduct<'a> {
    rows: &'a [RowGroup],
    columns: &'a [ColumnGroup],
    depth: usize,
}

impl Product<ROWS> for FloatProduct<'_> {
    fn each_tile(&self, store: impl FnMut(usize, usize, Tile)) {
        multiply(self.rows, self.columns, self.depth, store);
    }
}

/// A product of matrices, `[M, N]`, in tiles of `TILE_ROWS` rows, whatever type it is computed in.
pub trait Product<const TILE_ROWS: usize> {
    /// - `store`: called with the first row and column of each tile, and the tile
    fn each_tile(&self, store: impl FnMut(usize, usize, Tile<TILE_ROWS>));
}

/// What follows a linear layer's product.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    /// `[⌈N / 8⌉, 8]`
    pub bias: &'a [ColumnGroup],
    /// N
    pub width: usize,
}

impl Results<'_> {
    /// Writes them into `y`, `[M, N]`.
    pub fn write<const N: usize>(&self, product: &impl Product<N>, y: &mut [f32], finish: Finish) {
        match finish {
            Finish::None => self.run(product, y, |x, _| x),
            Finish::QuickGelu => self.run(product, y, |x, _| quick_gelu(x)),
            Finish::Gelu => self.run(product, y, |x, _| gelu(x)),
            Finish::Relu => self.run(product, y, |x, _| x.max(F32x4::splat(0.0))),
        }
    }

    /// Adds them to `y`, `[M, N]`.
    pub fn add_to<const N: usize>(&self, product: &impl Product<N>, y: &mut [f32]) {
        self.run(product, y, |x, before| x + before);
    }

    /// - `finish`: from four results and the four values that are there, the four values to store
    fn run<const N: usize>(
        &self,
        product: &impl Product<N>,
        y: &mut [f32],
        finish: impl Fn(F32x4, F32x4) -> F32x4,
    ) {
        let width = self.width;
        product.each_tile(|first_row, column, tile| {
            let bias = halves(&self.bias[column / PANEL_WIDTH]);
            let rows = y[first_row * width..].chunks_mut(width);
            for (values, sums) in rows.zip(tile) {
                let after = |before: &ColumnGroup| {
                    let before = halves(before);
                    [0, 1].map(|half| finish(sums[half] + bias[half], before[half]).to_array())
                };
                replace(&mut values[column..width.min(column + PANEL_WIDTH)], after);
            }
        });
    }
}

/// Replaces a group in a row; the last group may have fewer values. Most groups are whole, and are not
/// copied by a function that could copy any number.
#[inline(always)]
fn replace(place: &mut [f32], after: impl Fn(&ColumnGroup) -> [[f32; PANEL_WIDTH / 2]; 2]) {
    if let Ok(group) = <&mut ColumnGroup>::try_from(&mut *place) {
        let after = after(group);
        group.copy_from_slice(after.as_flattened());
    } else {
        let mut group = [0.0; PANEL_WIDTH];
        group[..place.len()].copy_from_slice(place);
        place.copy_from_slice(&after(&group).as_flattened()[..place.len()]);
    }
}

/// The columns of a group, four by four.
pub fn halves(&[a, b, c, d, e, f, g, h]: &ColumnGroup) -> [F32x4; 2] {
    [F32x4::new([a, b, c, d]), F32x4::new([e, f, g, h])]
}

/// Writes a tile into a matrix, as far as it is inside.
///
/// - `matrix`: rows of `stride` values, the first `width` of which are used
pub fn store(tile: Tile, matrix: &mut [f32], stride: usize, width: usize, [row, column]: [usize; 2]) {
    let rows = matrix[row * stride..].chunks_mut(stride);
    for (values, sums) in rows.zip(tile) {
        replace(&mut values[column..width.min(column + PANEL_WIDTH)], |_| sums.map(F32x4::to_array));
    }
}
