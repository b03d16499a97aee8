/// Normalised discounted cumulative gain (nDCG) of one query over its whole rank list.
///
/// A match at rank r gains 1 / log2(r + 1), a wrong image nothing; the sum is divided by that of the
/// rank list that has all matches first.
///
/// Source: Järvelin and Kekäläinen 2002; scikit-learn's `ndcg_score`.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending, as
///   [`QueryResult::match_ranks`](crate::evaluation::QueryResult::match_ranks)
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::normalised_discounted_gain;
/// assert_eq!(normalised_discounted_gain(&[1, 2]), Some(1.0));
/// assert_eq!(normalised_discounted_gain(&[3]), Some(0.5));
/// ```
#[must_use]
pub fn normalised_discounted_gain(match_ranks: &[usize]) -> Option<f64> {
    let found: f64 = match_ranks.iter().map(|&rank| gain(rank)).sum();
    let best: f64 = (1..=match_ranks.len()).map(gain).sum();
    (!match_ranks.is_empty()).then(|| found / best)
}

/// By libm, so that the browser gets the same bits as the desktop.
fn gain(rank: usize) -> f64 {
    1.0 / libm::log2((rank + 1) as f64)
}
