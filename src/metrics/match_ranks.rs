/// Ranks of the matches of one query, from 1 and ascending.
///
/// - `is_match`: `[gallery]`, best rank first
/// - returns `[matches]`
///
/// ```
/// # use reid_web::metrics::match_ranks;
/// assert_eq!(match_ranks(&[false, true, true]), [2, 3]);
/// ```
#[must_use]
pub fn match_ranks(is_match: &[bool]) -> Vec<usize> {
    (1..).zip(is_match).filter(|&(_, &is_match)| is_match).map(|(rank, _)| rank).collect()
}
