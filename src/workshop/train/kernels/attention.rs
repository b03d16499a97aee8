//! Multi-head self-attention, one head of one image at a time: its matrices stay in the cache.

use rayon::prelude::*;

use super::arithmetic::{COLUMNS, exp, multiply, sum_of};

/// Shapes: B images, T tokens, W width, H heads, C = W / H channels of a head.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// T
    pub tokens: usize,
    /// W
    pub width: usize,
    /// H, divides W.
    pub heads: usize,
}

impl Shape {
    fn channels(self) -> usize {
        self.width / self.heads
    }

    /// What queries are multiplied with.
    fn scale(self) -> f32 {
        (self.channels() as f32).powf(-0.5)
    }

    /// T, as columns of a matrix.
    fn token_columns(self) -> usize {
        self.tokens.next_multiple_of(COLUMNS)
    }

    /// C, as columns of a matrix.
    fn channel_columns(self) -> usize {
        self.channels().next_multiple_of(COLUMNS)
    }

    /// The part `head` of an image's tokens: `[T, W]` → `[T, C]` with rows of `channel_columns`.
    fn rows(self, image: &[f32], head: usize) -> Vec<f32> {
        let (channels, columns) = (self.channels(), self.channel_columns());
        let mut rows = vec![0.0; self.tokens * columns];
        for (row, token) in rows.chunks_mut(columns).zip(image.chunks(self.width)) {
            row[..channels].copy_from_slice(&token[head * channels..][..channels]);
        }
        rows
    }

    /// Writes `[T, C]` with rows of `channel_columns` into the part `head` of `[T, W]`.
    fn write_rows(self, image: &mut [f32], head: usize, rows: &[f32]) {
        let channels = self.channels();
        for (row, token) in rows.chunks(self.channel_columns()).zip(image.chunks_mut(self.width)) {
            token[head * channels..][..channels].copy_from_slice(&row[..channels]);
        }
    }
}

/// - `query`, `key`, `value`: `[B, T, W]`
/// - returns `[B, T, W]`, before the last linear layer
pub fn forward(shape: Shape, query: &[f32], key: &[f32], value: &[f32]) -> Vec<f32> {
    let image = shape.tokens * shape.width;
    let mut mixed = vec![0.0; query.len()];
    mixed.par_chunks_mut(image).enumerate().for_each(|(at, mixed)| {
        let [query, key, value] = [query, key, value].map(|all| &all[at * image..][..image]);
        for head in 0..shape.heads {
            let weights = weights(shape, &shape.rows(query, head), &shape.rows(key, head));
            let rows = product(&narrowed(&weights, shape), &shape.rows(value, head), shape.tokens);
            shape.write_rows(mixed, head, &rows);
        }
    });
    mixed
}

/// Gradients with respect to `query`, `key` and `value`, each `[B, T, W]`.
///
/// - `gradient`: `[B, T, W]`, with respect to the result
pub fn backward(shape: Shape, inputs: [&[f32]; 3], gradient: &[f32]) -> [Vec<f32>; 3] {
    let image = shape.tokens * shape.width;
    let empty = || vec![0.0; gradient.len()];
    let [mut d_query, mut d_key, mut d_value] = [empty(), empty(), empty()];
    let outputs = (d_query.par_chunks_mut(image), d_key.par_chunks_mut(image), d_value.par_chunks_mut(image));
    outputs.into_par_iter().enumerate().for_each(|(at, (d_query, d_key, d_value))| {
        let rows = |all: &[f32], head| shape.rows(&all[at * image..][..image], head);
        for head in 0..shape.heads {
            let inputs = inputs.map(|input| rows(input, head));
            let parts = backward_head(shape, inputs, &rows(gradient, head));
            for (image, part) in [&mut *d_query, &mut *d_key, &mut *d_value].into_iter().zip(&parts) {
                shape.write_rows(image, head, part);
            }
        }
    });
    [d_query, d_key, d_value]
}

/// One head of one image; everything `[T, C]` with rows of `channel_columns`.
fn backward_head(shape: Shape, [query, key, value]: [Vec<f32>; 3], gradient: &[f32]) -> [Vec<f32>; 3] {
    let Shape { tokens, .. } = shape;
    let weights = weights(shape, &query, &key); // [T, T]
    let mut d_scores = scores(shape, gradient, &value); // [T, T], so far of the weights
    let columns = shape.token_columns();
    for (d_scores, weights) in d_scores.chunks_mut(columns).zip(weights.chunks(columns)) {
        let mean = sum_of(d_scores, weights, |d, weight| d * weight);
        d_scores.iter_mut().zip(weights).for_each(|(d, weight)| *d = weight * (*d - mean) * shape.scale());
    }
    let transposed = |matrix: &[f32]| transposed(matrix, tokens, tokens, columns, tokens);
    let d_value = product(&transposed(&weights), gradient, tokens);
    let d_query = product(&narrowed(&d_scores, shape), &key, tokens);
    let d_key = product(&transposed(&d_scores), &query, tokens);
    [d_query, d_key, d_value]
}

/// How much each token looks at each: `[T, T]` with rows of `token_columns`, 0 beyond T.
fn weights(shape: Shape, query: &[f32], key: &[f32]) -> Vec<f32> {
    let mut weights = scores(shape, query, key);
    let scale = shape.scale();
    for row in weights.chunks_mut(shape.token_columns()) {
        let (row, beyond) = row.split_at_mut(shape.tokens);
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter_mut().for_each(|score| *score = exp((*score - largest) * scale));
        let inverse = 1.0 / sum_of(row, row, |weight, _| weight);
        row.iter_mut().for_each(|weight| *weight *= inverse);
        beyond.fill(0.0);
    }
    weights
}

/// `a · bᵀ`: `[T, C]`, `[T, C]` → `[T, T]` with rows of `token_columns`.
fn scores(shape: Shape, a: &[f32], b: &[f32]) -> Vec<f32> {
    let (tokens, channels) = (shape.tokens, shape.channel_columns());
    let columns = shape.token_columns();
    let b = transposed(b, tokens, channels, channels, columns); // [C, T]
    let mut scores = vec![0.0; tokens * columns];
    multiply(a, &b, &mut scores, channels, columns);
    scores
}

/// `weights · rows`: `[T, T]`, `[T, C]` → `[T, C]`.
fn product(weights: &[f32], rows: &[f32], tokens: usize) -> Vec<f32> {
    let mut product = vec![0.0; rows.len()];
    multiply(weights, rows, &mut product, tokens, rows.len() / tokens);
    product
}

/// `[T, T]` with rows of T instead of `token_columns`.
fn narrowed(matrix: &[f32], shape: Shape) -> Vec<f32> {
    matrix.chunks(shape.token_columns()).flat_map(|row| &row[..shape.tokens]).copied().collect()
}

/// `[rows, columns]` with rows of `stride` → `[columns, rows]` with rows of `new_stride`, 0 beyond.
fn transposed(matrix: &[f32], rows: usize, columns: usize, stride: usize, new_stride: usize) -> Vec<f32> {
    let mut turned = vec![0.0; columns * new_stride];
    for (row, values) in matrix.chunks(stride).take(rows).enumerate() {
        for (column, &value) in values[..columns].iter().enumerate() {
            turned[column * new_stride + row] = value;
        }
    }
    turned
}
