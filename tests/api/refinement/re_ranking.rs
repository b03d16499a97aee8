//! Re-ranking by k-reciprocal encoding, against `tests/reference/evaluation/make_refinement_fixtures.py` to 1e-5.

use crate::support::random::Random;
use crate::support::references::{Embeddings, assert_close, cases};
use reid_web::Error;
use reid_web::embedding::EmbeddingRows;
use reid_web::refinement::{KReciprocal, ReRanking};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Case {
    name: String,
    k1: usize,
    k2: usize,
    lambda: f64,
    queries: Vec<Vec<f32>>,
    gallery: Vec<Vec<f32>>,
    expected: Vec<Vec<f64>>,
}

fn distances(queries: &[Vec<f32>], gallery: &[Vec<f32>], settings: KReciprocal) -> Vec<f32> {
    let (queries, gallery) = (Embeddings::new(queries), Embeddings::new(gallery));
    all_distances(&ReRanking::new(queries.rows(), gallery.rows(), settings).unwrap())
}

/// Row by row.
pub fn all_distances(re_ranking: &ReRanking) -> Vec<f32> {
    let mut distances = Vec::new();
    re_ranking.for_each_row(|_, row| distances.extend_from_slice(row)).unwrap();
    distances
}

#[test]
fn distances_equal_the_reference() {
    for case in cases::<Case>(include_str!("../../fixtures/refinement/re_ranking.json")) {
        let settings = KReciprocal { k1: case.k1, k2: case.k2, lambda: case.lambda };
        let found = distances(&case.queries, &case.gallery, settings);
        assert_close(&found, &case.expected, 1e-5, &case.name);
    }
}

#[test]
fn equal_images_are_not_apart() {
    let mut random = Random::new(1);
    let images = random.embeddings(1, 100);
    let all = vec![images[0].clone(); 9];
    let settings = KReciprocal { k1: 20, k2: 6, lambda: 0.3 };
    let found = distances(&images, &all, settings);
    assert!(found.iter().all(|distance| (0.0..1e-7).contains(distance)), "{found:?}");
}

#[test]
fn distances_lie_between_0_and_1_and_more_images_than_a_block_change_none_of_them() {
    let mut random = Random::new(2);
    let (queries, gallery) = (random.embeddings(150, 24), random.embeddings(90, 24));
    let found = distances(&queries, &gallery, KReciprocal::default());
    assert_eq!(found.len(), 150 * 90);
    assert!(found.iter().all(|distance| (0.0..=1.0).contains(distance)));
    // Queries in another order get the same distances: no index decides where no two distances are equal.
    let backwards: Vec<_> = queries.iter().rev().cloned().collect();
    let again = distances(&backwards, &gallery, KReciprocal::default());
    for (query, row) in again.chunks_exact(90).enumerate() {
        let before = &found[(149 - query) * 90..][..90];
        assert!(row.iter().zip(before).all(|(a, b)| (a - b).abs() < 1e-6), "query {query}");
    }
}

#[test]
fn each_row_is_given_once_and_in_order() {
    let mut random = Random::new(3);
    let (queries, gallery) = (random.embeddings(70, 8), random.embeddings(5, 8));
    let (queries, gallery) = (Embeddings::new(&queries), Embeddings::new(&gallery));
    let re_ranking = ReRanking::new(queries.rows(), gallery.rows(), KReciprocal::default()).unwrap();
    let (mut order, mut values) = (Vec::new(), Vec::new());
    re_ranking
        .for_each_row(|query, row| {
            order.push(query);
            values.extend_from_slice(row);
        })
        .unwrap();
    assert_eq!(order, Vec::from_iter(0..70));
    assert_eq!(values, all_distances(&re_ranking));
}

#[test]
fn sets_without_images_have_no_distances() {
    let some = EmbeddingRows::new(&[1.0, 0.0], 2).unwrap();
    let none = EmbeddingRows::new(&[], 2).unwrap();
    for (queries, gallery) in [(some, none), (none, some), (none, none)] {
        let re_ranking = ReRanking::new(queries, gallery, KReciprocal::default()).unwrap();
        assert!(all_distances(&re_ranking).is_empty());
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let image = EmbeddingRows::new(&[1.0, 0.0], 2).unwrap();
    let usual = KReciprocal::default();
    for (refused, settings) in [
        ("k1", KReciprocal { k1: 0, ..usual }),
        ("k2", KReciprocal { k2: 0, ..usual }),
        ("lambda", KReciprocal { lambda: -0.1, ..usual }),
        ("lambda", KReciprocal { lambda: 1.1, ..usual }),
        ("lambda", KReciprocal { lambda: f64::NAN, ..usual }),
    ] {
        let error = ReRanking::new(image, image, settings).unwrap_err();
        assert!(matches!(error, Error::Setting { name, .. } if name == refused), "{error}");
    }
    let huge = KReciprocal { k1: usize::MAX, k2: usize::MAX, lambda: 0.3 };
    assert_eq!(all_distances(&ReRanking::new(image, image, huge).unwrap()), [0.0]);
}

#[test]
fn embeddings_of_another_dimension_are_refused() {
    let queries = EmbeddingRows::new(&[1.0, 0.0], 2).unwrap();
    let gallery = EmbeddingRows::new(&[1.0, 0.0, 0.0], 3).unwrap();
    let error = ReRanking::new(queries, gallery, KReciprocal::default()).unwrap_err();
    assert!(matches!(error, Error::EmbeddingLength { found: 3, expected: 2 }), "{error}");
}
