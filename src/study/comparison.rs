use serde::Serialize;

use super::intervals::bootstrap;
use super::{Intervals, Retrieval, Study};
use crate::evaluation::QueryResult;
use crate::labels::LabelledSet;
use crate::metrics::{OpenSetRates, cmc_at};

/// What one evaluation changes against another, plain one.
///
/// - `C`: one query before and after
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison<C = Change> {
    /// The plain one's metrics.
    pub plain: Plain,
    /// Differences of the means, each with its paired 95 % interval; positive is better. `None` if both do not have the
    /// same queries, because one has averaged them: there are no pairs then, and no query is better or worse.
    pub differences: Option<Intervals>,
    /// Queries whose average precision has become better, the most changed first.
    pub better: Vec<C>,
    /// Those for which it has become worse.
    pub worse: Vec<C>,
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

/// Metrics of an evaluation without refinements, for comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plain {
    /// Queries that count.
    pub evaluated: usize,
    /// CMC at ranks 1, 5 and 10.
    pub cmc: [Option<f64>; 3],
    /// mAP, standard definition.
    pub mean_average_precision: Option<f64>,
    /// mAP, trapezoidal definition.
    pub mean_average_precision_trapezoidal: Option<f64>,
    /// Further metrics of the ranks.
    pub retrieval: Retrieval,
    /// AUC.
    pub area_under_curve: Option<f64>,
    /// EER.
    pub equal_error_rate: Option<f64>,
    /// d′.
    pub d_prime: Option<f64>,
    /// TPR at each FPR of the verification.
    pub true_positive_rates: Vec<f64>,
    /// As of [`Study`].
    pub best_balanced: Option<OpenSetRates>,
    /// As of [`Study`].
    pub at_false_alarms: Option<OpenSetRates>,
}

impl<C> Comparison<C> {
    /// Names each changed query in another way.
    pub(crate) fn map<D>(self, named: impl Fn(C) -> D) -> Comparison<D> {
        let [better, worse] =
            [self.better, self.worse].map(|changes| changes.into_iter().map(&named).collect());
        Comparison { plain: self.plain, differences: self.differences, better, worse }
    }
}

impl Plain {
    fn of(study: &Study) -> Self {
        let Study { evaluation, verification, .. } = study;
        Self {
            evaluated: evaluation.evaluated,
            cmc: [1, 5, 10].map(|rank| cmc_at(&evaluation.cmc, rank)),
            mean_average_precision: evaluation.mean_average_precision,
            mean_average_precision_trapezoidal: evaluation.mean_average_precision_trapezoidal,
            retrieval: study.retrieval.clone(),
            area_under_curve: verification.area_under_curve,
            equal_error_rate: verification.equal_error_rate.map(|equal| equal.rate),
            d_prime: verification.d_prime,
            true_positive_rates: verification
                .true_positive_rates
                .iter()
                .map(|found| found.rates.true_positive_rate)
                .collect(),
            best_balanced: study.best_balanced,
            at_false_alarms: study.at_false_alarms,
        }
    }
}

/// Compares an evaluation with a plain one.
///
/// - `query`: of both
#[must_use]
pub fn compare(query: &LabelledSet, before: &Study, after: &Study) -> Comparison {
    let plain = Plain::of(before);
    if before.query_members != after.query_members {
        return Comparison { plain, differences: None, better: Vec::new(), worse: Vec::new() };
    }
    let [before, after] = [before, after].map(|study| study.evaluation.per_query.as_slice());
    let samples = bootstrap(query.labels, 1);
    let values = |results: &[QueryResult], value: fn(&QueryResult) -> Option<f64>| -> Vec<Option<f64>> {
        results.iter().map(value).collect()
    };
    let differences =
        Intervals::of(|value| samples.mean_difference(&values(before, value), &values(after, value)));
    let mut changes: Vec<Change> = before.iter().zip(after).filter_map(change).collect();
    changes.sort_by(|a, b| (b.after - b.before).total_cmp(&(a.after - a.before)));
    let better = changes.iter().filter(|change| change.after > change.before).copied().collect();
    let worse = changes.iter().rev().filter(|change| change.after < change.before).copied().collect();
    Comparison { plain, differences: Some(differences), better, worse }
}

fn change((before, after): (&QueryResult, &QueryResult)) -> Option<Change> {
    let (index, after) = (before.index, after.average_precision?);
    Some(Change { index, before: before.average_precision?, after })
}
