use serde::Serialize;

use super::intervals::bootstrap;
use super::{Intervals, LabelledSet, Study};
use crate::evaluation::QueryResult;

/// What one evaluation changes against another of the same queries.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Differences of the means, each with its paired 95 % interval; positive is better.
    pub differences: Intervals,
    /// Queries whose average precision has become better, the most changed first.
    pub better: Vec<Change>,
    /// Those for which it has become worse.
    pub worse: Vec<Change>,
}

/// One query before and after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Index of the query.
    pub index: usize,
    /// Average precision, standard definition.
    pub before: f64,
    /// Likewise.
    pub after: f64,
}

/// Compares two evaluations; `None` if they do not have the same queries, because one has averaged them.
///
/// - `query`: of both
#[must_use]
pub fn compare(query: &LabelledSet, before: &Study, after: &Study) -> Option<Comparison> {
    if before.query_members != after.query_members {
        return None;
    }
    let [before, after] = [before, after].map(|study| study.evaluation.per_query.as_slice());
    let samples = bootstrap(query.labels, 1);
    let values = |results: &[QueryResult], value: fn(&QueryResult) -> Option<f64>| -> Vec<Option<f64>> {
        results.iter().map(value).collect()
    };
    let differences =
        Intervals::of(|value| samples.mean_difference(&values(before, value), &values(after, value)));
    let change = |(before, after): (&QueryResult, &QueryResult)| {
        let (index, after) = (before.index, after.average_precision?);
        Some(Change { index, before: before.average_precision?, after })
    };
    let mut changes: Vec<Change> = before.iter().zip(after).filter_map(change).collect();
    changes.sort_by(|a, b| (b.after - b.before).total_cmp(&(a.after - a.before)));
    let better = changes.iter().filter(|change| change.after > change.before).copied().collect();
    let worse = changes.iter().rev().filter(|change| change.after < change.before).copied().collect();
    Some(Comparison { differences, better, worse })
}
