use serde::{Deserialize, Serialize};

/// What a query with an identity, but without a match in the gallery, counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnmatchedPolicy {
    /// Left out of the mean and of n, as in torchreid and fast-reid.
    #[default]
    Drop,
    /// Counted as 0, as in torchmetrics (`empty_target_action="neg"`); CLIP-HandID, which keeps
    /// such queries in the denominator, comes to the same number.
    Zero,
}

impl UnmatchedPolicy {
    /// The value of one query under this policy; `None` if it is left out.
    ///
    /// ```
    /// # use reid_web::metrics::UnmatchedPolicy;
    /// assert_eq!(UnmatchedPolicy::Zero.apply(None), Some(0.0));
    /// assert_eq!(UnmatchedPolicy::Drop.apply(None), None);
    /// ```
    #[must_use]
    pub fn apply(self, average_precision: Option<f64>) -> Option<f64> {
        match self {
            Self::Drop => average_precision,
            Self::Zero => Some(average_precision.unwrap_or(0.0)),
        }
    }
}

/// Mean of the average precisions of all queries that have an identity.
///
/// - `average_precisions`: `[queries]`, of either definition; `None` for a query without a match
/// - returns a fraction in 0..=1; `None` if there is no query to take the mean of
///
/// ```
/// # use reid_web::metrics::{UnmatchedPolicy, mean_average_precision};
/// let average_precisions = [Some(1.0), Some(0.5), None];
/// assert_eq!(mean_average_precision(&average_precisions, UnmatchedPolicy::Drop), Some(0.75));
/// assert_eq!(mean_average_precision(&average_precisions, UnmatchedPolicy::Zero), Some(0.5));
/// assert_eq!(mean_average_precision(&[None], UnmatchedPolicy::Drop), None);
/// ```
#[must_use]
pub fn mean_average_precision(average_precisions: &[Option<f64>], unmatched: UnmatchedPolicy) -> Option<f64> {
    let counted = average_precisions.iter().filter_map(|&value| unmatched.apply(value));
    let (sum, n) = counted.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}
