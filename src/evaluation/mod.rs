//! Metrics of a whole set of queries, by the Market-1501 protocol, and the rank list of one query: a [`Ranker`]
//! returns both.
//!
//! Which gallery images count:
//!
//! - Images of identity "-1" are junk: left out for every query.
//! - Images of the query's own identity and own camera, both known, are left out for that query if
//!   [`EvaluationOptions::remove_same_camera`] says so: finding the same shot again proves nothing.
//! - Images of the query's own file are left out for that query, whatever their labels: the same
//!   [`ImageLabel::content`]. Finding the same bytes again proves nothing either.
//! - Images without an identity stay in the ranking; they are never a match.
//! - Identity "0", Market-1501's distractors, is an ordinary wrong identity.
//!
//! Which queries count: those with an identity. Others, and queries of identity "-1", are ranked
//! but not evaluated. A query that has an identity, but no match among its gallery images, is
//! *unmatched*: [`UnmatchedPolicy`] decides whether it is left out or counts as 0. With an empty gallery no query is
//! evaluated.
//!
//! Source: Zheng et al. 2015, "Scalable Person Re-identification: A Benchmark"; KaiyangZhou/
//! deep-person-reid@37f92b7 `torchreid/metrics/rank.py` and
//! `torchreid/data/datasets/image/market1501.py`.

mod eligibility;
mod left_out;
mod missing;
mod ranker;
mod results;
mod rows;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::embedding::SimilarityMatrix;
use crate::labels::ImageLabel;
use crate::metrics::UnmatchedPolicy;
pub(crate) use eligibility::{Eligibility, same_files};
pub use left_out::{MatchCounts, Unmatched, UnmatchedCounts};
pub use missing::NotEmbedded;
pub use ranker::Ranker;
pub use results::{Evaluation, QueryResult, Ranked};
pub(crate) use rows::RowEvaluation;

/// The choices that papers rarely state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationOptions {
    /// Leave out gallery images of the query's own identity and own camera.
    pub remove_same_camera: bool,
    /// What queries without a match count.
    pub unmatched: UnmatchedPolicy,
}

/// Ranks the gallery for every query and summarises the ranks: [`Ranker::evaluate`] of a new [`Ranker`].
///
/// - `query`, `gallery`: one label for each row and each column of `matrix`, in its order
///
/// Errors if there are more or fewer labels than embeddings.
///
/// ```
/// # use reid_web::embedding::SimilarityMatrix;
/// # use reid_web::evaluation::{EvaluationOptions, evaluate};
/// # use reid_web::labels::ImageLabel;
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
    Ranker::new(query, gallery, options).evaluate(matrix)
}
