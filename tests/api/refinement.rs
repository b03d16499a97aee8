//! Averages, mirror images, expanded queries and distances, against
//! `tests/reference/make_refinement_fixtures.py` to 1e-6.

use crate::references::{Embeddings, assert_close, cases};
use reid_web::Error;
use reid_web::refinement::{
    EmbeddingRows, QueryExpansion, augment_gallery, average_groups, combine_flipped, euclidean_distance,
    expand_queries,
};
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
struct Flip {
    image: Vec<f32>,
    mirrored: Vec<f32>,
    expected: Vec<f64>,
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
    for case in cases::<Average>(include_str!("../fixtures/refinement/averages.json")) {
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
fn images_and_their_mirror_images_combine_as_in_the_reference() {
    for case in cases::<Flip>(include_str!("../fixtures/refinement/flips.json")) {
        let combined = combine_flipped(&case.image, &case.mirrored).unwrap();
        assert_close(&combined, &[case.expected], TOLERANCE, "flipped");
        assert_eq!(combined, combine_flipped(&case.mirrored, &case.image).unwrap());
    }
}

#[test]
fn mirror_images_that_cancel_out_or_differ_in_dimension_are_refused() {
    assert!(matches!(combine_flipped(&[1.0, -2.0], &[-1.0, 2.0]), Err(Error::ZeroEmbedding)));
    let error = combine_flipped(&[1.0], &[1.0, 0.0]).unwrap_err();
    assert!(matches!(error, Error::EmbeddingLength { found: 2, expected: 1 }), "{error}");
    assert!(matches!(combine_flipped(&[1.0], &[f32::NAN]), Err(Error::EmbeddingNotFinite { .. })));
}

#[test]
fn expanded_queries_and_galleries_equal_the_reference() {
    for case in cases::<Expansion>(include_str!("../fixtures/refinement/query_expansion.json")) {
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
fn distances_are_the_length_of_the_difference() {
    for (a, b) in [([0.6, 0.8], [0.8, -0.6]), ([1.0, 0.0], [-0.28, 0.96]), ([0.6, 0.8], [-0.6, -0.8])] {
        let similarity = a[0] * b[0] + a[1] * b[1];
        let expected = f64::hypot(a[0] - b[0], a[1] - b[1]);
        let found = f64::from(euclidean_distance(similarity as f32));
        assert!((found - expected).abs() < TOLERANCE, "{found}, expected {expected}");
    }
}

#[test]
fn similarities_beyond_1_are_at_distance_0_and_the_order_is_kept() {
    assert_eq!(euclidean_distance(1.000_000_1), 0.0);
    let distances: Vec<f32> =
        (-100..=100).map(|hundredths| euclidean_distance(hundredths as f32 / 100.0)).collect();
    assert!(distances.is_sorted_by(|a, b| a > b));
}

#[test]
fn embeddings_that_are_not_of_length_1_are_refused() {
    assert!(matches!(EmbeddingRows::new(&[0.6, 0.9], 2), Err(Error::EmbeddingNotUnit { .. })));
    assert!(matches!(EmbeddingRows::new(&[1.0, 0.0, 1.0], 2), Err(Error::EmbeddingLength { .. })));
    assert!(matches!(EmbeddingRows::new(&[], 0), Err(Error::EmptyEmbedding)));
}
