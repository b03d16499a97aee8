//! Metrics of a whole set of queries, by the Market-1501 protocol, and the rank list of one query.
//!
//! Which gallery images count:
//!
//! - Images of identity "-1" are junk: left out for every query.
//! - Images of the query's own identity and own camera, both known, are left out for that query if
//!   [`EvaluationOptions::remove_same_camera`] says so: finding the same shot again proves nothing.
//! - Images without an identity stay in the ranking; they are never a match.
//! - Identity "0", Market-1501's distractors, is an ordinary wrong identity.
//!
//! Which queries count: those with an identity. Others, and queries of identity "-1", are ranked
//! but not evaluated. A query that has an identity, but no match among its gallery images, is
//! *unmatched*: [`UnmatchedPolicy`] decides whether it is left out or counts as 0.
//!
//! Source: Zheng et al. 2015, "Scalable Person Re-identification: A Benchmark"; KaiyangZhou/
//! deep-person-reid@37f92b7 `torchreid/metrics/rank.py` and
//! `torchreid/data/datasets/image/market1501.py`.

mod protocol;
mod report;

use serde::{Deserialize, Serialize};

use crate::embedding::{SimilarityMatrix, check_index};
use crate::metrics::{UnmatchedPolicy, average_precision, average_precision_trapezoidal};
use crate::ranking::{RankKey, first_k};
use crate::{Error, Result};
pub(crate) use protocol::JUNK;
use protocol::Protocol;
pub use report::{Evaluation, QueryResult, Ranked};

/// What is known of an image besides its embedding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageLabel {
    /// Who or what it shows, compared as written: "0001" is not "1". "-1" marks junk.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// SHA-256 of its file, in hexadecimal: images with the same content are one file. `None` where only the embedding
    /// is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl ImageLabel {
    /// Whether it shows somebody or something that can be looked for.
    pub(crate) fn has_subject(&self) -> bool {
        self.identity.as_deref().is_some_and(|identity| identity != JUNK)
    }
}

/// The choices that papers make silently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationOptions {
    /// Leave out gallery images of the query's own identity and own camera.
    pub remove_same_camera: bool,
    /// What queries without a match count.
    pub unmatched: UnmatchedPolicy,
}

/// Ranks the gallery for every query and sums the ranks up.
///
/// - `query`, `gallery`: one label for each row and each column of `matrix`, in its order
///
/// Errors if there are more or fewer labels than embeddings.
///
/// ```
/// # use reid_web::embedding::SimilarityMatrix;
/// # use reid_web::evaluation::{EvaluationOptions, ImageLabel, evaluate};
/// let mut matrix = SimilarityMatrix::new();
/// matrix.push_query(&[1.0, 0.0])?;
/// matrix.push_gallery(&[0.8, 0.6])?;
/// matrix.push_gallery(&[0.6, 0.8])?;
/// let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None, content: None };
/// let (query, gallery) = ([label("ann")], [label("ben"), label("ann")]);
///
/// let evaluation = evaluate(&matrix, &query, &gallery, EvaluationOptions::default())?;
/// assert_eq!(evaluation.per_query[0].first_match_rank, Some(2));
/// assert_eq!(evaluation.cmc, [0.0, 1.0]);
/// assert_eq!(evaluation.mean_average_precision, Some(0.5));
/// assert_eq!(evaluation.mean_average_precision_trapezoidal, Some(0.25));
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn evaluate(
    matrix: &SimilarityMatrix,
    query: &[ImageLabel],
    gallery: &[ImageLabel],
    options: EvaluationOptions,
) -> Result<Evaluation> {
    check_labels(matrix, query, gallery)?;
    let mut rows = RowEvaluation::new(query, gallery, options);
    matrix.for_each_row(|_, row| rows.add(row));
    Ok(rows.finish())
}

/// An evaluation that is given one row of scores after the other, so that the matrix need not be there as a whole.
pub(crate) struct RowEvaluation {
    protocol: Protocol,
    unmatched: UnmatchedPolicy,
    gallery: usize,
    per_query: Vec<QueryResult>,
}

impl RowEvaluation {
    pub(crate) fn new(query: &[ImageLabel], gallery: &[ImageLabel], options: EvaluationOptions) -> Self {
        let protocol = Protocol::new(query, gallery, options.remove_same_camera);
        Self::by(protocol, gallery.len(), options.unmatched)
    }

    /// Each image of one set against the others of it.
    pub(crate) fn leave_one_out(labels: &[ImageLabel], options: EvaluationOptions) -> Self {
        let protocol = Protocol::leave_one_out(labels, options.remove_same_camera);
        Self::by(protocol, labels.len(), options.unmatched)
    }

    fn by(protocol: Protocol, gallery: usize, unmatched: UnmatchedPolicy) -> Self {
        Self { protocol, unmatched, gallery, per_query: Vec::new() }
    }

    /// The next query.
    ///
    /// - `row`: `[gallery]`, higher is closer
    pub(crate) fn add(&mut self, row: &[f32]) {
        let query = self.per_query.len();
        self.per_query.push(query_result(&self.protocol, query, row, self.unmatched));
    }

    /// The queries so far.
    pub(crate) fn per_query(&self) -> &[QueryResult] {
        &self.per_query
    }

    /// Gallery indices that count for a query, ascending.
    pub(crate) fn kept(&self, query: usize) -> impl Iterator<Item = usize> {
        self.protocol.kept(query)
    }

    /// For the next query, whether each gallery image shows its identity: `[gallery]`. `None` where the image does
    /// not count for it, or one of both has no identity.
    pub(crate) fn matches(&self) -> Vec<Option<bool>> {
        let query = self.per_query.len();
        let mut is_match = vec![None; self.gallery];
        for image in self.protocol.kept(query) {
            is_match[image] = self.protocol.is_match(query, image);
        }
        is_match
    }

    pub(crate) fn finish(self) -> Evaluation {
        let Self { protocol, per_query, gallery, .. } = self;
        let labelled = (0..per_query.len()).filter(|&index| protocol.is_labelled(index)).count();
        Evaluation::new(per_query, gallery, labelled, protocol.junk())
    }
}

/// The first `top` gallery images of one query, without those that the options leave out.
///
/// - `index`: the query, a row of `matrix`
/// - `query`, `gallery`: one label for each row and each column of `matrix`, in its order
/// - returns `[min(top, images that count)]`, best first
///
/// Errors if there is no such query, or more or fewer labels than embeddings.
pub fn rank_query(
    matrix: &SimilarityMatrix,
    index: usize,
    query: &[ImageLabel],
    gallery: &[ImageLabel],
    options: EvaluationOptions,
    top: usize,
) -> Result<Vec<Ranked>> {
    check_index("query", index, matrix.queries())?;
    check_labels(matrix, query, gallery)?;
    let protocol = Protocol::new(query, gallery, options.remove_same_camera);
    let row = matrix.row(index);
    let ranked = (1..).zip(first_k(kept_keys(&protocol, index, &row).collect(), top));
    Ok(ranked
        .map(|(rank, key)| Ranked {
            index: key.index(),
            rank,
            similarity: row[key.index()],
            is_match: protocol.is_match(index, key.index()),
        })
        .collect())
}

fn check_labels(matrix: &SimilarityMatrix, query: &[ImageLabel], gallery: &[ImageLabel]) -> Result<()> {
    let sets = [("query", query.len(), matrix.queries()), ("gallery", gallery.len(), matrix.gallery())];
    for (set, labels, embeddings) in sets {
        if labels != embeddings {
            return Err(Error::LabelCount { set, labels, embeddings });
        }
    }
    Ok(())
}

/// Keys of the gallery images that count for a query, in gallery order.
fn kept_keys(protocol: &Protocol, query: usize, row: &[f32]) -> impl Iterator<Item = RankKey> {
    protocol.kept(query).map(|image| RankKey::new(image, row[image]))
}

/// One query; its average precisions are `None` if it is not evaluated.
fn query_result(protocol: &Protocol, query: usize, row: &[f32], unmatched: UnmatchedPolicy) -> QueryResult {
    let is_match = |key: &&RankKey| protocol.is_match(query, key.index());
    let keys: Vec<RankKey> = kept_keys(protocol, query, row).collect();
    let matches: Vec<RankKey> = keys.iter().filter(|key| is_match(key) == Some(true)).copied().collect();
    let similarity = |key: &RankKey| row[key.index()];
    let best_match = matches.iter().min().map(similarity);
    let best_wrong = keys.iter().filter(|key| is_match(key) == Some(false)).min().map(similarity);
    let match_ranks = ranks_of(matches, &keys);
    let best = keys.iter().min().map(|key| key.index());
    let counted = |value| {
        if protocol.is_labelled(query) { unmatched.apply(value) } else { None }
    };
    QueryResult {
        index: query,
        best,
        best_similarity: best.map(|image| row[image]),
        best_is_match: best.and_then(|image| protocol.is_match(query, image)),
        first_match_rank: match_ranks.first().copied(),
        average_precision: counted(average_precision(&match_ranks)),
        average_precision_trapezoidal: counted(average_precision_trapezoidal(&match_ranks)),
        margin: best_match.zip(best_wrong).map(|(best, wrong)| f64::from(best) - f64::from(wrong)),
        removed: row.len() - keys.len(),
        match_ranks,
    }
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
