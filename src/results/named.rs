//! Results with the paths of images in place of their indices.

use serde::Serialize;

use crate::evaluation::{Evaluation, QueryResult, Unmatched};
use crate::study::{Change, Study};

/// Paths of the images of both sets, in the order of their embeddings.
#[derive(Clone, Debug)]
pub struct Paths<'a> {
    /// `[queries]`
    pub query: Vec<&'a str>,
    /// `[gallery]`
    pub gallery: Vec<&'a str>,
}

/// A query's result, its images named by path.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryByPath<'a> {
    query: &'a str,
    best: Option<&'a str>,
    #[serde(flatten)]
    values: QueryValues<'a>,
}

/// A query whose average precision a refinement has changed, named by path.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeByPath<'a> {
    query: &'a str,
    before: f64,
    after: f64,
}

/// A query's result without its images: see [`QueryResult`].
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are documented at QueryResult")]
pub struct QueryValues<'a> {
    pub best_similarity: Option<f32>,
    pub best_is_match: Option<bool>,
    pub first_match_rank: Option<usize>,
    pub unmatched: Option<Unmatched>,
    pub average_precision: Option<f64>,
    pub average_precision_trapezoidal: Option<f64>,
    pub margin: Option<f64>,
    pub removed: usize,
    pub match_ranks: &'a [usize],
}

impl<'a> From<&'a QueryResult> for QueryValues<'a> {
    fn from(result: &'a QueryResult) -> Self {
        Self {
            best_similarity: result.best_similarity,
            best_is_match: result.best_is_match,
            first_match_rank: result.first_match_rank,
            unmatched: result.unmatched,
            average_precision: result.average_precision,
            average_precision_trapezoidal: result.average_precision_trapezoidal,
            margin: result.margin,
            removed: result.removed,
            match_ranks: &result.match_ranks,
        }
    }
}

impl<'a> Paths<'a> {
    /// - `query`, `gallery`: one path for each embedding
    #[must_use]
    pub fn new<P: AsRef<str>>(query: &'a [P], gallery: &'a [P]) -> Self {
        let [query, gallery] = [query, gallery].map(|paths| paths.iter().map(AsRef::as_ref).collect());
        Self { query, gallery }
    }

    /// The paths of a study's queries and gallery; an average has that of its first image.
    pub(super) fn of_study(&self, study: &Study) -> Self {
        let of = |paths: &[&'a str], members: &Option<Vec<Vec<usize>>>| match members {
            None => paths.to_vec(),
            Some(groups) => groups.iter().map(|group| paths[group[0]]).collect(),
        };
        Self {
            query: of(&self.query, &study.query_members),
            gallery: of(&self.gallery, &study.gallery_members),
        }
    }

    /// The results of all queries of an evaluation.
    pub(super) fn queries<'b>(&self, evaluation: &'b Evaluation) -> Vec<QueryByPath<'b>>
    where
        'a: 'b,
    {
        let named = |result: &'b QueryResult| QueryByPath {
            query: self.query[result.index],
            best: result.best.map(|best| self.gallery[best]),
            values: result.into(),
        };
        evaluation.per_query.iter().map(named).collect()
    }

    pub(super) fn change(&self, Change { index, before, after }: Change) -> ChangeByPath<'a> {
        ChangeByPath { query: self.query[index], before, after }
    }
}
