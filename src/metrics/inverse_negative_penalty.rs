/// Inverse negative penalty of one query; its mean over the queries is mINP.
///
/// Number of matches over the rank of the hardest one: 1 if all matches come first, near 0 if one of
/// them comes last. It says how much of the rank list a person has to look through to find all.
///
/// Source: Ye et al. 2021, "Deep Learning for Person Re-identification: A Survey and Outlook",
/// section 4.1; JDAI-CV/fast-reid `fastreid/evaluation/rank.py`.
///
/// - `match_ranks`: `[matches]`, from 1 and ascending, as
///   [`QueryResult::match_ranks`](crate::evaluation::QueryResult::match_ranks)
/// - returns a fraction in 0..=1; `None` if the query has no match
///
/// ```
/// # use reid_web::metrics::inverse_negative_penalty;
/// assert_eq!(inverse_negative_penalty(&[1, 4]), Some(2.0 / 4.0));
/// assert_eq!(inverse_negative_penalty(&[]), None);
/// ```
#[must_use]
pub fn inverse_negative_penalty(match_ranks: &[usize]) -> Option<f64> {
    match_ranks.last().map(|&hardest| match_ranks.len() as f64 / hardest as f64)
}
