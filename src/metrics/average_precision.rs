/// Average precision of one query, standard definition.
///
/// Mean over the matches of (matches so far / rank).
///
/// Source: KaiyangZhou/deep-person-reid@37f92b7 `torchreid/metrics/rank.py` `eval_market1501`.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::average_precision;
/// assert_eq!(average_precision(&[1, 3]), Some((1.0 + 2.0 / 3.0) / 2.0));
/// assert_eq!(average_precision(&[]), None);
/// ```
#[must_use]
pub fn average_precision(match_ranks: &[usize]) -> Option<f64> {
    let precisions = (1..).zip(match_ranks).map(|(matches, &rank)| f64::from(matches) / rank as f64);
    (!match_ranks.is_empty()).then(|| precisions.sum::<f64>() / match_ranks.len() as f64)
}
