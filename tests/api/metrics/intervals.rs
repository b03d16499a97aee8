//! Bootstrap intervals and runs, against `tests/reference/evaluation/make_identification_fixtures.py` (numpy, and a
//! ChaCha8 of its own), to 1e-12.

use crate::metrics::verification::assert_near;
use crate::support::references::cases;
use reid_web::metrics::{Bootstrap, Caution, Interval, over_runs};
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
    cases(include_str!("../../fixtures/metrics/intervals.json"))
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

#[test]
fn an_interval_without_spread_says_so_and_how_little_that_means() {
    let values = |value: f64, count: usize| vec![Some(value); count];
    for (identities, undetected) in [(2, 0.776_393_202_250_021), (24, 0.117_346_156), (100, 0.029_513_049_6)]
    {
        let names: Vec<usize> = (0..identities).collect();
        let found = Bootstrap::new(&names, 1).mean(&values(1.0, identities)).unwrap();
        // 1 − 0.05^(1 / n); Hanley's rule of three is 3 / n.
        let Some(Caution::NoSpread { undetected: share }) = found.caution else { panic!("{found:?}") };
        assert!((share - undetected).abs() < 1e-8, "{share}");
        assert_eq!((found.low, found.high), (1.0, 1.0));
    }
    // Sums of thirds round: that is no spread either.
    let thirds = Bootstrap::new(&[0, 1, 1, 2, 2, 2], 1).mean(&values(1.0 / 3.0, 6)).unwrap();
    assert!(matches!(thirds.caution, Some(Caution::NoSpread { .. })), "{thirds:?}");
}

#[test]
fn few_identities_are_a_caution_of_their_own() {
    for (identities, is_few) in [(2, true), (9, true), (10, false), (40, false)] {
        let names: Vec<usize> = (0..identities).collect();
        let values: Vec<_> = names.iter().map(|at| Some(f64::from(u8::from(at % 2 == 0)))).collect();
        let found = Bootstrap::new(&names, 1).mean(&values).unwrap();
        assert_eq!(found.caution == Some(Caution::FewIdentities), is_few, "{identities}: {found:?}");
        assert_eq!(found.caution.is_none(), !is_few);
    }
    let found = Bootstrap::new(&[1, 1], 1).mean(&[Some(1.0), Some(0.0)]);
    assert_eq!(found, None, "one identity cannot be resampled");
}
