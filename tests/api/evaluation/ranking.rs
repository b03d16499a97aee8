//! Similarities and rank lists: pencil cases, refusals, and what must hold for any embeddings.

use crate::support::random::{Random, matrix_of};
use reid_web::Error;
use reid_web::embedding::{SimilarityMatrix, cosine_similarity_matrix, normalise};
use reid_web::ranking::top_k;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn normalising_gives_length_one_at_any_scale() {
    for scale in [1e-30, 1.0, 1e30] {
        let mut embedding = [3.0 * scale, 0.0, -4.0 * scale];
        normalise(&mut embedding).unwrap();
        assert_eq!(embedding, [0.6, 0.0, -0.8]);
    }
}

#[test]
fn normalising_refuses_what_has_no_direction() {
    assert!(matches!(normalise(&mut []), Err(Error::EmptyEmbedding)));
    assert!(matches!(normalise(&mut [0.0, -0.0]), Err(Error::ZeroEmbedding)));
    let error = normalise(&mut [1.0, f32::NAN]).unwrap_err();
    assert!(matches!(error, Error::EmbeddingNotFinite { index: 1, .. }), "{error}");
}

#[test]
fn refused_embeddings_leave_the_matrix_as_it_was() {
    let mut matrix = SimilarityMatrix::new();
    matrix.push_query(&[0.6, 0.8]).unwrap();
    let before = matrix.clone();
    assert!(matches!(matrix.push_query(&[1.0]), Err(Error::EmbeddingLength { found: 1, expected: 2 })));
    assert!(matches!(matrix.push_gallery(&[f32::INFINITY, 0.0]), Err(Error::EmbeddingNotFinite { .. })));
    assert!(matches!(matrix.push_gallery(&[0.6, 0.81]), Err(Error::EmbeddingNotUnit { .. })));
    assert!(matches!(matrix.push_gallery(&[0.0, 0.0]), Err(Error::EmbeddingNotUnit { .. })));
    assert!(matches!(matrix.remove_query(1), Err(Error::NoSuchIndex { index: 1, count: 1, .. })));
    assert!(matches!(matrix.remove_gallery(0), Err(Error::NoSuchIndex { .. })));
    assert_eq!(matrix, before);
}

#[test]
fn an_embedding_within_a_thousandth_of_unit_length_is_accepted() {
    let mut matrix = SimilarityMatrix::new();
    assert!(matrix.push_query(&[1.0009, 0.0]).is_ok());
    assert!(matrix.push_query(&[0.9991, 0.0]).is_ok());
    assert!(matrix.push_query(&[1.0011, 0.0]).is_err());
}

#[test]
fn an_emptied_matrix_takes_another_dimension() {
    let mut matrix = matrix_of(&[vec![1.0, 0.0]], &[vec![0.0, 1.0]]);
    assert_eq!((matrix.queries(), matrix.gallery(), matrix.dim()), (1, 1, 2));
    matrix.remove_query(0).unwrap();
    matrix.remove_gallery(0).unwrap();
    assert_eq!(matrix.dim(), 0);
    assert_eq!(matrix.push_query(&[1.0, 0.0, 0.0]).unwrap(), 0);
}

#[test]
fn a_matrix_at_once_refuses_incomplete_rows() {
    assert!(matches!(cosine_similarity_matrix(&[], &[], 0), Err(Error::EmptyEmbedding)));
    let error = cosine_similarity_matrix(&[1.0, 0.0], &[1.0, 0.0, 1.0], 2).unwrap_err();
    assert!(matches!(error, Error::EmbeddingLength { found: 1, expected: 2 }), "{error}");
    assert!(cosine_similarity_matrix(&[], &[1.0, 0.0], 2).unwrap().is_empty());
}

#[test]
fn similarities_equal_double_precision_dot_products() {
    for dim in [1, 2, 15, 16, 17, 31, 64, 100, 512, 1024] {
        let mut random = Random::new(dim as u64);
        let (queries, gallery) = (random.embeddings(3, dim), random.embeddings(4, dim));
        let matrix = matrix_of(&queries, &gallery);
        for (i, query) in queries.iter().enumerate() {
            for (image, &similarity) in gallery.iter().zip(matrix.row(i).iter()) {
                let exact: f64 = query.iter().zip(image).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
                assert!((f64::from(similarity) - exact).abs() < 1e-6, "dim {dim}: {similarity} {exact}");
            }
        }
    }
}

#[test]
fn arrival_order_changes_no_bit() {
    let mut random = Random::new(1);
    let (queries, gallery) = (random.embeddings(7, 100), random.embeddings(9, 100));
    let at_once = cosine_similarity_matrix(&queries.concat(), &gallery.concat(), 100).unwrap();
    let exchanged = cosine_similarity_matrix(&gallery.concat(), &queries.concat(), 100).unwrap();
    let mut alternating = SimilarityMatrix::new();
    for (i, image) in gallery.iter().enumerate() {
        alternating.push_gallery(image).unwrap();
        if let Some(query) = queries.get(i) {
            alternating.push_query(query).unwrap();
        }
    }
    assert_eq!(at_once, matrix_of(&queries, &gallery).rows(0..usize::MAX));
    assert_eq!(at_once, alternating.rows(0..usize::MAX));
    assert!((0..7 * 9).all(|i| at_once[i].to_bits() == exchanged[i % 9 * 7 + i / 9].to_bits()));
}

#[test]
fn removed_images_might_as_well_never_have_been_added() {
    let mut random = Random::new(2);
    let (mut queries, mut gallery) = (random.embeddings(12, 20), random.embeddings(15, 20));
    let mut matrix = matrix_of(&queries, &gallery);
    for _ in 0..8 {
        let (query, image) = (random.below(queries.len()), random.below(gallery.len()));
        queries.remove(query);
        gallery.remove(image);
        matrix.remove_query(query).unwrap();
        matrix.remove_gallery(image).unwrap();
        assert_eq!(matrix, matrix_of(&queries, &gallery));
    }
}

#[test]
fn equal_similarities_stay_in_gallery_order() {
    assert_eq!(rank_list(&[0.5, 0.7, 0.5, 0.7, 0.5]), [1, 3, 0, 2, 4]);
    assert_eq!(rank_list(&[0.0, -0.0, 0.0, -0.0]), [0, 1, 2, 3]);
    assert!(rank_list(&[]).is_empty());
}

#[test]
fn every_float_has_its_place_and_nan_is_last() {
    let similarities = [f32::NAN, -1.0, f32::NEG_INFINITY, 1e-40, -f32::NAN, -1e-40, f32::INFINITY, 0.0, 1.0];
    assert_eq!(rank_list(&similarities), [6, 8, 3, 7, 5, 1, 2, 0, 4]);
}

#[test]
fn a_rank_list_is_a_stable_descending_sort() {
    for seed in 0..50 {
        let similarities = few_values(seed);
        let mut expected: Vec<usize> = (0..similarities.len()).collect();
        expected.sort_by(|&a, &b| similarities[b].partial_cmp(&similarities[a]).unwrap());
        assert_eq!(rank_list(&similarities), expected);
    }
}

#[test]
fn the_top_k_are_the_first_k_of_the_rank_list() {
    for seed in 0..50 {
        let similarities = few_values(seed);
        for k in [0, 1, 2, 5, similarities.len(), similarities.len() + 3] {
            let expected: Vec<_> = rank_list(&similarities).into_iter().take(k).collect();
            let top = top_k(&similarities, k);
            assert_eq!(top.iter().map(|entry| entry.index).collect::<Vec<_>>(), expected);
            assert!(top.iter().all(|entry| entry.similarity == similarities[entry.index]));
        }
    }
}

/// The whole gallery, best first.
fn rank_list(similarities: &[f32]) -> Vec<usize> {
    top_k(similarities, usize::MAX).iter().map(|entry| entry.index).collect()
}

/// Up to 60 similarities of 21 different values, so that many are equal.
fn few_values(seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let length = random.below(60);
    (0..length).map(|_| random.below(21) as f32 / 10.0 - 1.0).collect()
}
