use serde::{Deserialize, Serialize};

use super::{ErrorRates, OperatingPoint, VerificationReport};

/// What a threshold is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum ThresholdTarget {
    /// As many genuine pairs as possible with a false positive rate of at most `rate`.
    FalsePositiveRate {
        /// A fraction in 0..=1.
        rate: f64,
    },
    /// The similarity at which the two error rates are closest to each other.
    ///
    /// The equal error rate itself, [`EqualErrorRate`](super::EqualErrorRate), is interpolated between two of
    /// the similarities that occurred; a threshold between them would accept exactly what the higher one does.
    EqualErrorRate,
    /// The least expected cost, `ratio` · (1 - `prior`) · FPR + `prior` · FNR.
    ///
    /// Source: the detection cost function of NIST's speaker recognition evaluations, with the cost
    /// of a false negative as the unit.
    Cost {
        /// What a false positive costs if a false negative costs 1; not negative.
        ratio: f64,
        /// Share of genuine pairs where the threshold will be used, 0..=1: not that in this data.
        prior: f64,
    },
}

impl VerificationReport {
    /// A threshold for a target, and what it does to these pairs.
    ///
    /// The threshold is a similarity that occurred, or infinity (`None` in the rates); where several do equally
    /// well, it is the highest. `None` without pairs of both kinds, and for a target
    /// outside its range.
    ///
    /// ```
    /// # use reid_web::metrics::{ThresholdTarget, Verification};
    /// let mut verification = Verification::new();
    /// verification.add_row(&[0.75, 0.5, 0.25, 0.625], &[Some(true), Some(true), Some(false), Some(false)]);
    /// let report = verification.finish();
    /// let strict = report.advise(ThresholdTarget::FalsePositiveRate { rate: 0.1 }).unwrap();
    /// assert_eq!((strict.threshold, strict.false_negative_rate), (Some(0.75), 0.5));
    /// // A false positive costs a tenth: better none of the genuine pairs is missed.
    /// let lenient = report.advise(ThresholdTarget::Cost { ratio: 0.1, prior: 0.5 }).unwrap();
    /// assert_eq!((lenient.threshold, lenient.false_positive_rate), (Some(0.5), 0.5));
    /// ```
    #[must_use]
    pub fn advise(&self, target: ThresholdTarget) -> Option<ErrorRates> {
        match target {
            ThresholdTarget::FalsePositiveRate { rate } => Some(self.true_positive_rate(rate)?.rates),
            ThresholdTarget::EqualErrorRate => self.most_equal_errors(),
            ThresholdTarget::Cost { ratio, prior } => {
                let is_valid = ratio >= 0.0 && ratio.is_finite() && (0.0..=1.0).contains(&prior);
                is_valid.then(|| self.least_cost(ratio * (1.0 - prior), prior))?
            }
        }
    }

    /// The first point of the curve with the least difference of the error rates, compared as whole numbers.
    fn most_equal_errors(&self) -> Option<ErrorRates> {
        let [genuine, impostor] = self.pairs().map(u128::from);
        let difference = |point: &OperatingPoint| {
            let [accepted, missed] =
                [point.false_positives.into(), genuine - u128::from(point.true_positives)];
            (accepted * genuine).abs_diff(missed * impostor)
        };
        self.rates_of(self.operating_points().min_by_key(difference)?)
    }

    /// The first point of the curve with the least cost.
    fn least_cost(&self, false_positive: f64, false_negative: f64) -> Option<ErrorRates> {
        let cost = |rates: &ErrorRates| {
            false_positive * rates.false_positive_rate + false_negative * rates.false_negative_rate
        };
        let rates = self.operating_points().filter_map(|point| self.rates_of(point));
        rates.reduce(|best, next| if cost(&next) < cost(&best) { next } else { best })
    }
}
