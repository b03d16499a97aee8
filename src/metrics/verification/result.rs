use serde::Serialize;

use super::area_under_curve::AreaUnderCurve;
use super::curve::thinned;
use super::equal_error_rate::equal_error_rate;
use super::operating_points::OperatingPoints;
use super::similarity_counts::SortedSimilarities;
use super::{Distribution, EqualErrorRate, OperatingPoint, RocPoint};

/// False positive rates at which [`VerificationReport::true_positive_rates`] are taken.
pub const FALSE_POSITIVE_RATES: [f64; 3] = [1e-4, 1e-3, 1e-2];

/// False positives that a rate must allow before the figure at that rate says much: 10.
const FEWEST_FALSE_POSITIVES: f64 = 10.0;

/// How well a threshold on the similarity tells genuine pairs from impostor pairs.
///
/// Every number is exact whatever the number of pairs, and does not depend on their order. A pair is
/// accepted if its similarity is at least the threshold. False positive rate (FPR; also FMR): share
/// of the impostor pairs accepted. False negative rate (FNR; also FNMR): share of the genuine pairs
/// not accepted. True positive rate (TPR): 1 - FNR.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationReport {
    /// Pairs of one identity.
    pub genuine: Distribution,
    /// Pairs of two identities.
    pub impostor: Distribution,
    /// Pairs left out because their similarity is not a finite number.
    pub not_finite: u64,
    /// Area under the ROC curve: the chance that a genuine pair is more similar than an impostor
    /// pair, where a tie counts half. `None` without pairs of both kinds.
    pub area_under_curve: Option<f64>,
    /// `None` without pairs of both kinds.
    pub equal_error_rate: Option<EqualErrorRate>,
    /// For each of [`FALSE_POSITIVE_RATES`]; empty without pairs of both kinds.
    pub true_positive_rates: Vec<TruePositiveRate>,
    /// Difference of the means over the root of the mean of both variances; `None` without pairs of
    /// both kinds, or if all similarities of each kind are equal.
    pub d_prime: Option<f64>,
    /// The ROC curve for drawing: at most 500 points, both ends included, those between closer where
    /// the false positive rate is small. Empty without pairs of both kinds.
    pub curve: Vec<RocPoint>,
    #[serde(skip)]
    genuine_similarities: SortedSimilarities,
    #[serde(skip)]
    impostor_similarities: SortedSimilarities,
}

/// The largest true positive rate whose false positive rate is not above a target.
///
/// fast-reid's values of this name are different ones (`fastreid/evaluation/roc.py`): its scores are distances and its
/// positives the different-identity pairs, so that its TPR is the share of these that are rejected, its FPR that of
/// same-identity pairs rejected with them; and it takes the point of the curve whose rate is nearest to the target, be
/// it above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TruePositiveRate {
    /// False positive rate not to exceed.
    pub target: f64,
    /// What the threshold does.
    #[serde(flatten)]
    pub rates: ErrorRates,
    /// True if there are fewer than 10 / target impostor pairs: fewer than ten false positives are
    /// then allowed, and the figure depends on single pairs.
    pub too_few_impostors: bool,
}

/// What a threshold does to the pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorRates {
    /// Accepted from this similarity on; `None` accepts nothing.
    pub threshold: Option<f64>,
    /// Genuine pairs accepted.
    pub true_positives: u64,
    /// Impostor pairs accepted.
    pub false_positives: u64,
    /// FPR: `false_positives` over all impostor pairs.
    pub false_positive_rate: f64,
    /// FNR: genuine pairs not accepted over all genuine pairs.
    pub false_negative_rate: f64,
    /// TPR: `true_positives` over all genuine pairs.
    pub true_positive_rate: f64,
}

impl VerificationReport {
    pub(super) fn new(genuine: SortedSimilarities, impostor: SortedSimilarities, not_finite: u64) -> Self {
        let mut report = Self {
            genuine: Distribution::new(&genuine),
            impostor: Distribution::new(&impostor),
            not_finite,
            area_under_curve: None,
            equal_error_rate: None,
            true_positive_rates: Vec::new(),
            d_prime: None,
            curve: Vec::new(),
            genuine_similarities: genuine,
            impostor_similarities: impostor,
        };
        report.equal_error_rate = equal_error_rate(report.operating_points(), report.pairs());
        let rates = FALSE_POSITIVE_RATES.into_iter().filter_map(|target| report.true_positive_rate(target));
        report.true_positive_rates = rates.collect();
        report.d_prime = d_prime(&report.genuine, &report.impostor);
        let mut area = AreaUnderCurve::default();
        report.curve = thinned(report.operating_points().inspect(|&point| area.add(point)), report.pairs());
        report.area_under_curve = area.of_all(report.pairs());
        report
    }

    /// Every point of the ROC curve, from the threshold that accepts nothing down: one for each
    /// different similarity, as scikit-learn's `roc_curve(drop_intermediate=False)`.
    pub fn operating_points(&self) -> impl Iterator<Item = OperatingPoint> {
        OperatingPoints::new(
            self.genuine_similarities.pages().flatten(),
            self.impostor_similarities.pages().flatten(),
        )
    }

    /// What a threshold does to the pairs; `None` without pairs of both kinds.
    ///
    /// Takes microseconds: right for a slider.
    #[must_use]
    pub fn rates_at(&self, threshold: f64) -> Option<ErrorRates> {
        let true_positives = self.genuine_similarities.count_from(threshold);
        let false_positives = self.impostor_similarities.count_from(threshold);
        self.rates(Some(threshold), true_positives, false_positives)
    }

    /// The largest true positive rate with a false positive rate of at most `target`.
    ///
    /// Its threshold is the highest with that rate: the similarity of a genuine pair. `None` without
    /// pairs of both kinds, or if `target` is negative or NaN.
    #[must_use]
    pub fn true_positive_rate(&self, target: f64) -> Option<TruePositiveRate> {
        let impostors = self.impostor.pairs as f64;
        let allowed = |point: &OperatingPoint| point.false_positives as f64 / impostors <= target;
        let mut best: Option<OperatingPoint> = None;
        for point in self.operating_points().take_while(allowed) {
            best = best.filter(|best| best.true_positives == point.true_positives).or(Some(point));
        }
        Some(TruePositiveRate {
            target,
            rates: self.rates_of(best?)?,
            too_few_impostors: impostors < FEWEST_FALSE_POSITIVES / target,
        })
    }

    /// Rates at a point of the curve; `None` without pairs of both kinds.
    pub(super) fn rates_of(&self, point: OperatingPoint) -> Option<ErrorRates> {
        let threshold = point.threshold.is_finite().then_some(f64::from(point.threshold));
        self.rates(threshold, point.true_positives, point.false_positives)
    }

    fn rates(&self, threshold: Option<f64>, true_positives: u64, false_positives: u64) -> Option<ErrorRates> {
        let [genuine, impostor] = self.pairs();
        (genuine > 0 && impostor > 0).then(|| ErrorRates {
            threshold,
            true_positives,
            false_positives,
            false_positive_rate: false_positives as f64 / impostor as f64,
            false_negative_rate: (genuine - true_positives) as f64 / genuine as f64,
            true_positive_rate: true_positives as f64 / genuine as f64,
        })
    }

    pub(super) fn pairs(&self) -> [u64; 2] {
        [self.genuine.pairs, self.impostor.pairs]
    }
}

fn d_prime(genuine: &Distribution, impostor: &Distribution) -> Option<f64> {
    let difference = genuine.mean? - impostor.mean?;
    let (a, b) = (genuine.standard_deviation?, impostor.standard_deviation?);
    let spread = ((a * a + b * b) / 2.0).sqrt();
    (spread > 0.0).then(|| difference / spread)
}
