//! The results of an evaluation.

use serde::Serialize;

use super::eligibility::Eligibility;
use super::left_out::{MatchCounts, Unmatched, UnmatchedCounts};
use super::missing::NotEmbedded;
use crate::metrics::{
    UnmatchedPolicy, cumulative_hits, cumulative_match_characteristic, mean_average_precision,
};

/// The metrics of all queries, each with what it was taken over. Fractions are 0..=1.
///
/// - `Q`: what the rank list of one query came to
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation<Q = QueryResult> {
    /// Queries, with or without an identity.
    pub queries: usize,
    /// Gallery images, junk included.
    pub gallery: usize,
    /// Images that have no embedding and are not among these: see [`Evaluation::miss`].
    pub not_embedded: NotEmbedded,
    /// Queries that have an identity other than "-1".
    pub labelled: usize,
    /// Labelled queries without a match among the gallery images that count for them.
    pub unmatched: usize,
    /// The same by the reason: they sum up to `unmatched`.
    pub unmatched_by: UnmatchedCounts,
    /// Queries of identity "-1".
    pub junk_queries: usize,
    /// Gallery images of identity "-1", left out for every query.
    pub junk: usize,
    /// Gallery images that have an identity other than "-1".
    pub labelled_gallery: usize,
    /// Pairs of a query and a gallery image of the same file, left out.
    pub same_file: usize,
    /// Pairs of a labelled query and a gallery image of its identity: those that count, and those left out.
    pub matches: MatchCounts,
    /// The n of the metrics: `labelled`, less `unmatched` if these are dropped.
    pub evaluated: usize,
    /// `[ranks]`: entry k - 1 is the share of evaluated queries with a match within the first k. As
    /// long as the longest rank list of an evaluated query, at least 1; empty if there is none.
    pub cmc: Vec<f64>,
    /// `[ranks]`: the number of those queries.
    pub hits: Vec<usize>,
    /// mAP, standard definition; `None` if no query is evaluated.
    pub mean_average_precision: Option<f64>,
    /// mAP, trapezoidal definition; `None` if no query is evaluated.
    pub mean_average_precision_trapezoidal: Option<f64>,
    /// `[queries]`, in the order of the matrix.
    pub per_query: Vec<Q>,
}

/// What the rank list of one query came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryResult {
    /// Index of the query.
    pub index: usize,
    /// Gallery index at rank 1; `None` if no gallery image counts.
    pub best: Option<usize>,
    /// Its cosine similarity.
    pub best_similarity: Option<f32>,
    /// Whether it is a match; `None` if either has no identity.
    pub best_is_match: Option<bool>,
    /// Rank of the first match, from 1; `None` without a match or an identity.
    pub first_match_rank: Option<usize>,
    /// Why it has no match, though it has an identity.
    pub unmatched: Option<Unmatched>,
    /// Standard definition; `None` exactly if the query is not evaluated, so that the mean of the
    /// values given is the mAP.
    pub average_precision: Option<f64>,
    /// Trapezoidal definition; `None` exactly if the query is not evaluated.
    pub average_precision_trapezoidal: Option<f64>,
    /// Similarity of the best match less that of the best wrong image; `None` without one of both.
    pub margin: Option<f64>,
    /// Gallery images left out for this query, junk included: its rank list is this much shorter.
    pub removed: usize,
    /// `[matches]`: ranks of all matches, from 1 and ascending.
    pub match_ranks: Vec<usize>,
}

/// A gallery image in the rank list of a query.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ranked {
    /// Gallery index.
    pub index: usize,
    /// From 1.
    pub rank: usize,
    /// Cosine similarity with the query, -1..=1 up to rounding.
    pub similarity: f32,
    /// `None` if query or gallery image has no identity.
    pub is_match: Option<bool>,
}

impl Evaluation {
    /// Sums up the results of all queries.
    pub(super) fn new(per_query: Vec<QueryResult>, eligibility: &Eligibility) -> Self {
        let gallery = eligibility.gallery();
        let evaluated: Vec<_> = per_query.iter().filter(|query| query.average_precision.is_some()).collect();
        let ranks = evaluated.iter().map(|query| (gallery - query.removed).max(1)).max().unwrap_or(0);
        let first_match_ranks: Vec<_> = evaluated.iter().map(|query| query.first_match_rank).collect();
        let queries = 0..per_query.len();
        let [junk_queries, junk] = eligibility.junk();
        Self {
            queries: per_query.len(),
            gallery,
            not_embedded: NotEmbedded::default(),
            labelled: queries.clone().filter(|&query| eligibility.is_labelled(query)).count(),
            unmatched: per_query.iter().filter(|query| query.unmatched.is_some()).count(),
            unmatched_by: UnmatchedCounts::of(per_query.iter().filter_map(|query| query.unmatched)),
            junk_queries,
            junk,
            labelled_gallery: eligibility.labelled_gallery(),
            same_file: eligibility.same_file_pairs(),
            matches: queries
                .map(|query| eligibility.matches(query))
                .fold(MatchCounts::default(), MatchCounts::and),
            evaluated: evaluated.len(),
            cmc: cumulative_match_characteristic(&first_match_ranks, ranks, evaluated.len()),
            hits: cumulative_hits(&first_match_ranks, ranks),
            mean_average_precision: mean(&evaluated, |query| query.average_precision),
            mean_average_precision_trapezoidal: mean(&evaluated, |query| query.average_precision_trapezoidal),
            per_query,
        }
    }
}

impl<Q> Evaluation<Q> {
    /// The same metrics with other results of the queries.
    #[must_use]
    pub(crate) fn with_queries<R>(&self, per_query: Vec<R>) -> Evaluation<R> {
        Evaluation {
            queries: self.queries,
            gallery: self.gallery,
            not_embedded: self.not_embedded,
            labelled: self.labelled,
            unmatched: self.unmatched,
            unmatched_by: self.unmatched_by,
            junk_queries: self.junk_queries,
            junk: self.junk,
            labelled_gallery: self.labelled_gallery,
            same_file: self.same_file,
            matches: self.matches,
            evaluated: self.evaluated,
            cmc: self.cmc.clone(),
            hits: self.hits.clone(),
            mean_average_precision: self.mean_average_precision,
            mean_average_precision_trapezoidal: self.mean_average_precision_trapezoidal,
            per_query,
        }
    }
}

/// Mean of one average precision over the evaluated queries, where each already counts as the
/// policy for unmatched ones says.
fn mean(evaluated: &[&QueryResult], value: fn(&QueryResult) -> Option<f64>) -> Option<f64> {
    let values: Vec<_> = evaluated.iter().map(|query| value(query)).collect();
    mean_average_precision(&values, UnmatchedPolicy::Drop)
}
