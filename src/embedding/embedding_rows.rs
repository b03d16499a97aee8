use super::similarity_rows::try_for_each_row;
use super::{check_rows, normalise};
use crate::{Error, Result};

/// Unit-length embeddings one after another: `[count, dim]` row-major.
///
/// ```
/// # use reid_web::embedding::EmbeddingRows;
/// let rows = EmbeddingRows::new(&[1.0, 0.0, 0.6, 0.8], 2)?;
/// assert_eq!((rows.count(), rows.row(1)), (2, &[0.6, 0.8][..]));
/// # Ok::<(), reid_web::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EmbeddingRows<'a> {
    values: &'a [f32],
    dim: usize,
}

impl<'a> EmbeddingRows<'a> {
    /// Takes embeddings of length 1; none at all is fine.
    ///
    /// - `values`: `[count, dim]` row-major
    ///
    /// Errors: `dim` 0, an incomplete row, a value that is not finite, and a length further than 0.001
    /// from 1.
    pub fn new(values: &'a [f32], dim: usize) -> Result<Self> {
        check_rows(values, dim)?;
        Ok(Self { values, dim })
    }

    /// Number of embeddings.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Values in each embedding.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// All of them: `[count, dim]` row-major.
    #[must_use]
    pub fn values(&self) -> &'a [f32] {
        self.values
    }

    /// One embedding: `[dim]`.
    ///
    /// # Panics
    ///
    /// If there is no such row, as slices do.
    #[must_use]
    pub fn row(&self, index: usize) -> &'a [f32] {
        &self.values[index * self.dim..][..self.dim]
    }

    /// One embedding after another.
    pub fn iter(&self) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        self.values.chunks_exact(self.dim)
    }

    /// Passes the cosine similarities of each of these with all of `gallery` to `take`, in order. A few rows are in
    /// memory at a time.
    ///
    /// - `take`: gets `[gallery]`, -1..=1 up to rounding
    ///
    /// # Errors
    ///
    /// [`Error::EmbeddingLength`] if `gallery` has another dimension.
    pub fn for_each_similarity_row(
        &self,
        gallery: EmbeddingRows,
        mut take: impl FnMut(&[f32]),
    ) -> Result<()> {
        self.try_for_each_similarity_row(gallery, |_, row| {
            take(row);
            Ok(())
        })
    }

    /// As [`EmbeddingRows::for_each_similarity_row`]; stops at the first error of `take` and returns it.
    ///
    /// - `take`: gets the index of one of these and `[gallery]`
    ///
    /// # Errors
    ///
    /// [`Error::EmbeddingLength`] if `gallery` has another dimension, and those of `take`.
    pub(crate) fn try_for_each_similarity_row(
        &self,
        gallery: EmbeddingRows,
        take: impl FnMut(usize, &[f32]) -> Result<()>,
    ) -> Result<()> {
        self.check_dim(gallery)?;
        try_for_each_row(self.values, gallery.values, self.dim, take)
    }

    /// Errors unless the other embeddings have the same dimension.
    pub(crate) fn check_dim(&self, other: EmbeddingRows) -> Result<()> {
        if other.dim == self.dim {
            return Ok(());
        }
        Err(Error::EmbeddingLength { found: other.dim, expected: self.dim })
    }
}

/// A sum of embeddings, scaled to length 1.
pub(crate) fn normalised(sums: &[f64]) -> Result<Vec<f32>> {
    let mut embedding: Vec<f32> = sums.iter().map(|&sum| sum as f32).collect();
    normalise(&mut embedding)?;
    Ok(embedding)
}

/// Adds `weight` times an embedding to `sums`.
pub(crate) fn add_weighted(sums: &mut [f64], embedding: &[f32], weight: f64) {
    for (sum, &value) in sums.iter_mut().zip(embedding) {
        *sum += weight * f64::from(value);
    }
}
