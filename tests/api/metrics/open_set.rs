//! Open-set identification, against `tests/reference/evaluation/make_identification_fixtures.py` (scikit-learn).
//! Counts and thresholds are equal, shares to 1e-12.

use crate::metrics::verification::assert_near;
use crate::support::references::cases;
use reid_web::metrics::{OpenSet, OpenSetQuery, OpenSetRates};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    queries: Vec<(f32, bool, bool)>,
    curve: Vec<Expected>,
    rates_at: Vec<Expected>,
    best_balanced: Option<Expected>,
    at_target: Option<Vec<(f64, Expected)>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    threshold: Option<f32>,
    identified: usize,
    false_alarms: usize,
    detection: Option<f64>,
    false_positive: Option<f64>,
    balanced: Option<f64>,
}

fn all() -> impl Iterator<Item = (Case, OpenSet)> {
    let cases: Vec<Case> = cases(include_str!("../../fixtures/metrics/open_set.json"));
    cases.into_iter().map(|case| {
        let queries = case.queries.iter();
        let queries = queries.map(|&(best, is_match, is_known)| query(best, is_match, is_known));
        let open_set = OpenSet::new(&queries.collect::<Vec<_>>());
        (case, open_set)
    })
}

fn query(best_similarity: f32, best_is_match: bool, is_known: bool) -> OpenSetQuery {
    OpenSetQuery { best_similarity, best_is_match, is_known }
}

#[track_caller]
fn assert_rates(found: &OpenSetRates, expected: &Expected, what: &str) {
    assert_eq!(found.threshold, expected.threshold.map(f64::from), "{what}");
    let counts = (expected.identified, expected.false_alarms);
    assert_eq!((found.identified, found.false_alarms), counts, "{what}");
    assert_near(found.detection_and_identification_rate, expected.detection, what);
    assert_near(found.false_positive_identification_rate, expected.false_positive, what);
    assert_near(found.balanced_accuracy, expected.balanced, what);
}

#[test]
fn open_set_curves_equal_the_reference() {
    for (case, open_set) in all() {
        assert_eq!(open_set.curve.len(), case.curve.len(), "{}", case.name);
        for (found, expected) in open_set.curve.iter().zip(&case.curve) {
            assert_rates(found, expected, &case.name);
        }
        for expected in &case.rates_at {
            let threshold = f64::from(expected.threshold.unwrap());
            assert_rates(&open_set.rates_at(threshold), expected, &case.name);
        }
    }
}

#[test]
fn chosen_thresholds_equal_the_reference() {
    for (case, open_set) in all() {
        let (Some(balanced), Some(at_target)) = (&case.best_balanced, &case.at_target) else {
            assert_eq!((open_set.best_balanced(), open_set.at_false_positive_rate(0.1)), (None, None));
            continue;
        };
        assert_rates(&open_set.best_balanced().unwrap(), balanced, &case.name);
        for (target, expected) in at_target {
            let found = open_set.at_false_positive_rate(*target).unwrap();
            assert_rates(&found, expected, &format!("{} at {target}", case.name));
        }
    }
}

#[test]
fn nobody_without_a_gallery_is_accepted() {
    let open_set = OpenSet::new(&[query(f32::NEG_INFINITY, false, false), query(f32::NAN, true, true)]);
    assert_eq!((open_set.known, open_set.unknown, open_set.curve.len()), (1, 1, 1));
    assert_eq!(open_set.rates_at(-1.0).balanced_accuracy, Some(0.5));
    assert_eq!(open_set.rates_at(f64::NAN).false_alarms, 0);
    assert_eq!(open_set.at_false_positive_rate(f64::NAN), None);
    assert_eq!(OpenSet::new(&[]).best_balanced(), None);
}
