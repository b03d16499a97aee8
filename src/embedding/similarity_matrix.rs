use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use super::check_unit;
use super::products::{dot, write_products};
use super::similarity_rows::try_for_each_row;
use crate::{Error, Result};

/// Pairs up to which the similarities are kept: 16 MiB of them. More are computed whenever they are asked for.
const MOST_KEPT: usize = 4 << 20;

/// The cosine similarities of all queries with all gallery images, grown one embedding at a time.
///
/// While it is small, a new embedding costs one row or one column and nothing is computed twice; a large one is never
/// in memory as a whole. Rows are queries and columns are gallery images; pushed ones come last.
///
/// ```
/// # use reid_web::embedding::SimilarityMatrix;
/// let mut matrix = SimilarityMatrix::new();
/// matrix.push_query(&[1.0, 0.0])?;
/// matrix.push_gallery(&[0.0, 1.0])?;
/// matrix.push_gallery(&[0.6, 0.8])?;
/// assert_eq!(matrix.row(0)[..], [0.0, 0.6]);
/// # Ok::<(), reid_web::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarityMatrix {
    dim: usize,
    /// `[Q, dim]` row-major.
    queries: Vec<f32>,
    /// `[G, dim]` row-major.
    gallery: Vec<f32>,
    /// `[Q][G]`, `None` if these are too many; a row each, so that a new column never moves the whole matrix.
    kept: Option<Vec<Vec<f32>>>,
    /// Pairs up to which they are kept.
    most_kept: usize,
}

impl SimilarityMatrix {
    /// A matrix without queries and without gallery; the first embedding decides its `dim`.
    #[must_use]
    pub fn new() -> Self {
        Self::keeping(MOST_KEPT)
    }

    fn keeping(most_kept: usize) -> Self {
        Self { dim: 0, queries: Vec::new(), gallery: Vec::new(), kept: Some(Vec::new()), most_kept }
    }

    /// Adds a query after the others; returns its index.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn push_query(&mut self, embedding: &[f32]) -> Result<usize> {
        let index = self.queries();
        self.insert_query(index, embedding).map(|()| index)
    }

    /// Adds a gallery image after the others; returns its index.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn push_gallery(&mut self, embedding: &[f32]) -> Result<usize> {
        let index = self.gallery();
        self.insert_gallery(index, embedding).map(|()| index)
    }

    /// Adds a query; the indices from `index` on go up by one.
    ///
    /// - `index`: 0 up to the number of queries
    /// - `embedding`: `[dim]`
    ///
    /// Errors: an index beyond the end, another dimension than the embeddings before, a value that is
    /// not finite, and a length further than 0.001 from 1. The matrix is then unchanged.
    pub fn insert_query(&mut self, index: usize, embedding: &[f32]) -> Result<()> {
        check_index("query", index, self.queries() + 1)?;
        self.admit(embedding)?;
        let place = index * self.dim;
        self.queries.splice(place..place, embedding.iter().copied());
        let row = self.kept.is_some().then(|| self.computed(index..index + 1));
        if let (Some(rows), Some(row)) = (&mut self.kept, row) {
            rows.insert(index, row);
        }
        self.keep_or_not();
        Ok(())
    }

    /// Adds a gallery image; the indices from `index` on go up by one.
    ///
    /// Shapes and errors are those of [`SimilarityMatrix::insert_query`].
    pub fn insert_gallery(&mut self, index: usize, embedding: &[f32]) -> Result<()> {
        check_index("gallery", index, self.gallery() + 1)?;
        self.admit(embedding)?;
        let place = index * self.dim;
        self.gallery.splice(place..place, embedding.iter().copied());
        let queries = self.queries.chunks_exact(self.dim);
        for (row, query) in self.kept.iter_mut().flatten().zip(queries) {
            insert_sparingly(row, index, dot(query, embedding));
        }
        self.keep_or_not();
        Ok(())
    }

    /// Removes a query; the indices of the later ones go down by one. Errors if there is no such
    /// query.
    pub fn remove_query(&mut self, index: usize) -> Result<()> {
        check_index("query", index, self.queries())?;
        self.queries.drain(index * self.dim..(index + 1) * self.dim);
        if let Some(rows) = &mut self.kept {
            rows.remove(index);
        }
        self.keep_or_not();
        Ok(())
    }

    /// Removes a gallery image; the indices of the later ones go down by one. Errors if there is no
    /// such image.
    pub fn remove_gallery(&mut self, index: usize) -> Result<()> {
        check_index("gallery", index, self.gallery())?;
        self.gallery.drain(index * self.dim..(index + 1) * self.dim);
        for row in self.kept.iter_mut().flatten() {
            row.remove(index);
        }
        self.keep_or_not();
        Ok(())
    }

    /// Similarities of one query with the gallery: `[gallery]`, -1..=1 up to rounding.
    ///
    /// # Panics
    ///
    /// If there is no such query, as slices do.
    #[must_use]
    pub fn row(&self, query: usize) -> Cow<'_, [f32]> {
        match &self.kept {
            Some(rows) => Cow::Borrowed(&rows[query]),
            None => Cow::Owned(self.computed(query..query + 1)),
        }
    }

    /// Passes each row in order to `take`; of a large matrix a few are in memory at a time.
    ///
    /// - `take`: gets the query's index and `[gallery]`
    pub fn for_each_row(&self, mut take: impl FnMut(usize, &[f32])) {
        if let Some(rows) = &self.kept {
            return rows.iter().enumerate().for_each(|(query, row)| take(query, row));
        }
        let Ok(()) = try_for_each_row(&self.queries, &self.gallery, self.dim, |query, row| {
            take(query, row);
            Ok::<(), Infallible>(())
        });
    }

    /// Some rows: `[queries, gallery]` row-major; queries that do not exist are left out.
    #[must_use]
    pub fn rows(&self, queries: Range<usize>) -> Vec<f32> {
        let queries = queries.start.min(self.queries())..queries.end.min(self.queries());
        match &self.kept {
            Some(rows) => rows[queries].concat(),
            None => self.computed(queries),
        }
    }

    /// Number of queries.
    #[must_use]
    pub fn queries(&self) -> usize {
        self.queries.len() / self.dim.max(1)
    }

    /// Number of gallery images.
    #[must_use]
    pub fn gallery(&self) -> usize {
        self.gallery.len() / self.dim.max(1)
    }

    /// Values in each embedding; 0 while there is none.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Embeddings of the queries: `[queries, dim]` row-major.
    #[must_use]
    pub fn query_embeddings(&self) -> &[f32] {
        &self.queries
    }

    /// Embeddings of the gallery: `[gallery, dim]` row-major.
    #[must_use]
    pub fn gallery_embeddings(&self) -> &[f32] {
        &self.gallery
    }

    /// Checks an embedding; the first decides `dim`.
    fn admit(&mut self, embedding: &[f32]) -> Result<()> {
        if self.dim != 0 && embedding.len() != self.dim {
            return Err(Error::EmbeddingLength { found: embedding.len(), expected: self.dim });
        }
        check_unit(embedding)?;
        self.dim = embedding.len();
        Ok(())
    }

    /// Similarities of some queries: `[queries, gallery]` row-major.
    fn computed(&self, queries: Range<usize>) -> Vec<f32> {
        let mut rows = vec![0.0; queries.len() * self.gallery()];
        let queries = &self.queries[queries.start * self.dim..queries.end * self.dim];
        if !rows.is_empty() {
            write_products(queries, &self.gallery, self.dim, &mut rows);
        }
        rows
    }

    /// Forgets the similarities when they have become too many, and keeps them again when they are few once more.
    fn keep_or_not(&mut self) {
        if self.queries.is_empty() && self.gallery.is_empty() {
            self.dim = 0;
        }
        let pairs = self.queries() * self.gallery();
        if pairs > self.most_kept {
            self.kept = None;
        } else if self.kept.is_none() && pairs <= self.most_kept / 2 {
            self.kept = Some((0..self.queries()).map(|query| self.computed(query..query + 1)).collect());
        }
    }
}

impl Default for SimilarityMatrix {
    fn default() -> Self {
        Self::new()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit embeddings of two numbers.
    fn embedding(index: usize) -> [f32; 2] {
        let (sine, cosine) = (index as f32 * 0.7).sin_cos();
        [sine, cosine]
    }

    fn filled(most_kept: usize) -> SimilarityMatrix {
        let mut matrix = SimilarityMatrix::keeping(most_kept);
        (0..40).for_each(|index| drop(matrix.insert_query(index / 2, &embedding(index))));
        (0..9).for_each(|index| drop(matrix.insert_gallery(0, &embedding(100 + index))));
        matrix
    }

    #[test]
    fn a_matrix_that_is_too_large_to_be_kept_has_the_same_rows() {
        let (kept, mut large) = (filled(360), filled(359));
        assert!(kept.kept.is_some() && large.kept.is_none());
        let expected = kept.rows(0..kept.queries());
        assert_eq!(large.rows(0..large.queries()), expected);
        assert_eq!(large.rows(38..99), expected[38 * 9..]);
        let mut seen = Vec::new();
        large.for_each_row(|query, row| {
            assert!(*row == expected[query * 9..][..9] && *row == *large.row(query));
            seen.push(query);
        });
        assert_eq!(seen, Vec::from_iter(0..40));
        (0..21).for_each(|_| large.remove_query(0).unwrap());
        assert!(large.kept.is_some(), "few enough again");
        assert_eq!(large.rows(0..large.queries()), expected[21 * 9..]);
    }
}
