//! Verification over all pairs, against `tests/reference/evaluation/make_verification_fixtures.py` (scikit-learn,
//! scipy). Counts are equal; tolerance of all other numbers: 1e-12.

use crate::support::references::cases;
use reid_web::metrics::{
    Distribution, ErrorRates, FALSE_POSITIVE_RATES, HISTOGRAM_BINS, ThresholdTarget, Verification,
    VerificationReport,
};
use serde::Deserialize;
use serde_json::json;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TOLERANCE: f64 = 1e-12;

#[derive(Deserialize)]
struct Case {
    name: String,
    runs: Vec<(f32, usize, usize)>,
    genuine: ExpectedDistribution,
    impostor: ExpectedDistribution,
    expected: Option<Expected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedDistribution {
    pairs: u64,
    mean: Option<f64>,
    standard_deviation: Option<f64>,
    histogram: Vec<(usize, u64)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    area_under_curve: f64,
    equal_error_rate: ExpectedEqualErrorRate,
    closest_errors: ExpectedRates,
    true_positive_rates: Vec<ExpectedRates>,
    d_prime: Option<f64>,
    rates_at: Vec<ExpectedRates>,
    advice: Vec<ExpectedAdvice>,
    curve: Option<Vec<(Option<f32>, f64, f64)>>,
}

#[derive(Deserialize)]
struct ExpectedEqualErrorRate {
    rate: f64,
    threshold: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedRates {
    threshold: Option<f32>,
    true_positives: u64,
    false_positives: u64,
    false_positive_rate: f64,
    false_negative_rate: f64,
    #[serde(default)]
    target: f64,
    #[serde(default)]
    too_few_impostors: bool,
}

#[derive(Deserialize)]
struct ExpectedAdvice {
    ratio: f64,
    prior: f64,
    #[serde(flatten)]
    rates: ExpectedRates,
}

impl Case {
    fn all() -> Vec<Self> {
        cases(include_str!("../../fixtures/metrics/verification.json"))
    }

    fn report(&self) -> VerificationReport {
        let mut verification = Verification::new();
        for &(similarity, genuine, impostor) in &self.runs {
            (0..genuine).for_each(|_| verification.add(similarity, true));
            (0..impostor).for_each(|_| verification.add(similarity, false));
        }
        verification.finish()
    }

    fn with_both_kinds() -> impl Iterator<Item = (String, VerificationReport, Expected)> {
        Self::all().into_iter().filter_map(|mut case| {
            let expected = case.expected.take()?;
            Some((case.name.clone(), case.report(), expected))
        })
    }
}

#[track_caller]
pub fn assert_near(found: impl Into<Option<f64>>, expected: impl Into<Option<f64>>, what: &str) {
    let (found, expected) = (found.into(), expected.into());
    let near = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= TOLERANCE,
        (None, None) => true,
        _ => false,
    };
    assert!(near, "{what}: {found:?}, expected {expected:?}");
}

#[track_caller]
fn assert_rates(found: ErrorRates, expected: &ExpectedRates, what: &str) {
    assert_eq!(found.threshold, expected.threshold.map(f64::from), "{what}");
    let counts = (expected.true_positives, expected.false_positives);
    assert_eq!((found.true_positives, found.false_positives), counts, "{what}");
    assert_near(found.false_positive_rate, expected.false_positive_rate, what);
    assert_near(found.false_negative_rate, expected.false_negative_rate, what);
    assert_near(found.true_positive_rate, 1.0 - expected.false_negative_rate, what);
}

fn assert_distribution(found: &Distribution, expected: &ExpectedDistribution, what: &str) {
    assert_eq!(found.pairs, expected.pairs, "{what}");
    assert_near(found.mean, expected.mean, what);
    assert_near(found.standard_deviation, expected.standard_deviation, what);
    let mut histogram = vec![0; HISTOGRAM_BINS];
    expected.histogram.iter().for_each(|&(bin, pairs)| histogram[bin] = pairs);
    assert_eq!(found.histogram, histogram, "{what}");
}

#[test]
fn distributions_equal_the_reference() {
    for case in Case::all() {
        let report = case.report();
        assert_distribution(&report.genuine, &case.genuine, &case.name);
        assert_distribution(&report.impostor, &case.impostor, &case.name);
    }
}

#[test]
fn the_whole_curve_is_scikit_learns() {
    for (name, report, expected) in Case::with_both_kinds() {
        let Some(curve) = expected.curve else { continue };
        let found: Vec<_> = report.operating_points().collect();
        assert_eq!(found.len(), curve.len(), "{name}");
        for (found, (threshold, false_positive_rate, true_positive_rate)) in found.into_iter().zip(curve) {
            assert_eq!(found.threshold, threshold.unwrap_or(f32::INFINITY), "{name}");
            let rates = report.rates_at(f64::from(found.threshold)).unwrap();
            let counts = (rates.true_positives, rates.false_positives);
            assert_eq!((found.true_positives, found.false_positives), counts, "{name}");
            assert_near(rates.false_positive_rate, false_positive_rate, &name);
            assert_near(rates.true_positive_rate, true_positive_rate, &name);
        }
    }
}

#[test]
fn areas_equal_error_rates_and_d_primes_equal_the_reference() {
    for (name, report, expected) in Case::with_both_kinds() {
        assert_near(report.area_under_curve, expected.area_under_curve, &name);
        let found = report.equal_error_rate.unwrap();
        assert_near(found.rate, expected.equal_error_rate.rate, &name);
        assert_near(found.threshold, expected.equal_error_rate.threshold, &name);
        assert_near(report.d_prime, expected.d_prime, &name);
    }
}

#[test]
fn true_positive_rates_at_false_positive_rates_equal_the_reference() {
    for (name, report, expected) in Case::with_both_kinds() {
        for expected in &expected.true_positive_rates {
            let what = format!("{name} at {}", expected.target);
            let found = report.true_positive_rate(expected.target).unwrap();
            assert_rates(found.rates, expected, &what);
            assert_eq!(found.too_few_impostors, expected.too_few_impostors, "{what}");
        }
        let usual = FALSE_POSITIVE_RATES.map(|target| report.true_positive_rate(target).unwrap());
        assert_eq!(report.true_positive_rates, usual, "{name}");
        assert!(report.true_positive_rate(f64::NAN).is_none());
        assert!(report.true_positive_rate(-0.1).is_none());
    }
}

#[test]
fn rates_at_any_threshold_equal_the_reference() {
    for (name, report, expected) in Case::with_both_kinds() {
        for expected in &expected.rates_at {
            assert_rates(report.rates_at(f64::from(expected.threshold.unwrap())).unwrap(), expected, &name);
        }
        assert_eq!(report.rates_at(f64::NAN).unwrap().true_positive_rate, 0.0);
    }
}

#[test]
fn advised_thresholds_equal_the_reference() {
    for (name, report, expected) in Case::with_both_kinds() {
        for ExpectedAdvice { ratio, prior, rates } in expected.advice {
            let found = report.advise(ThresholdTarget::Cost { ratio, prior }).unwrap();
            assert_rates(found, &rates, &format!("{name}, ratio {ratio}, prior {prior}"));
        }
        for rates in &expected.true_positive_rates {
            let target = ThresholdTarget::FalsePositiveRate { rate: rates.target };
            assert_rates(report.advise(target).unwrap(), rates, &name);
        }
        let found = report.advise(ThresholdTarget::EqualErrorRate).unwrap();
        assert_rates(found, &expected.closest_errors, &name);
    }
}

#[test]
fn costs_out_of_range_get_no_advice() {
    let mut verification = Verification::new();
    verification.add_row(&[0.5, 0.25], &[Some(true), Some(false)]);
    let report = verification.finish();
    for (ratio, prior) in [(-1.0, 0.5), (f64::INFINITY, 0.5), (1.0, 1.5), (1.0, f64::NAN), (f64::NAN, 0.5)] {
        assert_eq!(report.advise(ThresholdTarget::Cost { ratio, prior }), None);
    }
    let target: ThresholdTarget = serde_json::from_value(json!({"kind": "equalErrorRate"})).unwrap();
    assert_eq!(report.advise(target).unwrap().threshold, Some(0.5));
}

#[test]
fn one_kind_of_pairs_has_no_rates() {
    for case in Case::all().iter().filter(|case| case.expected.is_none()) {
        let report = case.report();
        assert_eq!((report.area_under_curve, report.equal_error_rate, report.d_prime), (None, None, None));
        assert!(report.curve.is_empty() && report.true_positive_rates.is_empty(), "{}", case.name);
        assert_eq!(report.rates_at(0.0), None);
        assert_eq!(report.advise(ThresholdTarget::Cost { ratio: 1.0, prior: 0.5 }), None);
        assert_eq!(report.advise(ThresholdTarget::FalsePositiveRate { rate: 0.1 }), None);
        assert_eq!(report.advise(ThresholdTarget::EqualErrorRate), None);
    }
}

/// Similarities of three different sizes and either sign, as many as asked for.
fn many(count: u32) -> impl Iterator<Item = (f32, bool)> {
    let bits = (0..count).map(|index| index.wrapping_mul(2_654_435_761));
    bits.map(|bits| ((bits >> 8) as f32 / (1 << 23) as f32 - 1.0, bits % 97 == 0))
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let pairs: Vec<_> = many(60_000).collect();
    let report = |pairs: &mut dyn Iterator<Item = &(f32, bool)>| {
        let mut verification = Verification::new();
        pairs.for_each(|&(similarity, is_match)| verification.add(similarity, is_match));
        serde_json::to_string(&verification.finish()).unwrap()
    };
    assert_eq!(report(&mut pairs.iter()), report(&mut pairs.iter().rev()));
}

#[test]
fn the_drawn_curve_is_short_and_follows_the_whole_one() {
    let mut verification = Verification::new();
    many(300_000).for_each(|(similarity, is_match)| verification.add(similarity, is_match));
    let report = verification.finish();
    let whole: Vec<_> = report.operating_points().collect();
    let (first, last) = (report.curve[0], report.curve[report.curve.len() - 1]);
    assert!((250..=500).contains(&report.curve.len()), "{}", report.curve.len());
    assert_eq!((first.threshold, first.false_positive_rate, first.true_positive_rate), (None, 0.0, 0.0));
    assert_eq!(last.threshold, whole.last().map(|point| point.threshold));
    assert_eq!((last.false_positive_rate, last.true_positive_rate), (1.0, 1.0));
    for pair in report.curve.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        assert!(
            b.false_positive_rate >= a.false_positive_rate && b.true_positive_rate >= a.true_positive_rate
        );
        assert!(b.true_positive_rate - a.true_positive_rate < 2.0 / 120.0);
        assert!(b.false_positive_rate - a.false_positive_rate < 2.0 / 120.0);
        let impostors = report.impostor.pairs as f64;
        assert!(b.false_positive_rate < 1.6 * a.false_positive_rate + 1.5 / impostors);
    }
}

#[test]
fn what_is_no_number_or_left_out_is_not_a_pair() {
    let mut verification = Verification::default();
    verification.add_row(&[f32::NAN, f32::INFINITY, 0.5, 0.4], &[Some(true), Some(false), None, Some(true)]);
    let report = verification.finish();
    assert_eq!((report.genuine.pairs, report.impostor.pairs, report.not_finite), (1, 0, 2));
}

#[test]
fn a_report_is_written_in_camel_case() {
    let mut verification = Verification::new();
    verification.add_row(&[0.5, 0.25], &[Some(true), Some(false)]);
    let found = serde_json::to_value(verification.finish()).unwrap();
    assert_eq!(found["equalErrorRate"], json!({"rate": 0.0, "threshold": 0.5}));
    assert_eq!(
        found["curve"][1],
        json!({"threshold": 0.5, "falsePositiveRate": 0.0, "truePositiveRate": 1.0})
    );
    assert_eq!(found["truePositiveRates"][2]["tooFewImpostors"], json!(true));
    assert_eq!(found["truePositiveRates"][2]["truePositiveRate"], json!(1.0));
    assert_eq!(found["impostor"]["standardDeviation"], json!(0.0));
    assert!(found.get("genuineSimilarities").is_none());
}
