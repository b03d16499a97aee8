use serde::Serialize;

use super::OperatingPoint;

/// Where the false positive rate equals the false negative rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EqualErrorRate {
    /// A fraction in 0..=1.
    pub rate: f64,
    /// Similarity.
    pub threshold: f64,
}

/// Equal error rate of a ROC curve whose points are joined by straight lines.
///
/// From the highest threshold down, the false positive rate grows and the false negative rate falls.
/// Between the last point where it is below and the first where it is not, both rates and the
/// threshold are taken to change linearly; the crossing is the answer. If the first point where it
/// is not below has equal rates, that is the answer itself; if the one before is infinity, so is its
/// threshold.
///
/// - `points`: [`OperatingPoint`]s from infinity down; `pairs`: genuine and impostor
/// - returns `None` if there are no pairs of one kind
pub(super) fn equal_error_rate(
    points: impl Iterator<Item = OperatingPoint>,
    pairs: [u64; 2],
) -> Option<EqualErrorRate> {
    let [genuine, impostor] = pairs.map(|pairs| pairs as f64);
    if genuine == 0.0 || impostor == 0.0 {
        return None;
    }
    let false_positive_rate = |point: OperatingPoint| point.false_positives as f64 / impostor;
    let excess = |point: OperatingPoint| {
        false_positive_rate(point) - (genuine - point.true_positives as f64) / genuine
    };
    let mut before = None;
    for point in points {
        if excess(point) >= 0.0 {
            let before: OperatingPoint = before?;
            let share = excess(before) / (excess(before) - excess(point));
            let between = |low: f64, high: f64| low + share * (high - low);
            let above = if before.threshold.is_finite() { before.threshold } else { point.threshold };
            return Some(EqualErrorRate {
                rate: between(false_positive_rate(before), false_positive_rate(point)),
                threshold: between(f64::from(above), f64::from(point.threshold)),
            });
        }
        before = Some(point);
    }
    None
}
