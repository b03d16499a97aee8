use serde::Serialize;

use super::OperatingPoint;

/// Steps along each linear axis, at most, between two points of the drawn curve.
const STEPS: u64 = 120;

/// A point of a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RocPoint {
    /// Accepted from this similarity on; `None` accepts nothing.
    pub threshold: Option<f32>,
    /// Share of the impostor pairs accepted.
    pub false_positive_rate: f64,
    /// Share of the genuine pairs accepted.
    pub true_positive_rate: f64,
}

/// At most 500 of the points of a ROC curve, for drawing: both ends, and enough between them for a
/// linear and for a logarithmic axis of the false positive rate.
///
/// The points fall into cells: 120 steps of each rate and, of the false positives, four for every
/// doubling. Each cell keeps its first point. Rates only grow along the curve, so at every new cell
/// one of the three goes up: there are at most 120 + 120 + 4 · 64 + 1 cells.
///
/// - `points`: [`OperatingPoint`]s from infinity down; `pairs`: genuine and impostor
/// - returns nothing if there are no pairs of one kind
pub(super) fn thinned(points: impl Iterator<Item = OperatingPoint>, pairs: [u64; 2]) -> Vec<RocPoint> {
    if pairs.contains(&0) {
        return Vec::new();
    }
    let mut kept = Vec::new();
    let (mut last_cell, mut last) = (None, None);
    for point in points {
        let cell = Some(cell(point, pairs));
        if cell != last_cell {
            kept.push(point);
        }
        (last_cell, last) = (cell, Some(point));
    }
    kept.extend(last.filter(|last| kept.last() != Some(last)));
    kept.into_iter().map(|point| roc_point(point, pairs)).collect()
}

fn cell(point: OperatingPoint, [genuine, impostor]: [u64; 2]) -> [u64; 3] {
    let step = |accepted: u64, pairs: u64| (accepted as f64 / pairs as f64 * STEPS as f64) as u64;
    [
        step(point.true_positives, genuine),
        step(point.false_positives, impostor),
        quarter_octave(point.false_positives),
    ]
}

/// 0 for 0; from then on, four steps for every doubling (fewer below 4).
fn quarter_octave(count: u64) -> u64 {
    count.checked_ilog2().map_or(0, |octave| {
        let quarter = ((u128::from(count) << 2) >> octave) as u64 - 4;
        u64::from(octave) * 4 + quarter + 1
    })
}

fn roc_point(point: OperatingPoint, [genuine, impostor]: [u64; 2]) -> RocPoint {
    RocPoint {
        threshold: point.threshold.is_finite().then_some(point.threshold),
        false_positive_rate: point.false_positives as f64 / impostor as f64,
        true_positive_rate: point.true_positives as f64 / genuine as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_octaves_never_go_back() {
        let found: Vec<_> = (0..=9).map(quarter_octave).collect();
        assert_eq!(found, [0, 1, 5, 7, 9, 10, 11, 12, 13, 13]);
        assert_eq!(quarter_octave(u64::MAX), 256);
    }
}
