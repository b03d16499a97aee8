/// Margin of one query: similarity of its best match minus that of its best wrong image.
///
/// Positive exactly if the match comes first whatever the order of ties; small or negative values
/// are the queries to look at.
///
/// - `similarities`: `[gallery]`, finite, in any order
/// - `is_match`: `[gallery]`, in the same order
/// - returns -2..=2 up to rounding; `None` without a match or without a wrong image
///
/// ```
/// # use reid_web::metrics::margin;
/// assert_eq!(margin(&[0.25, 0.75, 0.5], &[true, false, false]), Some(-0.5));
/// assert_eq!(margin(&[0.25], &[true]), None);
/// ```
#[must_use]
pub fn margin(similarities: &[f32], is_match: &[bool]) -> Option<f64> {
    let best = |wanted| {
        let pairs = similarities.iter().zip(is_match).filter(move |&(_, &is_match)| is_match == wanted);
        pairs.map(|(&similarity, _)| f64::from(similarity)).reduce(f64::max)
    };
    Some(best(true)? - best(false)?)
}
