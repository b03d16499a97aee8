use crate::embedding::EmbeddingRows;
use crate::embedding::add_weighted;

/// Embeddings that go into the covariance at a time: one pass over the matrix for all of them.
const ROWS_AT_ONCE: usize = 8;

/// Mean of all embeddings: `[dim]`.
pub(super) fn mean(sets: &[EmbeddingRows], dim: usize, images: usize) -> Vec<f64> {
    let mut sums = vec![0.0; dim];
    sets.iter().flat_map(EmbeddingRows::iter).for_each(|row| add_weighted(&mut sums, row, 1.0));
    sums.iter().map(|sum| sum / images as f64).collect()
}

/// Covariance of all embeddings, n − 1 its divisor: `[dim, dim]`.
///
/// Of the symmetric matrix only a triangle is filled: row-major the upper, which is column-major the lower.
pub(super) fn covariance(sets: &[EmbeddingRows], mean: &[f64], images: usize) -> Vec<f64> {
    let dim = mean.len();
    let mut sums = vec![0.0; dim * dim];
    let mut columns = vec![[0.0; ROWS_AT_ONCE]; dim];
    for rows in sets.iter().flat_map(|set| set.values().chunks(ROWS_AT_ONCE * dim)) {
        centre(rows, mean, &mut columns);
        add_products(&columns, &mut sums);
    }
    sums.iter().map(|sum| sum / (images - 1) as f64).collect()
}

/// Centred rows, for each dimension side by side, filled up with zeros: `[rows, dim]` → `[dim, ROWS_AT_ONCE]`.
fn centre(rows: &[f32], mean: &[f64], columns: &mut [[f64; ROWS_AT_ONCE]]) {
    columns.fill([0.0; ROWS_AT_ONCE]);
    for (index, row) in rows.chunks_exact(mean.len()).enumerate() {
        for ((column, &value), mean) in columns.iter_mut().zip(row).zip(mean) {
            column[index] = f64::from(value) - mean;
        }
    }
}

/// Adds the products of all pairs of columns to the upper triangle.
fn add_products(columns: &[[f64; ROWS_AT_ONCE]], sums: &mut [f64]) {
    let dim = columns.len();
    for (row, left) in columns.iter().enumerate() {
        for (sum, right) in sums[row * dim + row..][..dim - row].iter_mut().zip(&columns[row..]) {
            *sum += product(left, right);
        }
    }
}

/// Summed in pairs, which vectorises.
fn product(left: &[f64; ROWS_AT_ONCE], right: &[f64; ROWS_AT_ONCE]) -> f64 {
    let [a, b, c, d, e, f, g, h] = std::array::from_fn(|index| left[index] * right[index]);
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}
