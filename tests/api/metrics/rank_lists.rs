//! Metrics of one rank list, against `tests/reference/evaluation/make_identification_fixtures.py` (scikit-learn), to
//! 1e-12.

use crate::metrics::verification::assert_near;
use crate::support::random::matrix_of;
use crate::support::references::cases;
use reid_web::evaluation::{EvaluationOptions, QueryResult, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::metrics::{
    inverse_negative_penalty, normalised_discounted_gain, precision_at_k, r_precision, recall_at_k,
};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    similarities: Vec<f32>,
    is_match: Vec<bool>,
    ranks: Vec<usize>,
    margin: Option<f64>,
    expected: Option<Expected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    inverse_negative_penalty: f64,
    at_k: Vec<(usize, f64, f64)>,
    r_precision: f64,
    discounted_gain: f64,
}

impl Case {
    fn all() -> Vec<Self> {
        cases(include_str!("../../fixtures/metrics/rank_lists.json"))
    }

    /// What the evaluation of a query with these similarities gives.
    fn evaluated(&self) -> QueryResult {
        let image = |&similarity: &f32| vec![similarity, (1.0 - similarity * similarity).sqrt()];
        let matrix = matrix_of(&[vec![1.0, 0.0]], &self.similarities.iter().map(image).collect::<Vec<_>>());
        assert_eq!(matrix.row(0)[..], self.similarities[..], "{}", self.name);
        let label = |is_match: bool| ImageLabel {
            identity: Some(if is_match { "own" } else { "other" }.into()),
            ..ImageLabel::default()
        };
        let gallery: Vec<_> = self.is_match.iter().map(|&is_match| label(is_match)).collect();
        let found = evaluate(&matrix, &[label(true)], &gallery, EvaluationOptions::default()).unwrap();
        found.per_query[0].clone()
    }
}

#[test]
fn ranks_and_margins_equal_the_reference() {
    for case in Case::all() {
        let found = case.evaluated();
        assert_eq!(found.match_ranks, case.ranks, "{}", case.name);
        assert_near(found.margin, case.margin, &case.name);
    }
}

#[test]
fn metrics_of_a_rank_list_equal_the_reference() {
    for case in Case::all() {
        let (ranks, name) = (case.evaluated().match_ranks, &case.name);
        let Some(expected) = case.expected else { continue };
        assert_near(inverse_negative_penalty(&ranks), expected.inverse_negative_penalty, name);
        assert_near(r_precision(&ranks), expected.r_precision, name);
        assert_near(normalised_discounted_gain(&ranks), expected.discounted_gain, name);
        for (k, precision, recall) in expected.at_k {
            assert_near(precision_at_k(&ranks, k), precision, &format!("{name}, precision at {k}"));
            assert_near(recall_at_k(&ranks, k), recall, &format!("{name}, recall at {k}"));
        }
    }
}

#[test]
fn a_query_without_a_match_has_no_metrics() {
    assert_eq!(inverse_negative_penalty(&[]), None);
    assert_eq!((precision_at_k(&[], 1), recall_at_k(&[], 1), r_precision(&[])), (None, None, None));
    assert_eq!(normalised_discounted_gain(&[]), None);
    assert_eq!((precision_at_k(&[1], 0), recall_at_k(&[1], 0)), (None, Some(0.0)));
}
