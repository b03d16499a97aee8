//! Bootstrap intervals and runs, against `tests/reference/make_identification_fixtures.py` (numpy, and a
//! ChaCha8 of its own), to 1e-12.

use crate::references::cases;
use crate::verification::assert_near;
use reid_web::metrics::{Bootstrap, Interval, over_runs};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    seed: u64,
    identities: Vec<String>,
    before: Vec<Option<f64>>,
    after: Vec<Option<f64>>,
    mean: Option<Expected>,
    difference: Option<Expected>,
    run_mean: Option<f64>,
    run_deviation: Option<f64>,
}

#[derive(Deserialize)]
struct Expected {
    estimate: f64,
    low: f64,
    high: f64,
    queries: usize,
    identities: usize,
}

fn all() -> Vec<Case> {
    cases(include_str!("../fixtures/metrics/intervals.json"))
}

#[track_caller]
fn assert_interval(found: Option<Interval>, expected: Option<Expected>, what: &str) {
    assert_eq!(found.is_some(), expected.is_some(), "{what}");
    let (Some(found), Some(expected)) = (found, expected) else { return };
    assert_eq!((found.queries, found.identities), (expected.queries, expected.identities), "{what}");
    assert_near(found.estimate, expected.estimate, what);
    assert_near(found.low, expected.low, what);
    assert_near(found.high, expected.high, what);
}

#[test]
fn intervals_equal_the_reference() {
    for case in all() {
        let bootstrap = Bootstrap::new(&case.identities, case.seed);
        assert_interval(bootstrap.mean(&case.before), case.mean, &case.name);
        let difference = bootstrap.mean_difference(&case.before, &case.after);
        assert_interval(difference, case.difference, &format!("{}, difference", case.name));
    }
}

#[test]
fn the_order_of_the_queries_does_not_move_an_interval() {
    let identities: Vec<_> = (0..40).map(|query| query % 7).collect();
    let values: Vec<_> = (0..40).map(|query| Some(f64::from(query * query % 32) / 32.0)).collect();
    let reversed = |values: &[Option<f64>]| values.iter().rev().copied().collect::<Vec<_>>();
    let back: Vec<_> = identities.iter().rev().copied().collect();
    let found = Bootstrap::new(&back, 9).mean(&reversed(&values));
    assert_eq!(found, Bootstrap::new(&identities, 9).mean(&values));
    assert_ne!(found, Bootstrap::new(&identities, 10).mean(&values));
}

#[test]
fn a_paired_interval_is_narrow_where_both_runs_are_alike() {
    let identities: Vec<_> = (0..200).collect();
    let before: Vec<_> = (0..200).map(|query| Some(f64::from(query * 7919 % 200) / 200.0)).collect();
    let after: Vec<_> = before.iter().map(|value| value.map(|value| value + 0.01)).collect();
    let bootstrap = Bootstrap::new(&identities, 1);
    let difference = bootstrap.mean_difference(&before, &after).unwrap();
    let mean = bootstrap.mean(&before).unwrap();
    assert!((difference.low - 0.01).abs() < 1e-12 && (difference.high - 0.01).abs() < 1e-12);
    // The normal interval of 200 values spread evenly over 0..1 is 4 · 0.289 / √200 = 0.08 wide.
    assert!((0.07..0.09).contains(&(mean.high - mean.low)), "{mean:?}");
}

#[test]
fn means_and_deviations_over_runs_equal_the_reference() {
    for case in all() {
        let found = over_runs(&case.before);
        assert_near(found.map(|summary| summary.mean), case.run_mean, &case.name);
        assert_near(found.and_then(|summary| summary.standard_deviation), case.run_deviation, &case.name);
    }
}
