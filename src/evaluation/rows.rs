//! Evaluation of one row of scores after another.

use super::eligibility::Eligibility;
use super::{Evaluation, QueryResult};
use crate::metrics::{average_precision, average_precision_trapezoidal};
use crate::ranking::RankKey;

/// An evaluation that takes one row of scores after another, so the whole matrix is never needed at once.
pub(crate) struct RowEvaluation<'a> {
    eligibility: &'a Eligibility,
    per_query: Vec<QueryResult>,
}

impl<'a> RowEvaluation<'a> {
    pub(crate) fn new(eligibility: &'a Eligibility) -> Self {
        Self { eligibility, per_query: Vec::new() }
    }

    /// The next query.
    ///
    /// - `row`: `[gallery]`, higher is closer
    pub(crate) fn add(&mut self, row: &[f32]) {
        let query = self.per_query.len();
        self.per_query.push(query_result(self.eligibility, query, row));
    }

    /// The next query, for which no gallery image is ranked.
    pub(crate) fn add_unranked(&mut self) {
        let (index, removed) = (self.per_query.len(), self.eligibility.gallery());
        self.per_query.push(QueryResult {
            index,
            removed,
            unmatched: self.eligibility.unmatched(index),
            average_precision: counted(self.eligibility, index, None),
            average_precision_trapezoidal: counted(self.eligibility, index, None),
            ..QueryResult::default()
        });
    }

    /// The queries so far.
    pub(crate) fn per_query(&self) -> &[QueryResult] {
        &self.per_query
    }

    /// Gallery indices that count for a query, ascending.
    pub(crate) fn kept(&self, query: usize) -> impl Iterator<Item = usize> {
        self.eligibility.kept(query)
    }

    /// For the next query, whether each gallery image shows its identity: `[gallery]`. `None` where the image does
    /// not count for it, or one of both has no identity.
    pub(crate) fn matches(&self) -> Vec<Option<bool>> {
        let query = self.per_query.len();
        let mut is_match = vec![None; self.eligibility.gallery()];
        for image in self.eligibility.kept(query) {
            is_match[image] = self.eligibility.is_match(query, image);
        }
        is_match
    }

    pub(crate) fn finish(self) -> Evaluation {
        Evaluation::new(self.per_query, self.eligibility)
    }
}

/// Keys of the gallery images that count for a query, in gallery order.
pub(super) fn kept_keys(
    eligibility: &Eligibility,
    query: usize,
    row: &[f32],
) -> impl Iterator<Item = RankKey> {
    eligibility.kept(query).map(|image| RankKey::new(image, row[image]))
}

/// One query; its average precisions are `None` if it is not evaluated.
fn query_result(eligibility: &Eligibility, query: usize, row: &[f32]) -> QueryResult {
    let is_match = |key: &&RankKey| eligibility.is_match(query, key.index());
    let keys: Vec<RankKey> = kept_keys(eligibility, query, row).collect();
    let matches: Vec<RankKey> = keys.iter().filter(|key| is_match(key) == Some(true)).copied().collect();
    let similarity = |key: &RankKey| row[key.index()];
    let best_match = matches.iter().min().map(similarity);
    let best_wrong = keys.iter().filter(|key| is_match(key) == Some(false)).min().map(similarity);
    let match_ranks = ranks_of(matches, &keys);
    let best = keys.iter().min().map(|key| key.index());
    QueryResult {
        index: query,
        best,
        best_similarity: best.map(|image| row[image]),
        best_is_match: best.and_then(|image| eligibility.is_match(query, image)),
        first_match_rank: match_ranks.first().copied(),
        unmatched: eligibility.unmatched(query),
        average_precision: counted(eligibility, query, average_precision(&match_ranks)),
        average_precision_trapezoidal: counted(
            eligibility,
            query,
            average_precision_trapezoidal(&match_ranks),
        ),
        margin: best_match.zip(best_wrong).map(|(best, wrong)| f64::from(best) - f64::from(wrong)),
        removed: row.len() - keys.len(),
        match_ranks,
    }
}

/// What an average precision, `None` without a match, counts for a query: nothing without a gallery.
fn counted(eligibility: &Eligibility, query: usize, value: Option<f64>) -> Option<f64> {
    let is_asked = eligibility.is_labelled(query) && eligibility.gallery() > 0;
    is_asked.then(|| eligibility.unmatched_policy().apply(value)).flatten()
}

/// Ranks of some keys among all of them, from 1 and ascending, without ordering all: those before each are counted.
fn ranks_of(mut some: Vec<RankKey>, all: &[RankKey]) -> Vec<usize> {
    some.sort_unstable();
    let mut passed = vec![0; some.len()];
    for key in all {
        let first_not_before = some.partition_point(|one| one < key);
        if let Some(count) = passed.get_mut(first_not_before) {
            *count += 1;
        }
    }
    passed
        .into_iter()
        .scan(0, |rank, count| {
            *rank += count;
            Some(*rank)
        })
        .collect()
}
