//! How fast this machine multiplies at best: what the encoder's speed is a share of.

use std::hint::black_box;

use super::product::{COLUMNS, ROWS, Rows, multiply, pack_columns, pack_rows};

/// Rows; together with the columns 24 KiB in panels, less than any first-level cache.
const HEIGHT: usize = 4 * ROWS;
/// K
const DEPTH: usize = 256;
/// Products between two looks at the clock, some milliseconds.
const PRODUCTS: usize = 1000;

/// Multiplies panels that stay in the first-level cache for so long, and gives the GFLOP/s.
///
/// A multiplication and an addition are two. Packing is not counted, and results are not stored.
///
/// - `milliseconds`: above 0
/// - `now`: the time in milliseconds since anything
pub fn product_peak(milliseconds: f64, now: impl Fn() -> f64) -> f64 {
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    pack_rows(Rows::dense(&[0.5; HEIGHT * DEPTH], DEPTH), &mut rows);
    pack_columns(Rows::dense(&[0.5; COLUMNS * DEPTH], DEPTH), &mut columns);
    let (begin, mut products) = (now(), 0);
    loop {
        for _ in 0..PRODUCTS {
            multiply(black_box(&rows), black_box(&columns), DEPTH, |_, _, tile| {
                black_box(tile);
            });
        }
        products += PRODUCTS;
        let passed = now() - begin;
        if passed >= milliseconds {
            return (2 * HEIGHT * COLUMNS * DEPTH * products) as f64 / passed / 1e6;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_peak_is_the_products_done_in_the_time_that_the_clock_shows() {
        let time = Cell::new(0.0);
        let peak = product_peak(25.0, || time.replace(time.get() + 10.0));
        // Three rounds in 30 ms: 3 · 1000 products of 2 · 16 · 8 · 256.
        assert_eq!(peak, 3.0 * 1000.0 * 65_536.0 / 30.0 / 1e6);
    }
}
