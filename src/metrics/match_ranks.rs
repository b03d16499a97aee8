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

/// Rank of the first match of one query, from 1; `None` if it has no match.
///
/// - `is_match`: `[gallery]`, best rank first
///
/// ```
/// # use reid_web::metrics::first_match_rank;
/// assert_eq!(first_match_rank(&[false, true, true]), Some(2));
/// assert_eq!(first_match_rank(&[false]), None);
/// ```
#[must_use]
pub fn first_match_rank(is_match: &[bool]) -> Option<usize> {
    is_match.iter().position(|&is_match| is_match).map(|index| index + 1)
}
