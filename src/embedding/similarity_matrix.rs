use super::{check_unit, dot};
use crate::{Error, Result};

/// The cosine similarities of all queries with all gallery images, grown one embedding at a time.
///
/// A new embedding costs one row or one column; nothing is computed twice. Rows are queries and
/// columns are gallery images; pushed ones come last.
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

    /// Adds a query behind the others; returns its index.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn push_query(&mut self, embedding: &[f32]) -> Result<usize> {
        let index = self.queries.len();
        self.insert_query(index, embedding).map(|()| index)
    }

    /// Adds a gallery image behind the others; returns its index.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn push_gallery(&mut self, embedding: &[f32]) -> Result<usize> {
        let index = self.gallery.len();
        self.insert_gallery(index, embedding).map(|()| index)
    }

    /// Adds a query and its similarity with the gallery so far; the indices from `index` on go up by
    /// one.
    ///
    /// - `index`: 0 up to the number of queries
    /// - `embedding`: `[dim]`
    ///
    /// Errors: an index beyond the end, another dimension than the embeddings before, a value that is
    /// not finite, and a length further than 0.001 from 1. The matrix is then unchanged.
    pub fn insert_query(&mut self, index: usize, embedding: &[f32]) -> Result<()> {
        check_index("query", index, self.queries.len() + 1)?;
        self.check(embedding)?;
        let row = self.gallery.iter().map(|image| dot(embedding, image));
        self.rows.insert(index, row.collect());
        self.queries.insert(index, embedding.into());
        Ok(())
    }

    /// Adds a gallery image and its similarity with the queries so far; the indices from `index` on
    /// go up by one.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn insert_gallery(&mut self, index: usize, embedding: &[f32]) -> Result<()> {
        check_index("gallery", index, self.gallery.len() + 1)?;
        self.check(embedding)?;
        for (row, query) in self.rows.iter_mut().zip(&self.queries) {
            insert_sparingly(row, index, dot(query, embedding));
        }
        self.gallery.insert(index, embedding.into());
        Ok(())
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
        self.queries.first().or(self.gallery.first()).map_or(0, |embedding| embedding.len())
    }

    fn check(&self, embedding: &[f32]) -> Result<()> {
        if self.dim() != 0 && embedding.len() != self.dim() {
            return Err(Error::EmbeddingLength { found: embedding.len(), expected: self.dim() });
        }
        check_unit(embedding)
    }
}

/// Errors if a matrix with `count` of `set` has no `index`.
pub(crate) fn check_index(set: &'static str, index: usize, count: usize) -> Result<()> {
    if index < count { Ok(()) } else { Err(Error::NoSuchIndex { set, index, count }) }
}

/// Inserts with an eighth of spare room instead of `Vec`'s doubling: the matrix is the largest thing
/// that the page keeps.
fn insert_sparingly(row: &mut Vec<f32>, index: usize, similarity: f32) {
    if row.len() == row.capacity() {
        row.reserve_exact(row.len() / 8 + 16);
    }
    row.insert(index, similarity);
}
