/// Precision at k of one query: the share of matches among the first k ranks.
///
/// A rank list shorter than k counts as if wrong images filled it up (torchmetrics'
/// `RetrievalPrecision(adaptive_k=False)`).
///
/// - `match_ranks`: `[matches]`, from 1 and ascending, as
///   [`QueryResult::match_ranks`](crate::evaluation::QueryResult::match_ranks)
/// - returns a fraction in 0..=1; `None` if the query has no match, or if `k` is 0
///
/// ```
/// # use reid_web::metrics::precision_at_k;
/// assert_eq!(precision_at_k(&[1, 3, 4], 3), Some(2.0 / 3.0));
/// assert_eq!(precision_at_k(&[], 3), None);
/// ```
#[must_use]
pub fn precision_at_k(match_ranks: &[usize], k: usize) -> Option<f64> {
    (!match_ranks.is_empty() && k > 0).then(|| within(match_ranks, k) as f64 / k as f64)
}

/// Recall at k of one query: the share of its matches that are among the first k ranks.
///
/// In some papers "recall at k" is the CMC at k: whether any match is among them.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending, as
///   [`QueryResult::match_ranks`](crate::evaluation::QueryResult::match_ranks)
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::recall_at_k;
/// assert_eq!(recall_at_k(&[1, 3, 4], 3), Some(2.0 / 3.0));
/// assert_eq!(recall_at_k(&[2], 1), Some(0.0));
/// ```
#[must_use]
pub fn recall_at_k(match_ranks: &[usize], k: usize) -> Option<f64> {
    (!match_ranks.is_empty()).then(|| within(match_ranks, k) as f64 / match_ranks.len() as f64)
}

/// R-precision of one query: precision, and recall, at its number of matches.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending, as
///   [`QueryResult::match_ranks`](crate::evaluation::QueryResult::match_ranks)
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::r_precision;
/// assert_eq!(r_precision(&[1, 3, 4]), Some(2.0 / 3.0));
/// ```
#[must_use]
pub fn r_precision(match_ranks: &[usize]) -> Option<f64> {
    recall_at_k(match_ranks, match_ranks.len())
}

/// Matches among the first k ranks.
fn within(match_ranks: &[usize], k: usize) -> usize {
    match_ranks.partition_point(|&rank| rank <= k)
}
