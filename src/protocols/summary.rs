use serde::Serialize;

use crate::evaluation::Evaluation;
use crate::metrics::{RunSummary, cmc_at, over_runs};

/// CMC over several runs; `None` if no run has evaluated a query. Fractions are 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CmcSummary {
    /// At rank 1.
    pub rank_1: Option<RunSummary>,
    /// At rank 5.
    pub rank_5: Option<RunSummary>,
    /// At rank 10.
    pub rank_10: Option<RunSummary>,
}

impl CmcSummary {
    /// - `curves`: `[runs][ranks]`; where a curve ends before a rank, its last share is taken
    pub(super) fn over(curves: &[&[f64]]) -> Self {
        let at = |rank| over_runs(&Vec::from_iter(curves.iter().map(|cmc| cmc_at(cmc, rank))));
        Self { rank_1: at(1), rank_5: at(5), rank_10: at(10) }
    }
}

/// CMC and mAP over several runs; `None` if no run has evaluated a query. Fractions are 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunsSummary {
    /// At ranks 1, 5 and 10.
    #[serde(flatten)]
    pub cmc: CmcSummary,
    /// mAP, standard definition.
    pub mean_average_precision: Option<RunSummary>,
    /// mAP, trapezoidal definition.
    pub mean_average_precision_trapezoidal: Option<RunSummary>,
}

impl RunsSummary {
    /// Sums up evaluations; of one there are no deviations.
    ///
    /// - `runs`: `[runs]`
    #[must_use]
    pub fn over(runs: &[&Evaluation]) -> Self {
        let mean = |value: fn(&Evaluation) -> Option<f64>| {
            over_runs(&Vec::from_iter(runs.iter().map(|run| value(run))))
        };
        Self {
            cmc: CmcSummary::over(&Vec::from_iter(runs.iter().map(|run| run.cmc.as_slice()))),
            mean_average_precision: mean(|run| run.mean_average_precision),
            mean_average_precision_trapezoidal: mean(|run| run.mean_average_precision_trapezoidal),
        }
    }
}
