//! Verification: do these two images show one identity? Over all pairs of query and gallery image.

mod area_under_curve;
mod curve;
mod distribution;
mod equal_error_rate;
mod operating_points;
mod page;
mod result;
mod similarity_counts;
mod threshold_target;

pub use curve::RocPoint;
pub use distribution::{Distribution, HISTOGRAM_BINS};
pub use equal_error_rate::EqualErrorRate;
pub use operating_points::OperatingPoint;
pub use result::{ErrorRates, FALSE_POSITIVE_RATES, TruePositiveRate, VerificationReport};
use similarity_counts::SimilarityCounts;
pub use threshold_target::ThresholdTarget;

/// The similarities of all pairs, genuine (one identity) and impostor (two identities), as they
/// come.
///
/// Keeps each to the last bit, in about two bytes a pair, at most 256 kB for every 65,536
/// neighbouring numbers; one similarity may occur 2³² - 1 times.
///
/// ```
/// # use reid_web::metrics::Verification;
/// let mut verification = Verification::new();
/// verification.add_row(&[0.9, 0.4, 0.7], &[Some(true), Some(false), None]);
/// verification.add_row(&[0.6, 0.8], &[Some(true), Some(false)]);
/// let report = verification.finish();
/// assert_eq!((report.genuine.pairs, report.impostor.pairs), (2, 2));
/// // Of four times genuine against impostor, genuine is more similar three times.
/// assert_eq!(report.area_under_curve, Some(0.75));
/// assert_eq!(report.rates_at(0.7).map(|rates| rates.false_positive_rate), Some(0.5));
/// ```
#[derive(Clone, Debug)]
pub struct Verification {
    genuine: SimilarityCounts,
    impostor: SimilarityCounts,
    not_finite: u64,
}

impl Default for Verification {
    fn default() -> Self {
        Self::new()
    }
}

impl Verification {
    /// Without pairs.
    #[must_use]
    pub fn new() -> Self {
        Self { genuine: SimilarityCounts::new(), impostor: SimilarityCounts::new(), not_finite: 0 }
    }

    /// Adds a pair. One whose similarity is NaN or infinite is only counted.
    pub fn add(&mut self, similarity: f32, is_match: bool) {
        if !similarity.is_finite() {
            self.not_finite += 1;
        } else if is_match {
            self.genuine.add(similarity);
        } else {
            self.impostor.add(similarity);
        }
    }

    /// Adds the pairs of one query with the gallery.
    ///
    /// - `similarities`: `[gallery]`
    /// - `is_match`: `[gallery]`; `None` leaves a pair out, because it is junk or an identity is unknown
    pub fn add_row(&mut self, similarities: &[f32], is_match: &[Option<bool>]) {
        for (&similarity, is_match) in similarities.iter().zip(is_match) {
            if let Some(is_match) = *is_match {
                self.add(similarity, is_match);
            }
        }
    }

    /// Sums up all pairs.
    #[must_use]
    pub fn finish(self) -> VerificationReport {
        VerificationReport::new(self.genuine.sorted(), self.impostor.sorted(), self.not_finite)
    }
}
