//! Whitening, against numpy and scikit-learn (`tests/reference/evaluation/make_refinement_fixtures.py`): the cosine
//! similarities of whitened embeddings to 1e-5.

use crate::support::random::Random;
use crate::support::references::{Embeddings, assert_close, cases};
use reid_web::Error;
use reid_web::embedding::EmbeddingRows;
use reid_web::embedding::cosine_similarity_matrix;
use reid_web::refinement::{ComponentLimit, Whitening, WhiteningOptions};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    components: Option<usize>,
    epsilon: f64,
    both: bool,
    queries: Vec<Vec<f32>>,
    gallery: Vec<Vec<f32>>,
    expected_components: usize,
    similarities: Vec<Vec<f64>>,
}

#[test]
fn similarities_of_whitened_embeddings_equal_the_reference() {
    for case in cases::<Case>(include_str!("../../fixtures/refinement/whitening.json")) {
        let (queries, gallery) = (Embeddings::new(&case.queries), Embeddings::new(&case.gallery));
        let (queries, gallery) = (queries.rows(), gallery.rows());
        let sets = if case.both { vec![queries, gallery] } else { vec![gallery] };
        let options = WhiteningOptions { components: case.components, epsilon: case.epsilon };
        let whitening = Whitening::fit(&sets, options).unwrap();
        assert_eq!(whitening.components(), case.expected_components, "{}", case.name);
        let [queries, gallery] = [queries, gallery].map(|rows| whitening.apply(rows).unwrap());
        let found = cosine_similarity_matrix(&queries, &gallery, whitening.components()).unwrap();
        assert_close(&found, &case.similarities, 1e-5, &case.name);
    }
}

#[test]
fn what_limits_the_components_is_said() {
    let mut random = Random::new(1);
    let many = random.embeddings(30, 6);
    let few = random.embeddings(4, 6);
    let repeated = [&few[..], &few[..2]].concat();
    for (images, asked, components, limit) in [
        (&many, None, 6, ComponentLimit::Dimension),
        (&many, Some(5), 5, ComponentLimit::Asked),
        (&many, Some(7), 6, ComponentLimit::Dimension),
        (&few, None, 3, ComponentLimit::Images),
        (&few, Some(3), 3, ComponentLimit::Asked),
        (&repeated, None, 3, ComponentLimit::Rank),
    ] {
        let options = WhiteningOptions { components: asked, epsilon: 0.0 };
        let whitening = Whitening::fit(&[Embeddings::new(images).rows()], options).unwrap();
        assert_eq!((whitening.components(), whitening.limit()), (components, limit), "{asked:?}");
    }
}

#[test]
fn without_regularisation_whitened_images_are_equally_far_apart_if_they_are_few() {
    // Four points in general position are the corners of a regular simplex once they are white.
    let images = Random::new(2).embeddings(4, 50);
    let whitening = Whitening::fit(&[Embeddings::new(&images).rows()], WhiteningOptions::default()).unwrap();
    let white = whitening.apply(Embeddings::new(&images).rows()).unwrap();
    let similarities = cosine_similarity_matrix(&white, &white, 3).unwrap();
    for (index, similarity) in similarities.into_iter().enumerate() {
        let expected = if index % 5 == 0 { 1.0 } else { -1.0 / 3.0 };
        assert!((similarity - expected).abs() < 1e-5, "{index}: {similarity}");
    }
}

#[test]
fn embeddings_that_do_not_differ_are_refused() {
    let options = WhiteningOptions::default();
    let none = EmbeddingRows::new(&[], 2).unwrap();
    let one = EmbeddingRows::new(&[0.6, 0.8], 2).unwrap();
    for sets in [&[][..], &[none], &[one], &[one, one], &[one, none, one, one]] {
        assert!(matches!(Whitening::fit(sets, options), Err(Error::NoSpread(_))), "{}", sets.len());
    }
}

#[test]
fn an_embedding_at_the_mean_has_no_direction() {
    // The mean of these, the third, is exact.
    let images = EmbeddingRows::new(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, -1.0], 2).unwrap();
    let whitening = Whitening::fit(&[images], WhiteningOptions::default()).unwrap();
    assert!(whitening.apply(images).is_ok());
    let opposite = EmbeddingRows::new(&[1.0, 0.0, -1.0, 0.0], 2).unwrap();
    let whitening = Whitening::fit(&[opposite], WhiteningOptions::default()).unwrap();
    let beside = EmbeddingRows::new(&[0.0, 1.0], 2).unwrap();
    assert!(matches!(whitening.apply(beside), Err(Error::ZeroEmbedding)));
}

#[test]
fn options_out_of_range_and_other_dimensions_are_refused() {
    let images = EmbeddingRows::new(&[1.0, 0.0, 0.0, 1.0], 2).unwrap();
    for (components, epsilon) in [(Some(0), 0.0), (None, -1e-9), (None, f64::NAN), (None, f64::INFINITY)] {
        let error = Whitening::fit(&[images], WhiteningOptions { components, epsilon }).unwrap_err();
        assert!(matches!(error, Error::Setting { .. }), "{error}");
    }
    let other = EmbeddingRows::new(&[1.0, 0.0, 0.0], 3).unwrap();
    let error = Whitening::fit(&[images, other], WhiteningOptions::default()).unwrap_err();
    assert!(matches!(error, Error::EmbeddingLength { found: 3, expected: 2 }), "{error}");
    let whitening = Whitening::fit(&[images], WhiteningOptions::default()).unwrap();
    assert!(matches!(whitening.apply(other), Err(Error::EmbeddingLength { found: 3, expected: 2 })));
}
