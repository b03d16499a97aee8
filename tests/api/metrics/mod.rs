//! Metrics: pencil cases and an independent reference.
//!
//! The reference is `tests/reference/evaluation/make_metric_fixtures.py` (numpy, scikit-learn). Tolerances:
//! 1e-12 for metrics, 1e-6 for similarities; ranks are equal.

mod intervals;
mod open_set;
mod rank_lists;
mod verification;

use crate::support::random::matrix_of;
use reid_web::evaluation::{Evaluation, EvaluationOptions, Ranker, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::metrics::{
    UnmatchedPolicy, average_precision, average_precision_trapezoidal, cumulative_hits,
    cumulative_match_characteristic,
};
use serde::Deserialize;
use serde_json::Value;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const POLICIES: [UnmatchedPolicy; 2] = [UnmatchedPolicy::Drop, UnmatchedPolicy::Zero];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    query: Vec<Vec<f32>>,
    gallery: Vec<Vec<f32>>,
    query_identities: Vec<Option<String>>,
    gallery_identities: Vec<Option<String>>,
    query_cameras: Vec<Option<String>>,
    gallery_cameras: Vec<Option<String>>,
    remove_same_camera: bool,
    similarities: Vec<Vec<f32>>,
    labelled: usize,
    unmatched: usize,
    junk: usize,
    per_query: Vec<ExpectedQuery>,
    drop: ExpectedMetrics,
    zero: ExpectedMetrics,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedQuery {
    ranked: Vec<usize>,
    first_match_rank: Option<usize>,
    average_precision: Option<f64>,
    average_precision_trapezoidal: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedMetrics {
    evaluated: usize,
    cmc: Vec<f64>,
    mean_average_precision: Option<f64>,
    mean_average_precision_trapezoidal: Option<f64>,
}

impl Case {
    fn all() -> Vec<Self> {
        let fixture: Value =
            serde_json::from_str(include_str!("../../fixtures/metrics/evaluation.json")).unwrap();
        serde_json::from_value(fixture["cases"].clone()).unwrap()
    }

    fn labels(&self) -> (Vec<ImageLabel>, Vec<ImageLabel>) {
        (
            labels(&self.query_identities, &self.query_cameras),
            labels(&self.gallery_identities, &self.gallery_cameras),
        )
    }

    fn evaluate(&self, unmatched: UnmatchedPolicy) -> Evaluation {
        let (query, gallery) = self.labels();
        let options = EvaluationOptions { remove_same_camera: self.remove_same_camera, unmatched };
        evaluate(&matrix_of(&self.query, &self.gallery), &query, &gallery, options).unwrap()
    }
}

fn labels(identities: &[Option<String>], cameras: &[Option<String>]) -> Vec<ImageLabel> {
    let label = |(identity, camera): (&Option<String>, &Option<String>)| ImageLabel {
        identity: identity.clone(),
        camera: camera.clone(),
        content: None,
    };
    identities.iter().zip(cameras).map(label).collect()
}

fn assert_close(found: Option<f64>, expected: Option<f64>, what: &str) {
    assert_eq!(found.is_some(), expected.is_some(), "{what}: {found:?}, expected {expected:?}");
    let difference = found.unwrap_or(0.0) - expected.unwrap_or(0.0);
    assert!(difference.abs() < 1e-12, "{what}: {found:?}, expected {expected:?}");
}

#[test]
fn similarities_and_ranks_equal_the_reference() {
    for case in Case::all() {
        let matrix = matrix_of(&case.query, &case.gallery);
        let (query, gallery) = case.labels();
        let options = EvaluationOptions { remove_same_camera: case.remove_same_camera, ..Default::default() };
        for (i, expected) in case.per_query.iter().enumerate() {
            let row = matrix.row(i);
            let differences = row.iter().zip(&case.similarities[i]).map(|(a, b)| (a - b).abs());
            assert!(differences.fold(0.0, f32::max) < 1e-6, "{}", case.name);
            let ranked = Ranker::new(&query, &gallery, options).rank(&matrix, i, usize::MAX).unwrap();
            let indices: Vec<_> = ranked.iter().map(|entry| entry.index).collect();
            assert_eq!(indices, expected.ranked, "{}", case.name);
        }
    }
}

#[test]
fn metrics_of_each_query_equal_the_reference() {
    for case in Case::all() {
        let evaluation = case.evaluate(UnmatchedPolicy::Drop);
        for (found, expected) in evaluation.per_query.iter().zip(&case.per_query) {
            let what = format!("{}, query {}", case.name, found.index);
            assert_eq!(found.first_match_rank, expected.first_match_rank, "{what}");
            assert_eq!(found.best, expected.ranked.first().copied(), "{what}");
            assert_eq!(found.removed, case.gallery.len() - expected.ranked.len(), "{what}");
            assert_close(found.average_precision, expected.average_precision, &what);
            assert_close(found.average_precision_trapezoidal, expected.average_precision_trapezoidal, &what);
        }
    }
}

#[test]
fn metrics_of_all_queries_equal_the_reference() {
    for case in Case::all() {
        for (policy, expected) in POLICIES.into_iter().zip([&case.drop, &case.zero]) {
            let found = case.evaluate(policy);
            let what = format!("{}, {policy:?}", case.name);
            let counts = (found.labelled, found.unmatched, found.junk, found.evaluated);
            assert_eq!(counts, (case.labelled, case.unmatched, case.junk, expected.evaluated), "{what}");
            assert_eq!((found.queries, found.gallery), (case.query.len(), case.gallery.len()), "{what}");
            assert_eq!(found.cmc.len(), expected.cmc.len(), "{what}");
            for (&found, &expected) in found.cmc.iter().zip(&expected.cmc) {
                assert_close(Some(found), Some(expected), &what);
            }
            let shares = found.hits.iter().map(|&hits| hits as f64 / found.evaluated as f64);
            assert_eq!(shares.collect::<Vec<_>>(), found.cmc, "{what}");
            assert_close(found.mean_average_precision, expected.mean_average_precision, &what);
            let trapezoidal = found.mean_average_precision_trapezoidal;
            assert_close(trapezoidal, expected.mean_average_precision_trapezoidal, &what);
        }
    }
}

#[test]
fn with_one_match_the_trapezoidal_precision_is_halfway_to_rank_1() {
    for rank in 1..50 {
        let rank_1 = f64::from(u8::from(rank == 1));
        let expected = average_precision(&[rank]).map(|standard| (standard + rank_1) / 2.0);
        assert_close(average_precision_trapezoidal(&[rank]), expected, &format!("rank {rank}"));
    }
}

#[test]
fn a_perfect_rank_list_has_precision_one_and_one_without_matches_has_none() {
    let perfect = [1, 2, 3];
    assert_eq!(
        (average_precision(&perfect), average_precision_trapezoidal(&perfect)),
        (Some(1.0), Some(1.0))
    );
    assert_eq!((average_precision(&[]), average_precision_trapezoidal(&[])), (None, None));
}

#[test]
fn a_curve_of_no_queries_is_empty_and_ranks_beyond_it_are_not_counted() {
    assert!(cumulative_match_characteristic(&[], 5, 0).is_empty());
    assert_eq!(cumulative_hits(&[Some(1), Some(9), Some(0)], 2), [1, 1]);
    assert!(cumulative_hits(&[Some(1)], 0).is_empty());
}
