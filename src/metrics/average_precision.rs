use super::match_ranks;

/// Average precision of one query, standard definition.
///
/// Mean over the matches of (matches so far / rank).
///
/// Source: KaiyangZhou/deep-person-reid@37f92b7 `torchreid/metrics/rank.py` `eval_market1501`.
///
/// - `is_match`: `[gallery]`, best rank first
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::average_precision;
/// assert_eq!(average_precision(&[true, false, true]), Some((1.0 + 2.0 / 3.0) / 2.0));
/// assert_eq!(average_precision(&[false, false]), None);
/// ```
#[must_use]
pub fn average_precision(is_match: &[bool]) -> Option<f64> {
    let ranks = match_ranks(is_match);
    let precisions = (1..).zip(&ranks).map(|(matches, &rank)| f64::from(matches) / rank as f64);
    (!ranks.is_empty()).then(|| precisions.sum::<f64>() / ranks.len() as f64)
}
