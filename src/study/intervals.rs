use serde::Serialize;

use crate::evaluation::QueryResult;
use crate::labels::ImageLabel;
use crate::metrics::{Bootstrap, Interval, inverse_negative_penalty};

/// 95 % intervals by identity; `None` with fewer than two identities.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intervals {
    /// Of CMC at rank 1.
    pub rank_1: Option<Interval>,
    /// At rank 5.
    pub rank_5: Option<Interval>,
    /// At rank 10.
    pub rank_10: Option<Interval>,
    /// Of mAP, standard definition.
    pub mean_average_precision: Option<Interval>,
    /// Of mAP, trapezoidal definition.
    pub mean_average_precision_trapezoidal: Option<Interval>,
    /// Of mINP.
    pub mean_inverse_negative_penalty: Option<Interval>,
}

impl Intervals {
    /// All of them, in the order of the fields.
    #[must_use]
    pub fn all(&self) -> [Option<Interval>; 6] {
        [
            self.rank_1,
            self.rank_5,
            self.rank_10,
            self.mean_average_precision,
            self.mean_average_precision_trapezoidal,
            self.mean_inverse_negative_penalty,
        ]
    }

    /// - `labels`: one for each query
    pub(super) fn new(per_query: &[QueryResult], labels: &[ImageLabel], seed: u64) -> Self {
        Self::of(|value| {
            let values: Vec<_> = per_query.iter().map(value).collect();
            bootstrap(labels, seed).mean(&values)
        })
    }

    /// - `interval`: of the mean of a query's value
    pub(super) fn of(interval: impl Fn(fn(&QueryResult) -> Option<f64>) -> Option<Interval>) -> Self {
        Self {
            rank_1: interval(|query| hit(query, 1)),
            rank_5: interval(|query| hit(query, 5)),
            rank_10: interval(|query| hit(query, 10)),
            mean_average_precision: interval(|query| query.average_precision),
            mean_average_precision_trapezoidal: interval(|query| query.average_precision_trapezoidal),
            mean_inverse_negative_penalty: interval(|query| {
                query.average_precision.map(|_| inverse_negative_penalty(&query.match_ranks).unwrap_or(0.0))
            }),
        }
    }
}

pub(super) fn bootstrap(labels: &[ImageLabel], seed: u64) -> Bootstrap {
    let identities: Vec<Option<&str>> = labels.iter().map(|label| label.identity.as_deref()).collect();
    Bootstrap::new(&identities, seed)
}

/// 1 with a match within the first `rank`, else 0; `None` if the query is not evaluated.
fn hit(query: &QueryResult, rank: usize) -> Option<f64> {
    let is_hit = query.first_match_rank.is_some_and(|first| first <= rank);
    query.average_precision.map(|_| f64::from(u8::from(is_hit)))
}
