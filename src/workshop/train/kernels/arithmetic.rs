//! Arithmetic on slices, written so that the compiler turns it into SIMD.

/// Independent partial sums: two AVX2 registers.
const LANES: usize = 16;

/// eˣ within 2e-7 relative, without a branch: `f32::exp` is a call and keeps a loop scalar.
///
/// 2^(x·log₂e) is split at the nearest integer; adding 1.5·2²³ rounds to it and leaves it in the low
/// bits of the sum.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    // ln 2 in two parts, so that the difference keeps its digits.
    let rest = (x - whole * 0.693_359_4) - whole * -2.121_944_4e-4;
    let power = f32::from_bits((rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23);
    let tail = ((1.987_569_1e-4 * rest + 1.398_199_9e-3) * rest + 8.333_452e-3) * rest + 4.166_579_6e-2;
    let series = ((tail * rest + 0.166_666_66) * rest + 0.5) * rest * rest + rest + 1.0;
    series * power
}

/// Σ f(a, b) over two slices of equal length.
#[inline(always)]
pub fn sum_of(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a_block, b_block) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            sums[lane] += f(a_block[lane], b_block[lane]);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(&a, &b)| f(a, b)).sum();
    sums.iter().sum::<f32>() + rest
}

/// `c += a · b` of matrices that fit into the cache, row by row in memory.
///
/// - `a`: `[rows, inner]`
/// - `b`: `[inner, columns]`; `columns` is a multiple of [`COLUMNS`]
/// - `c`: `[rows, columns]`
pub fn multiply(a: &[f32], b: &[f32], c: &mut [f32], inner: usize, columns: usize) {
    debug_assert!(columns.is_multiple_of(COLUMNS));
    for (a_rows, c_rows) in a.chunks(ROWS * inner).zip(c.chunks_mut(ROWS * columns)) {
        for column in (0..columns).step_by(COLUMNS) {
            if a_rows.len() == ROWS * inner {
                multiply_tile::<ROWS>(a_rows, &b[column..], &mut c_rows[column..], inner, columns);
            } else {
                for (a_row, c_row) in a_rows.chunks(inner).zip(c_rows.chunks_mut(columns)) {
                    multiply_tile::<1>(a_row, &b[column..], &mut c_row[column..], inner, columns);
                }
            }
        }
    }
}

/// Columns of a register tile.
pub const COLUMNS: usize = 16;
/// Rows of a register tile: 4 × 16 accumulators are 8 of AVX2's 16 registers.
const ROWS: usize = 4;

/// a · b + c, in one instruction where the processor has it: elsewhere `mul_add` is a slow call.
#[inline(always)]
fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(target_feature = "fma") { a.mul_add(b, c) } else { a * b + c }
}

/// Plain loops over arrays: with zipped iterators the compiler leaves a call in the innermost loop.
#[inline(always)]
fn multiply_tile<const R: usize>(a: &[f32], b: &[f32], c: &mut [f32], inner: usize, columns: usize) {
    let mut sums = [[0.0; COLUMNS]; R];
    for k in 0..inner {
        let Some(b_row) = b[k * columns..].first_chunk::<COLUMNS>() else { return };
        for row in 0..R {
            let factor = a[row * inner + k];
            for lane in 0..COLUMNS {
                sums[row][lane] = multiply_add(factor, b_row[lane], sums[row][lane]);
            }
        }
    }
    for row in 0..R {
        let Some(c_row) = c[row * columns..].first_chunk_mut::<COLUMNS>() else { return };
        for lane in 0..COLUMNS {
            c_row[lane] += sums[row][lane];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_that_of_the_standard_library() {
        for step in -8600..8800 {
            let x = step as f32 / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 3e-7, "{x}: {} {}", exp(x), x.exp());
        }
        assert!(exp(-1e9) >= 0.0 && exp(-1e9) < 1e-37);
    }

    #[test]
    fn multiply_is_the_sum_of_products_for_any_number_of_rows() {
        for rows in [1, 3, 4, 9] {
            let (inner, columns) = (5, 32);
            let a: Vec<f32> = (0..rows * inner).map(|at| at as f32 * 0.25).collect();
            let b: Vec<f32> = (0..inner * columns).map(|at| (at % 7) as f32 - 3.0).collect();
            let mut c = vec![1.0; rows * columns];
            multiply(&a, &b, &mut c, inner, columns);
            for (at, &found) in c.iter().enumerate() {
                let (row, column) = (at / columns, at % columns);
                let products = (0..inner).map(|k| a[row * inner + k] * b[k * columns + column]);
                assert_eq!(found, 1.0 + products.sum::<f32>());
            }
        }
    }
}
