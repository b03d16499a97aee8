//! Products of matrices, one small tile of the result at a time.
//!
//! ```text
//! rows [M, K]    ──▶ panels of 6 rows,    for each k the six values beside each other  ┐
//!                                                                                       ├─▶ tiles of 6 × 8
//! columns [K, N] ──▶ panels of 8 columns, for each k the eight values beside each other┘
//! ```
//!
//! A tile's 48 sums stay in vector registers while k runs: 12 of the 15 that browsers provide on x86-64, 2 more
//! for the columns and one for a row's value. Without relaxed SIMD a product needs a register before it is added,
//! and tiles have 4 rows. The flags in `.cargo/config.toml` keep the compiler from loading
//! values long before their products, which would spill registers.

use super::simd::F32x4;
use crate::kernels::panels::{ColumnGroup, PANEL_WIDTH};

/// Rows of a tile.
pub const ROWS: usize = if cfg!(feature = "relaxed-simd") { 6 } else { 4 };
/// Columns of a tile: those of a panel of weights.
const COLUMNS: usize = PANEL_WIDTH;
/// Bytes of packed rows that stay in the cache of a core while the columns pass by.
const CACHE_BYTES: usize = 512 << 10;

/// One value of each row of a panel.
pub type RowGroup = [f32; ROWS];
/// The sums of a tile: `[N, COLUMNS]`.
pub type Tile<const N: usize = ROWS> = [[F32x4; 2]; N];

/// Rows of values in a slice: row r begins at `r · stride`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// All of them, possibly followed by more.
    pub values: &'a [f32],
    /// From the beginning of one row to that of the next.
    pub stride: usize,
    /// Values of a row that are used.
    pub width: usize,
    /// Rows.
    pub count: usize,
}

impl<'a> Rows<'a> {
    /// Rows without gaps.
    pub fn dense(values: &'a [f32], width: usize) -> Self {
        Self { values, stride: width, width, count: values.len() / width }
    }

    /// Rows from `first`; the last row stands for those after it.
    fn some<const N: usize>(&self, first: usize) -> [&'a [f32]; N] {
        std::array::from_fn(|offset| {
            &self.values[(first + offset).min(self.count - 1) * self.stride..][..self.width]
        })
    }
}

/// Appends a panel: for each k the values of its rows, or columns, beside each other.
///
/// - `lines`: `[N, K]`
pub fn pack<const N: usize>(lines: [&[f32]; N], panels: &mut Vec<[f32; N]>) {
    let depth = lines[0].len();
    let lines = lines.map(|line| &line[..depth]);
    panels.extend((0..depth).map(|k| lines.map(|line| line[k])));
}

/// Packs rows: `[M, K]` → panels of K groups. The rest of the last panel is unused.
pub fn pack_rows(rows: Rows, panels: &mut Vec<RowGroup>) {
    panels.clear();
    panels.reserve(rows.count.div_ceil(ROWS) * rows.width);
    for first in (0..rows.count).step_by(ROWS) {
        pack(rows.some(first), panels);
    }
}

/// Packs columns that lie one after another: `[N, K]` → panels of K groups. The rest of the last panel is
/// unused.
pub fn pack_columns(columns: Rows, panels: &mut Vec<ColumnGroup>) {
    panels.clear();
    panels.reserve_exact(columns.count.div_ceil(COLUMNS) * columns.width);
    for first in (0..columns.count).step_by(COLUMNS) {
        pack(columns.some(first), panels);
    }
}

/// Packs columns that lie side by side: `[K, N]` → panels of K groups, the last panel filled up with zeros.
pub fn pack_columns_of(rows: Rows, panels: &mut Vec<ColumnGroup>) {
    panels.clear();
    for first in (0..rows.width).step_by(COLUMNS) {
        let width = COLUMNS.min(rows.width - first);
        panels.extend((0..rows.count).map(|k| {
            let row = &rows.values[k * rows.stride + first..][..width];
            let mut group = [0.0; COLUMNS];
            group[..width].copy_from_slice(row);
            group
        }));
    }
}

/// Panels of rows that stay in the cache of a core while the columns pass by.
///
/// - `depth`: K, groups of a panel
pub fn panels_at_once(depth: usize) -> usize {
    panels_of::<RowGroup>(depth)
}

fn panels_of<R>(depth: usize) -> usize {
    (CACHE_BYTES / (size_of::<R>() * depth)).max(1)
}

/// Multiplies panels of rows with panels of columns.
///
/// - `depth`: K, groups of a panel
/// - `store`: called with the first row and column of each tile of the product, and the tile
#[allow(clippy::redundant_closure, reason = "a function with a target feature does not implement `Fn`")]
pub fn multiply(
    rows: &[RowGroup],
    columns: &[ColumnGroup],
    depth: usize,
    store: impl FnMut(usize, usize, Tile),
) {
    each_tile(rows, columns, depth, |rows, columns| tile(rows, columns), store);
}

/// Makes a tile of each panel of rows with each panel of columns.
///
/// - `rows`: in panels of N
/// - `depth`: groups of a panel
/// - `tile`: of a panel of rows and one of columns
/// - `store`: called with the first row and column of each tile, and the tile
pub fn each_tile<R, const N: usize, C, T>(
    rows: &[[R; N]],
    columns: &[C],
    depth: usize,
    tile: impl Fn(&[[R; N]], &[C]) -> T,
    mut store: impl FnMut(usize, usize, T),
) {
    let panels = panels_of::<[R; N]>(depth);
    for (block, rows) in rows.chunks(panels * depth).enumerate() {
        for (column, columns) in columns.chunks_exact(depth).enumerate() {
            for (row, rows) in rows.chunks_exact(depth).enumerate() {
                store((block * panels + row) * N, column * COLUMNS, tile(rows, columns));
            }
        }
    }
}

#[cfg_attr(all(target_arch = "wasm32", feature = "relaxed-simd"), target_feature(enable = "relaxed-simd"))]
#[inline]
fn tile(rows: &[RowGroup], columns: &[ColumnGroup]) -> Tile {
    let mut sums = [[F32x4::splat(0.0); 2]; ROWS];
    for (row_group, &[a, b, c, d, e, f, g, h]) in rows.iter().zip(columns) {
        let (left, right) = (F32x4::new([a, b, c, d]), F32x4::new([e, f, g, h]));
        for (sums, &number) in sums.iter_mut().zip(row_group) {
            let number = F32x4::splat(number);
            sums[0] = sums[0].plus_product(number, left);
            sums[1] = sums[1].plus_product(number, right);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern, −1 to 1.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let number = |index: u32| {
            (index.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 8) as f32 / (1 << 23) as f32
        };
        (0..count as u32).map(|index| number(index ^ seed) - 1.0).collect()
    }

    #[test]
    fn a_product_is_the_sum_over_k_for_sizes_that_fill_no_tile() {
        for (m, k, n) in [(1, 1, 1), (4, 8, 8), (5, 3, 9), (13, 17, 31), (250, 600, 10)] {
            let (rows, columns) = (numbers(m * k, 3), numbers(n * k, 77));
            let (mut row_panels, mut column_panels) = (Vec::new(), Vec::new());
            pack_rows(Rows::dense(&rows, k), &mut row_panels);
            pack_columns(Rows::dense(&columns, k), &mut column_panels);
            let mut found = vec![f32::NAN; m * n];
            multiply(&row_panels, &column_panels, k, |first_row, first_column, tile| {
                for (row, sums) in tile.iter().enumerate() {
                    for (column, sum) in sums.iter().flat_map(|sums| sums.to_array()).enumerate() {
                        let (row, column) = (first_row + row, first_column + column);
                        if row < m && column < n {
                            found[row * n + column] = sum;
                        }
                    }
                }
            });
            for row in 0..m {
                for column in 0..n {
                    let terms =
                        (0..k).map(|at| f64::from(rows[row * k + at]) * f64::from(columns[column * k + at]));
                    let (expected, found) = (terms.sum::<f64>(), f64::from(found[row * n + column]));
                    assert!(
                        (found - expected).abs() < 1e-4,
                        "{m} {k} {n}: [{row}, {column}] {found} {expected}"
                    );
                }
            }
        }
    }
}
