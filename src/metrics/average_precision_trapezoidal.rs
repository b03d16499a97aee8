/// Average precision of one query, trapezoidal definition.
///
/// Mean over the matches of (p_before + p_at) / 2: p_at is the precision at the match's rank,
/// p_before the one at the rank before it, 1 for a match at rank 1. It is the area under the
/// precision-recall curve by the trapezoidal rule, and up to 0.5 lower than [`average_precision`]
/// for the same ranks.
///
/// With one match, it is the mean of the standard average precision and "the match is at rank 1".
///
/// Source: nathanlem1/CLIP-HandID@73a60e2 `evaluation_metrics.py` `compute_mAP`; earlier the Oxford
/// Buildings and Market-1501 evaluation code.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::average_precision_trapezoidal;
/// assert_eq!(average_precision_trapezoidal(&[1]), Some(1.0));
/// assert_eq!(average_precision_trapezoidal(&[2]), Some((0.0 + 1.0 / 2.0) / 2.0));
/// // The second match: 1 of 2 before it, 2 of 3 at it.
/// let second = (1.0 / 2.0 + 2.0 / 3.0) / 2.0;
/// assert_eq!(average_precision_trapezoidal(&[1, 3]), Some((1.0 + second) / 2.0));
/// ```
///
/// [`average_precision`]: super::average_precision
#[must_use]
pub fn average_precision_trapezoidal(match_ranks: &[usize]) -> Option<f64> {
    let areas = match_ranks.iter().enumerate().map(|(matches_before, &rank)| {
        let before = if rank == 1 { 1.0 } else { matches_before as f64 / (rank - 1) as f64 };
        let at = (matches_before + 1) as f64 / rank as f64;
        (before + at) / 2.0
    });
    (!match_ranks.is_empty()).then(|| areas.sum::<f64>() / match_ranks.len() as f64)
}
