//! A study, for people.

use super::notes::{few_pairs, interval as interval_text, notes_on, of_intervals};
use super::shown;
use crate::metrics::{Interval, ThresholdTarget, cmc_at};
use crate::study::{Comparison, Plain, Study};

/// A study for people, one line per value.
#[must_use]
pub fn study_text(study: &Study, comparison: Option<&Comparison>) -> String {
    let mut lines = ranking_lines(study);
    lines.extend(pair_lines(study));
    lines.push(counts(study));
    lines.extend(notes_on(&study.evaluation));
    lines.extend(of_intervals(&study.intervals.all()));
    lines.extend(comparison.map(|comparison| plain_line(&comparison.plain)));
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Metrics of the rank lists, with their intervals.
fn ranking_lines(Study { evaluation, intervals, retrieval, .. }: &Study) -> Vec<String> {
    let with_interval = |name: &str, value: Option<f64>, interval: Option<Interval>| {
        line(name, value, &interval_text(interval))
    };
    let cmc = |rank| cmc_at(&evaluation.cmc, rank);
    let trapezoidal = evaluation.mean_average_precision_trapezoidal;
    let penalty = retrieval.mean_inverse_negative_penalty;
    vec![
        with_interval("Rank-1", cmc(1), intervals.rank_1),
        with_interval("Rank-5", cmc(5), intervals.rank_5),
        with_interval("Rank-10", cmc(10), intervals.rank_10),
        with_interval("mAP", evaluation.mean_average_precision, intervals.mean_average_precision),
        with_interval("mAP, trapezoidal", trapezoidal, intervals.mean_average_precision_trapezoidal),
        with_interval("mINP", penalty, intervals.mean_inverse_negative_penalty),
        line("R-precision", retrieval.mean_r_precision, ""),
        line("nDCG", retrieval.mean_normalised_discounted_gain, ""),
    ]
}

/// Metrics of the pairs, and the threshold.
fn pair_lines(study: &Study) -> Vec<String> {
    let verification = &study.verification;
    let mut lines = vec![
        line("AUC", verification.area_under_curve, ""),
        line("EER", verification.equal_error_rate.map(|equal| equal.rate), ""),
    ];
    lines.extend(verification.true_positive_rates.iter().map(|found| {
        let name = format!("TPR at FPR {:e}", found.target);
        line(&name, Some(found.rates.true_positive_rate), few_pairs(found.too_few_impostors))
    }));
    let threshold = study.threshold.and_then(|rates| rates.threshold);
    lines.push(line("Threshold", threshold, few_pairs(has_few_pairs(study))));
    lines
}

fn line(name: &str, value: Option<f64>, note: &str) -> String {
    format!("{name:22}{}{note}", shown(value))
}

fn counts(Study { evaluation, verification, .. }: &Study) -> String {
    format!(
        "{} of {} queries evaluated, {} without a match; {} gallery images, {} junk; {} genuine and {} impostor pairs",
        evaluation.evaluated,
        evaluation.queries + evaluation.not_embedded.queries,
        evaluation.unmatched,
        evaluation.gallery,
        evaluation.junk,
        verification.genuine.pairs,
        verification.impostor.pairs
    )
}

fn plain_line(plain: &Plain) -> String {
    let [rank_1, _, _] = plain.cmc;
    format!("without refinements: Rank-1 {}, mAP {}", shown(rank_1), shown(plain.mean_average_precision))
}

/// Whether too few pairs decide the threshold for a false positive rate.
fn has_few_pairs(study: &Study) -> bool {
    let ThresholdTarget::FalsePositiveRate { rate } = study.settings.target else { return false };
    study.verification.true_positive_rate(rate).is_some_and(|found| found.too_few_impostors)
}
