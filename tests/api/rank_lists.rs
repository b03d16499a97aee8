//! Metrics of one rank list, against `tests/reference/make_identification_fixtures.py` (scikit-learn), to
//! 1e-12.

use crate::references::cases;
use crate::verification::assert_near;
use reid_web::metrics::{
    inverse_negative_penalty, margin, match_ranks, normalised_discounted_gain, precision_at_k, r_precision,
    recall_at_k,
};
use reid_web::ranking::rank_list;
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
        cases(include_str!("../fixtures/metrics/rank_lists.json"))
    }

    fn match_ranks(&self) -> Vec<usize> {
        let ranked: Vec<_> =
            rank_list(&self.similarities).into_iter().map(|index| self.is_match[index]).collect();
        match_ranks(&ranked)
    }
}

#[test]
fn ranks_and_margins_equal_the_reference() {
    for case in Case::all() {
        assert_eq!(case.match_ranks(), case.ranks, "{}", case.name);
        assert_near(margin(&case.similarities, &case.is_match), case.margin, &case.name);
    }
}

#[test]
fn metrics_of_a_rank_list_equal_the_reference() {
    for case in Case::all() {
        let (ranks, name) = (case.match_ranks(), &case.name);
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
