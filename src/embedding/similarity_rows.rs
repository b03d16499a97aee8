//! Similarities of many embeddings with many, a few rows in memory at a time.

use super::products::write_products;

/// Rows that are computed together.
const ROWS_AT_ONCE: usize = 32;

/// Passes the similarities of each left embedding with all right ones to `take`, row by row.
///
/// Stops at the first error of `take` and returns it.
///
/// - `left`: `[L, dim]`; `right`: `[R, dim]`, row-major, each row of length 1
/// - `dim`: not 0
/// - `take`: gets the left index and `[R]`
pub(super) fn try_for_each_row<E>(
    left: &[f32],
    right: &[f32],
    dim: usize,
    mut take: impl FnMut(usize, &[f32]) -> Result<(), E>,
) -> Result<(), E> {
    if left.is_empty() {
        return Ok(());
    }
    let columns = right.len() / dim;
    let mut rows = vec![0.0; ROWS_AT_ONCE.min(left.len() / dim) * columns];
    for (block, left) in left.chunks(ROWS_AT_ONCE * dim).enumerate() {
        let count = left.len() / dim;
        let rows = &mut rows[..count * columns];
        if columns > 0 {
            write_products(left, right, dim, rows);
        }
        for offset in 0..count {
            take(block * ROWS_AT_ONCE + offset, &rows[offset * columns..][..columns])?;
        }
    }
    Ok(())
}
