//! How fast this machine multiplies at best: the reference for the encoder's speed.

use std::hint::black_box;

use super::product::{ROWS, Rows, multiply, pack_columns, pack_rows};
use crate::kernels::panels::PANEL_WIDTH;

/// Rows; together with the columns 24 KiB in panels, less than any first-level cache.
const HEIGHT: usize = 4 * ROWS;
/// K
const DEPTH: usize = 256;

/// Multiplies panels that stay in the first-level cache; returns the number of multiplications and additions.
///
/// To measure, call it again and again: a browser optimises code between two calls, not during one.
///
/// - `times`: a few hundred, so that packing is negligible
pub fn products_in_cache(times: usize) -> usize {
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    pack_rows(Rows::dense(&[0.5; HEIGHT * DEPTH], DEPTH), &mut rows);
    pack_columns(Rows::dense(&[0.5; PANEL_WIDTH * DEPTH], DEPTH), &mut columns);
    for _ in 0..times {
        multiply(black_box(&rows), black_box(&columns), DEPTH, |_, _, tile| {
            black_box(tile.as_flattened().iter().map(|four| four.sum()).sum::<f32>());
        });
    }
    2 * HEIGHT * PANEL_WIDTH * DEPTH * times
}
