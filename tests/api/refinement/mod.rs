//! Averages and expanded queries, against
//! `tests/reference/evaluation/make_refinement_fixtures.py` to 1e-6.

pub mod re_ranking;
mod score_norm;
mod whitening;

use crate::support::references::{Embeddings, assert_close, cases};
use reid_web::Error;
use reid_web::embedding::EmbeddingRows;
use reid_web::refinement::{QueryExpansion, augment_gallery, average_groups, expand_queries};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TOLERANCE: f64 = 1e-6;

#[derive(Deserialize)]
struct Average {
    name: String,
    embeddings: Vec<Vec<f32>>,
    groups: Vec<usize>,
    members: Vec<Vec<usize>>,
    expected: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expansion {
    name: String,
    k: usize,
    alpha: f64,
    queries: Vec<Vec<f32>>,
    gallery: Vec<Vec<f32>>,
    expanded_queries: Vec<Vec<f64>>,
    augmented_gallery: Vec<Vec<f64>>,
}

#[test]
fn averages_of_groups_equal_the_reference() {
    for case in cases::<Average>(include_str!("../../fixtures/refinement/averages.json")) {
        let averages = average_groups(Embeddings::new(&case.embeddings).rows(), &case.groups).unwrap();
        assert_eq!(averages.members, case.members, "{}", case.name);
        assert_close(&averages.values, &case.expected, TOLERANCE, &case.name);
    }
}

#[test]
fn groups_that_cancel_out_or_are_missing_are_refused() {
    let images = EmbeddingRows::new(&[0.6, 0.8, -0.6, -0.8], 2).unwrap();
    assert!(matches!(average_groups(images, &[1, 1]), Err(Error::ZeroEmbedding)));
    assert!(matches!(average_groups(images, &[1]), Err(Error::GroupCount { groups: 1, embeddings: 2 })));
    assert!(average_groups(EmbeddingRows::new(&[], 2).unwrap(), &[]).unwrap().values.is_empty());
}

#[test]
fn expanded_queries_and_galleries_equal_the_reference() {
    for case in cases::<Expansion>(include_str!("../../fixtures/refinement/query_expansion.json")) {
        let (queries, gallery) = (Embeddings::new(&case.queries), Embeddings::new(&case.gallery));
        let expansion = QueryExpansion { k: case.k, alpha: case.alpha };
        let expanded = expand_queries(queries.rows(), gallery.rows(), expansion).unwrap();
        assert_close(&expanded, &case.expanded_queries, TOLERANCE, &case.name);
        let augmented = augment_gallery(gallery.rows(), expansion).unwrap();
        assert_close(&augmented, &case.augmented_gallery, TOLERANCE, &case.name);
    }
}

#[test]
fn an_empty_gallery_expands_nothing() {
    let query = EmbeddingRows::new(&[0.6, 0.8], 2).unwrap();
    let none = EmbeddingRows::new(&[], 2).unwrap();
    assert_eq!(expand_queries(query, none, QueryExpansion::default()).unwrap(), [0.6, 0.8]);
    assert!(augment_gallery(none, QueryExpansion::default()).unwrap().is_empty());
}

#[test]
fn expansions_out_of_range_and_queries_that_cancel_out_are_refused() {
    let query = EmbeddingRows::new(&[1.0, 0.0], 2).unwrap();
    let opposite = EmbeddingRows::new(&[-1.0, 0.0], 2).unwrap();
    for alpha in [-0.1, f64::NAN, f64::INFINITY] {
        let error = expand_queries(query, opposite, QueryExpansion { k: 1, alpha }).unwrap_err();
        assert!(matches!(error, Error::Setting { name: "alpha", .. }), "{error}");
    }
    let plain = QueryExpansion { k: 1, alpha: 0.0 };
    assert!(matches!(expand_queries(query, opposite, plain), Err(Error::ZeroEmbedding)));
    let other = EmbeddingRows::new(&[1.0, 0.0, 0.0], 3).unwrap();
    assert!(matches!(expand_queries(query, other, plain), Err(Error::EmbeddingLength { .. })));
}

#[test]
fn embeddings_that_are_not_of_length_1_are_refused() {
    assert!(matches!(EmbeddingRows::new(&[0.6, 0.9], 2), Err(Error::EmbeddingNotUnit { .. })));
    assert!(matches!(EmbeddingRows::new(&[1.0, 0.0, 1.0], 2), Err(Error::EmbeddingLength { .. })));
    assert!(matches!(EmbeddingRows::new(&[], 0), Err(Error::EmptyEmbedding)));
}
