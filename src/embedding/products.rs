//! Dot products of many embeddings with many.
//!
//! Products are computed in tiles whose sums stay in vector registers, over blocks of right embeddings that stay in
//! the cache. The sum of a pair has the same order wherever the pair stands: four lanes, then pairwise, without fused
//! multiply-add, so that every machine gets the same bits.

/// Partial sums of a pair: one vector register.
const LANES: usize = 4;
/// Left embeddings of a tile; with [`RIGHT`], eight sums at a time.
const LEFT: usize = 4;
/// Right embeddings of a tile.
const RIGHT: usize = 2;
/// Bytes of right embeddings that are multiplied with all left ones before the next follow.
const BLOCK_BYTES: usize = 128 << 10;

/// Writes all products.
///
/// - `left`: `[L, dim]`; `right`: `[R, dim]`, row-major
/// - `dim`: not 0
/// - `products`: `[L, R]` row-major
pub(super) fn write_products(left: &[f32], right: &[f32], dim: usize, products: &mut [f32]) {
    let columns = right.len() / dim;
    let block = (BLOCK_BYTES / size_of::<f32>() / dim).next_multiple_of(RIGHT);
    for (first, right) in (0..columns).step_by(block).zip(right.chunks(block * dim)) {
        for (rows, left) in products.chunks_mut(LEFT * columns).zip(left.chunks(LEFT * dim)) {
            for (column, right) in (first..).step_by(RIGHT).zip(right.chunks(RIGHT * dim)) {
                write_tile(left, right, dim, |row, offset, sum| rows[row * columns + column + offset] = sum);
            }
        }
    }
}

/// One product.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let [[sum]] = tile([a], [b]);
    sum
}

/// - `left`, `right`: up to [`LEFT`] and [`RIGHT`] rows
fn write_tile(left: &[f32], right: &[f32], dim: usize, mut write: impl FnMut(usize, usize, f32)) {
    if left.len() == LEFT * dim && right.len() == RIGHT * dim {
        let left: [&[f32]; LEFT] = std::array::from_fn(|at| &left[at * dim..][..dim]);
        let right: [&[f32]; RIGHT] = std::array::from_fn(|at| &right[at * dim..][..dim]);
        for (at, sums) in tile(left, right).into_iter().enumerate() {
            for (offset, sum) in sums.into_iter().enumerate() {
                write(at, offset, sum);
            }
        }
        return;
    }
    for (at, left) in left.chunks_exact(dim).enumerate() {
        for (offset, right) in right.chunks_exact(dim).enumerate() {
            write(at, offset, dot(left, right));
        }
    }
}

/// The products of a few rows of the same length: `[L][R]`.
#[inline(always)]
fn tile<const L: usize, const R: usize>(left: [&[f32]; L], right: [&[f32]; R]) -> [[f32; R]; L] {
    let left = left.map(|row| row.as_chunks::<LANES>());
    let right = right.map(|row| row.as_chunks::<LANES>());
    let blocks = left.iter().chain(&right).map(|(blocks, _)| blocks.len()).min().unwrap_or(0);
    let (left_blocks, right_blocks) =
        (left.map(|(all, _)| &all[..blocks]), right.map(|(all, _)| &all[..blocks]));
    let mut sums = [[[0.0; LANES]; R]; L];
    for k in 0..blocks {
        let values = right_blocks.map(|row| row[k]);
        for (sums, row) in sums.iter_mut().zip(left_blocks) {
            for (sums, b) in sums.iter_mut().zip(values) {
                *sums = std::array::from_fn(|lane| sums[lane] + row[k][lane] * b[lane]);
            }
        }
    }
    for (sums, (_, a)) in sums.iter_mut().zip(left) {
        for (sums, (_, b)) in sums.iter_mut().zip(right) {
            sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
        }
    }
    sums.map(|sums| sums.map(|[a, b, c, d]| (a + c) + (b + d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_the_same_product_wherever_it_stands() {
        for dim in [1, 3, 4, 17, 512] {
            let values = |count: usize, seed: u32| -> Vec<f32> {
                let number = |at: u32| (at.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 8) as f32 / 1e7;
                (0..(count * dim) as u32).map(number).collect()
            };
            let (left, right) = (values(7, 5), values(301, 9));
            let mut products = vec![f32::NAN; 7 * 301];
            write_products(&left, &right, dim, &mut products);
            let rows = left.chunks_exact(dim).flat_map(|a| right.chunks_exact(dim).map(move |b| (a, b)));
            for (found, (a, b)) in products.iter().zip(rows) {
                assert_eq!(found.to_bits(), dot(a, b).to_bits());
                assert_eq!(found.to_bits(), dot(b, a).to_bits());
            }
        }
    }
}
