use serde::Serialize;

use crate::evaluation::QueryResult;
use crate::metrics::{
    UnmatchedPolicy, inverse_negative_penalty, mean_average_precision, normalised_discounted_gain,
    precision_at_k, r_precision, recall_at_k,
};

/// Means over the evaluated queries; `None` without any.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retrieval {
    /// mINP.
    pub mean_inverse_negative_penalty: Option<f64>,
    /// Share of matches among the first R images, R matches.
    pub mean_r_precision: Option<f64>,
    /// nDCG over the whole rank list.
    pub mean_normalised_discounted_gain: Option<f64>,
    /// Precision and recall within the first 1, 5 and 10.
    pub at: Vec<AtRank>,
}

/// Means at one rank.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AtRank {
    /// From 1.
    pub rank: usize,
    /// Share of matches among the images so far.
    pub mean_precision: Option<f64>,
    /// Share of the matches that are among the images so far.
    pub mean_recall: Option<f64>,
}

const RANKS: [usize; 3] = [1, 5, 10];

impl Retrieval {
    pub(super) fn new(per_query: &[QueryResult], unmatched: UnmatchedPolicy) -> Self {
        let mean = |metric: &dyn Fn(&[usize]) -> Option<f64>| mean_of(per_query, unmatched, metric);
        let at = |rank| AtRank {
            rank,
            mean_precision: mean(&|ranks| precision_at_k(ranks, rank)),
            mean_recall: mean(&|ranks| recall_at_k(ranks, rank)),
        };
        Self {
            mean_inverse_negative_penalty: mean(&inverse_negative_penalty),
            mean_r_precision: mean(&r_precision),
            mean_normalised_discounted_gain: mean(&normalised_discounted_gain),
            at: RANKS.map(at).into(),
        }
    }
}

/// Over the queries that are evaluated; unmatched ones count as the policy says.
fn mean_of(
    per_query: &[QueryResult],
    unmatched: UnmatchedPolicy,
    metric: &dyn Fn(&[usize]) -> Option<f64>,
) -> Option<f64> {
    let evaluated = per_query.iter().filter(|query| query.average_precision.is_some());
    let values: Vec<_> =
        evaluated.map(|query| metric(&query.match_ranks).filter(|_| !query.match_ranks.is_empty())).collect();
    mean_average_precision(&values, unmatched)
}
