use super::{check_unit, dot};
use crate::{Error, Result};

/// The cosine similarities of all queries with all gallery images, grown one embedding at a time.
///
/// A new embedding costs one row or one column; nothing is computed twice. Rows are queries and
/// columns are gallery images, both in the order in which they were pushed.
///
/// ```
/// # use reid_web::embedding::SimilarityMatrix;
/// let mut matrix = SimilarityMatrix::new();
/// matrix.push_query(&[1.0, 0.0])?;
/// matrix.push_gallery(&[0.0, 1.0])?;
/// matrix.push_gallery(&[0.6, 0.8])?;
/// assert_eq!(matrix.row(0), [0.0, 0.6]);
/// # Ok::<(), reid_web::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SimilarityMatrix {
    queries: Vec<Box<[f32]>>,
    gallery: Vec<Box<[f32]>>,
    /// `[Q][G]`; a row each, so that a new column never moves the whole matrix.
    rows: Vec<Vec<f32>>,
}

impl SimilarityMatrix {
    /// A matrix without queries and without gallery; the first embedding decides its `dim`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query and its similarity with the gallery so far; returns its index.
    ///
    /// - `embedding`: `[dim]`
    ///
    /// Errors: another dimension than the embeddings before, a value that is not finite, and a
    /// length further than 0.001 from 1. The matrix is then unchanged.
    pub fn push_query(&mut self, embedding: &[f32]) -> Result<usize> {
        self.check(embedding)?;
        self.rows.push(
            self.gallery
                .iter()
                .map(|image| dot(embedding, image))
                .collect(),
        );
        self.queries.push(embedding.into());
        Ok(self.queries.len() - 1)
    }

    /// Adds a gallery image and its similarity with the queries so far; returns its index.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::push_query`].
    pub fn push_gallery(&mut self, embedding: &[f32]) -> Result<usize> {
        self.check(embedding)?;
        for (row, query) in self.rows.iter_mut().zip(&self.queries) {
            push_sparingly(row, dot(query, embedding));
        }
        self.gallery.push(embedding.into());
        Ok(self.gallery.len() - 1)
    }

    /// Removes a query; the indices of the later ones go down by one. Errors if there is no such
    /// query.
    pub fn remove_query(&mut self, index: usize) -> Result<()> {
        check_index("query", index, self.queries.len())?;
        self.queries.remove(index);
        self.rows.remove(index);
        Ok(())
    }

    /// Removes a gallery image; the indices of the later ones go down by one. Errors if there is no
    /// such image.
    pub fn remove_gallery(&mut self, index: usize) -> Result<()> {
        check_index("gallery", index, self.gallery.len())?;
        self.gallery.remove(index);
        for row in &mut self.rows {
            row.remove(index);
        }
        Ok(())
    }

    /// Similarities of one query with the gallery: `[gallery]`, -1..=1 up to rounding.
    ///
    /// # Panics
    ///
    /// If there is no such query, as slices do.
    #[must_use]
    pub fn row(&self, query: usize) -> &[f32] {
        &self.rows[query]
    }

    /// The whole matrix: `[queries, gallery]` row-major.
    #[must_use]
    pub fn values(&self) -> Vec<f32> {
        self.rows.concat()
    }

    /// Number of queries.
    #[must_use]
    pub fn queries(&self) -> usize {
        self.queries.len()
    }

    /// Number of gallery images.
    #[must_use]
    pub fn gallery(&self) -> usize {
        self.gallery.len()
    }

    /// Values in each embedding; 0 while there is none.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.queries
            .first()
            .or(self.gallery.first())
            .map_or(0, |embedding| embedding.len())
    }

    fn check(&self, embedding: &[f32]) -> Result<()> {
        if self.dim() != 0 && embedding.len() != self.dim() {
            return Err(Error::EmbeddingLength {
                found: embedding.len(),
                expected: self.dim(),
            });
        }
        check_unit(embedding)
    }
}

/// Errors if a matrix with `count` of `set` has no `index`.
pub(crate) fn check_index(set: &'static str, index: usize, count: usize) -> Result<()> {
    if index < count {
        Ok(())
    } else {
        Err(Error::NoSuchIndex { set, index, count })
    }
}

/// Pushes with an eighth of spare room instead of `Vec`'s doubling: the matrix is the largest thing
/// that the page keeps.
fn push_sparingly(row: &mut Vec<f32>, similarity: f32) {
    if row.len() == row.capacity() {
        row.reserve_exact(row.len() / 8 + 16);
    }
    row.push(similarity);
}
