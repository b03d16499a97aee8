//! Ranking by the rules of an evaluation, which are made once and used many times.

use super::eligibility::Eligibility;
use super::rows::{RowEvaluation, kept_keys};
use super::{Evaluation, EvaluationOptions, Ranked};
use crate::embedding::{SimilarityMatrix, check_index};
use crate::labels::ImageLabel;
use crate::ranking::first_k;
use crate::{Error, Result};

/// Ranks the gallery by the labels of both sets. They are compared when it is made, not for each query.
#[derive(Clone, Debug)]
pub struct Ranker {
    eligibility: Eligibility,
}

impl Ranker {
    /// - `query`, `gallery`: one label for each row and each column of the matrix, in its order
    #[must_use]
    pub fn new(query: &[ImageLabel], gallery: &[ImageLabel], options: EvaluationOptions) -> Self {
        Self { eligibility: Eligibility::new(query, gallery, options) }
    }

    /// Of sets that share images: none of them is ranked for itself.
    ///
    /// - `own`: `[queries]`: the column of the query's own image, if it is in the gallery
    #[must_use]
    pub fn with_own(self, own: Vec<Option<usize>>) -> Self {
        Self { eligibility: self.eligibility.with_own(own) }
    }

    /// Ranks the gallery for every query and sums the ranks up.
    ///
    /// # Errors
    ///
    /// [`Error::LabelCount`] if there are more or fewer labels than embeddings.
    pub fn evaluate(&self, matrix: &SimilarityMatrix) -> Result<Evaluation> {
        self.check(matrix)?;
        let mut rows = RowEvaluation::new(&self.eligibility);
        matrix.for_each_row(|_, row| rows.add(row));
        Ok(rows.finish())
    }

    /// The first `top` gallery images of one query, without those that are left out.
    ///
    /// - `query`: a row of `matrix`
    /// - returns `[min(top, images that count)]`, best first
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchIndex`] if there is no such query, and [`Error::LabelCount`].
    ///
    /// ```
    /// # use reid_web::embedding::SimilarityMatrix;
    /// # use reid_web::evaluation::{EvaluationOptions, Ranker};
    /// # use reid_web::labels::ImageLabel;
    /// let mut matrix = SimilarityMatrix::new();
    /// matrix.push_query(&[1.0, 0.0])?;
    /// matrix.push_gallery(&[0.8, 0.6])?;
    /// matrix.push_gallery(&[1.0, 0.0])?;
    /// let label = |content: &str| ImageLabel { content: Some(content.into()), ..ImageLabel::default() };
    ///
    /// // The second gallery image is the query's own file.
    /// let ranker = Ranker::new(&[label("5f1c")], &[label("a07e"), label("5f1c")], EvaluationOptions::default());
    /// let ranked = ranker.rank(&matrix, 0, 10)?;
    /// assert_eq!(ranked.iter().map(|entry| entry.index).collect::<Vec<_>>(), [0]);
    /// # Ok::<(), reid_web::Error>(())
    /// ```
    pub fn rank(&self, matrix: &SimilarityMatrix, query: usize, top: usize) -> Result<Vec<Ranked>> {
        check_index("query", query, matrix.queries())?;
        self.check(matrix)?;
        let row = matrix.row(query);
        let ranked = (1..).zip(first_k(kept_keys(&self.eligibility, query, &row).collect(), top));
        Ok(ranked
            .map(|(rank, key)| Ranked {
                index: key.index(),
                rank,
                similarity: row[key.index()],
                is_match: self.eligibility.is_match(query, key.index()),
            })
            .collect())
    }

    fn check(&self, matrix: &SimilarityMatrix) -> Result<()> {
        let sets = [
            ("query", self.eligibility.queries(), matrix.queries()),
            ("gallery", self.eligibility.gallery(), matrix.gallery()),
        ];
        for (set, labels, embeddings) in sets {
            if labels != embeddings {
                return Err(Error::LabelCount { set, labels, embeddings });
            }
        }
        Ok(())
    }
}
