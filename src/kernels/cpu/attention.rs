//! Multi-head self-attention of one image after another, one head at a time.

use super::functions::exp;
use super::linear::store;
use super::product::{RowGroup, Rows, multiply, pack_columns, pack_columns_of, pack_rows};
use super::simd::F32x4;
use crate::kernels::panels::{ColumnGroup, PANEL_WIDTH};

/// Buffers that are reused for the next head.
#[derive(Default)]
struct Scratch {
    rows: Vec<RowGroup>,
    columns: Vec<ColumnGroup>,
    scores: Vec<f32>,
}

/// `softmax(q·kᵀ / √C)·v` for each head of C channels.
///
/// - `qkv`: `[B, T, 3W]`: in each row the queries, keys and values of all heads one after another
/// - `tokens`: T; `heads` divides W
/// - returns `[B, T, W]`
pub fn attention(qkv: &[f32], tokens: usize, width: usize, heads: usize) -> Vec<f32> {
    let mut mixed = vec![0.0; qkv.len() / 3];
    let mut scratch = Scratch::default();
    let images = qkv.chunks_exact(tokens * 3 * width).zip(mixed.chunks_exact_mut(tokens * width));
    for (qkv, mixed) in images {
        for head in 0..heads {
            Head { qkv, tokens, width, channels: width / heads, head }.forward(&mut scratch, mixed);
        }
    }
    mixed
}

struct Head<'a> {
    /// `[T, 3W]`
    qkv: &'a [f32],
    tokens: usize,
    width: usize,
    channels: usize,
    head: usize,
}

impl<'a> Head<'a> {
    /// Writes its channels of `mixed`, `[T, W]`.
    fn forward(&self, Scratch { rows, columns, scores }: &mut Scratch, mixed: &mut [f32]) {
        let &Self { tokens, width, channels, head, .. } = self;
        let padded = tokens.next_multiple_of(PANEL_WIDTH);
        scores.clear();
        scores.resize(tokens * padded, f32::MIN);
        pack_rows(self.part(0), rows);
        pack_columns(self.part(1), columns);
        multiply(rows, columns, channels, |row, column, tile| {
            store(tile, scores, padded, tokens, [row, column]);
        });

        let scale = (channels as f32).sqrt().recip();
        scores.chunks_exact_mut(padded).for_each(|row| softmax(row, scale));
        pack_rows(Rows { values: scores, stride: padded, width: tokens, count: tokens }, rows);
        pack_columns_of(self.part(2), columns);
        let first = head * channels;
        multiply(rows, columns, tokens, |row, column, tile| {
            store(tile, mixed, width, first + channels, [row, first + column]);
        });
    }

    /// Queries, keys or values: `[T, C]`
    fn part(&self, index: usize) -> Rows<'a> {
        let first = index * self.width + self.head * self.channels;
        Rows { values: &self.qkv[first..], stride: 3 * self.width, width: self.channels, count: self.tokens }
    }
}

/// - `row`: scores, padded with `f32::MIN` to a multiple of 4
fn softmax(row: &mut [f32], scale: f32) {
    let (row, _) = row.as_chunks_mut::<4>();
    let largest = row.iter().fold(F32x4::splat(f32::MIN), |largest, four| largest.max(F32x4::new(*four)));
    let largest = F32x4::splat(largest.largest());
    let scale = F32x4::splat(scale);
    let mut sum = F32x4::splat(0.0);
    for four in row.iter_mut() {
        let share = exp((F32x4::new(*four) - largest) * scale);
        sum = sum + share;
        *four = share.to_array();
    }
    let share = F32x4::splat(sum.sum().recip());
    row.iter_mut().for_each(|four| *four = (F32x4::new(*four) * share).to_array());
}
