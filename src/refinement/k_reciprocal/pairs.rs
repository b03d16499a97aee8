use crate::Result;
use crate::embedding::EmbeddingRows;
use crate::embedding::cosine_similarity_matrix;
use std::ops::Range;

/// All images, queries before gallery, and the squared Euclidean distances between them.
///
/// A distance is |a|² + |b|² − 2 a·b, so that equal embeddings are exactly 0 apart, whatever their length has
/// been rounded to.
#[derive(Debug)]
pub(super) struct Pairs {
    /// `[count, dim]` row-major.
    values: Vec<f32>,
    dim: usize,
    /// `[count]`
    squared_lengths: Vec<f32>,
}

impl Pairs {
    pub(super) fn new(queries: EmbeddingRows, gallery: EmbeddingRows) -> Result<Self> {
        let dim = queries.dim();
        let values = [queries.values(), gallery.values()].concat();
        let squared_lengths: Result<Vec<_>> =
            values.chunks_exact(dim).map(|row| cosine_similarity_matrix(row, row, dim)).collect();
        Ok(Self { squared_lengths: squared_lengths?.concat(), values, dim })
    }

    pub(super) fn count(&self) -> usize {
        self.squared_lengths.len()
    }

    /// Passes `take` the squared distances from each left image to all right ones, in order.
    ///
    /// - `take`: gets the left image's index among all images, and its distances `[right]`
    pub(super) fn for_each_row(
        &self,
        left: Range<usize>,
        right: Range<usize>,
        mut take: impl FnMut(usize, &[f32]),
    ) -> Result<()> {
        let mut row = Vec::with_capacity(right.len());
        let first = left.start;
        self.rows(left)?.try_for_each_similarity_row(self.rows(right.clone())?, |index, similarities| {
            let image = first + index;
            row.clear();
            row.extend(right.clone().zip(similarities).map(|(other, &dot)| self.distance(image, other, dot)));
            take(image, &row);
            Ok(())
        })
    }

    /// Squared distances of one image with some: `[others]`.
    pub(super) fn distances(&self, image: usize, others: &[u32]) -> Result<Vec<f32>> {
        let row = |index: usize| &self.values[index * self.dim..][..self.dim];
        let rows: Vec<f32> = others.iter().flat_map(|&other| row(other as usize)).copied().collect();
        let dots = cosine_similarity_matrix(row(image), &rows, self.dim)?;
        let pairs = others.iter().zip(dots);
        Ok(pairs.map(|(&other, dot)| self.distance(image, other as usize, dot)).collect())
    }

    fn distance(&self, a: usize, b: usize, dot: f32) -> f32 {
        (self.squared_lengths[a] + self.squared_lengths[b] - 2.0 * dot).max(0.0)
    }

    fn rows(&self, images: Range<usize>) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.values[images.start * self.dim..images.end * self.dim], self.dim)
    }
}

/// A squared distance as a share of the largest of its row, 0 to 1; 0 if all are 0.
pub(super) fn share_of(distance: f32, farthest: f32) -> f64 {
    if farthest > 0.0 { f64::from(distance) / f64::from(farthest) } else { 0.0 }
}
