//! Evaluation of whole sets: what its choices mean, and what must hold for any set.

mod collection;
mod junk;
mod missing;
mod ranking;
mod same_file;

use crate::support::random::{Random, matrix_of};
use reid_web::Error;
use reid_web::embedding::SimilarityMatrix;
use reid_web::evaluation::{Evaluation, EvaluationOptions, Ranked, Ranker, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::metrics::{UnmatchedPolicy, average_precision, average_precision_trapezoidal};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const POLICIES: [UnmatchedPolicy; 2] = [UnmatchedPolicy::Drop, UnmatchedPolicy::Zero];

#[test]
fn a_sum_over_rank_lists_gives_the_same_metrics() {
    for (evaluation, ranked) in random_evaluations() {
        for (result, ranked) in evaluation.per_query.iter().zip(ranked) {
            let matches = ranked.iter().filter(|entry| entry.is_match == Some(true));
            let ranks: Vec<usize> = matches.map(|entry| entry.rank).collect();
            assert_eq!(result.match_ranks, ranks);
            assert_eq!(result.first_match_rank, ranks.first().copied());
            let best = ranked.first();
            assert_eq!(result.best_similarity, best.map(|entry| entry.similarity));
            assert_eq!(result.best_is_match, best.and_then(|entry| entry.is_match));
            if !ranks.is_empty() {
                assert_eq!(result.average_precision, average_precision(&ranks));
                assert_eq!(result.average_precision_trapezoidal, average_precision_trapezoidal(&ranks));
            }
        }
    }
}

#[test]
fn the_mean_of_the_shown_precisions_is_the_shown_mean() {
    for (evaluation, _) in random_evaluations() {
        let shown: Vec<f64> =
            evaluation.per_query.iter().filter_map(|query| query.average_precision).collect();
        assert_eq!(shown.len(), evaluation.evaluated);
        let mean = shown.iter().sum::<f64>() / shown.len() as f64;
        let difference = evaluation.mean_average_precision.map_or(0.0, |shown| shown - mean);
        assert!(difference.abs() < 1e-12, "{difference}");
    }
}

/// Evaluations of random sets with every option, and the full rank list of each query.
fn random_evaluations() -> Vec<(Evaluation, Vec<Vec<Ranked>>)> {
    let mut evaluations = Vec::new();
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let (rows, columns) = (random.below(12), random.below(40));
        // Few dimensions and few values: equal similarities are common.
        let matrix = matrix_of(&random.embeddings(rows, 1), &random.embeddings(columns, 1));
        let (query, gallery) = (random.labels(rows, 5), random.labels(columns, 5));
        let options =
            EvaluationOptions { remove_same_camera: seed % 2 == 0, unmatched: POLICIES[random.below(2)] };
        let ranker = Ranker::new(&query, &gallery, options);
        let ranked = |i| ranker.rank(&matrix, i, columns).unwrap();
        let evaluation = ranker.evaluate(&matrix).unwrap();
        evaluations.push((evaluation, (0..rows).map(ranked).collect()));
    }
    evaluations
}

#[test]
fn without_ties_the_order_of_the_gallery_changes_nothing() {
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let (queries, images) = (random.embeddings(10, 16), random.embeddings(30, 16));
        let (query, gallery) = (random.labels(10, 5), random.labels(30, 5));
        let order = random.permutation(30);
        let options = EvaluationOptions { remove_same_camera: true, unmatched: UnmatchedPolicy::Zero };
        let one = evaluate(&matrix_of(&queries, &images), &query, &gallery, options).unwrap();
        let images: Vec<_> = order.iter().map(|&i| images[i].clone()).collect();
        let gallery: Vec<_> = order.iter().map(|&i| gallery[i].clone()).collect();
        let mut other = evaluate(&matrix_of(&queries, &images), &query, &gallery, options).unwrap();
        for result in &mut other.per_query {
            result.best = result.best.map(|index| order[index]);
        }
        assert_eq!(one, other);
    }
}

#[test]
fn identities_are_compared_as_written() {
    let (query, gallery) = ([label(Some("1"), None)], [label(Some("0001"), None), label(Some("1"), None)]);
    let evaluation = evaluate(&two_of_equal_rank(), &query, &gallery, EvaluationOptions::default()).unwrap();
    assert_eq!(evaluation.per_query[0].first_match_rank, Some(2));
}

#[test]
fn an_unknown_camera_is_not_the_same_camera() {
    let gallery = [label(Some("a"), None), label(Some("a"), Some("1"))];
    let options = EvaluationOptions { remove_same_camera: true, ..Default::default() };
    for (camera, removed) in [(None, 0), (Some("1"), 1), (Some("2"), 0)] {
        let evaluation =
            evaluate(&two_of_equal_rank(), &[label(Some("a"), camera)], &gallery, options).unwrap();
        assert_eq!(evaluation.per_query[0].removed, removed, "{camera:?}");
    }
}

#[test]
fn a_match_is_judged_only_where_both_identities_are_known() {
    let (known, unknown, junk) = (label(Some("a"), None), label(None, None), label(Some("-1"), None));
    let gallery = [known.clone(), unknown.clone()];
    let options = EvaluationOptions::default();
    for (query, expected) in [(known, [Some(true), None]), (unknown, [None, None]), (junk, [None, None])] {
        let ranked = Ranker::new(&[query], &gallery, options).rank(&two_of_equal_rank(), 0, 9).unwrap();
        assert_eq!(ranked.iter().map(|entry| entry.is_match).collect::<Vec<_>>(), expected);
        assert_eq!(ranked.iter().map(|entry| entry.rank).collect::<Vec<_>>(), [1, 2]);
    }
}

#[test]
fn labels_that_do_not_fit_the_matrix_are_refused() {
    let (matrix, one) = (two_of_equal_rank(), [label(None, None)]);
    let error = evaluate(&matrix, &one, &one, EvaluationOptions::default()).unwrap_err();
    assert!(matches!(error, Error::LabelCount { set: "gallery", labels: 1, embeddings: 2 }), "{error}");
    let error = Ranker::new(&one, &[], EvaluationOptions::default()).rank(&matrix, 1, 5).unwrap_err();
    assert!(matches!(error, Error::NoSuchIndex { set: "query", index: 1, count: 1 }), "{error}");
}

#[test]
fn an_empty_gallery_has_no_best_image_and_an_empty_set_no_metrics() {
    let matrix = matrix_of(&[vec![1.0]], &[]);
    let options = EvaluationOptions { unmatched: UnmatchedPolicy::Zero, ..Default::default() };
    let evaluation = evaluate(&matrix, &[label(Some("a"), None)], &[], options).unwrap();
    assert_eq!((evaluation.per_query[0].best, evaluation.per_query[0].unmatched), (None, None));
    assert_eq!((evaluation.evaluated, evaluation.cmc, evaluation.unmatched), (0, vec![], 0));
    let evaluation = evaluate(&SimilarityMatrix::new(), &[], &[], options).unwrap();
    assert_eq!((evaluation.mean_average_precision, evaluation.cmc, evaluation.evaluated), (None, vec![], 0));
}

#[test]
fn javascript_receives_the_names_of_types_js() {
    let query = [label(Some("a"), None)];
    let options = serde_json::from_str(r#"{"removeSameCamera":true,"unmatched":"zero"}"#).unwrap();
    let evaluation = evaluate(&matrix_of(&[vec![1.0]], &[vec![1.0]]), &query, &query, options).unwrap();
    let expected = r#"{"queries":1,"gallery":1,"notEmbedded":{"queries":0,"gallery":0},"labelled":1,"unmatched":0,"unmatchedBy":{"notInGallery":0,"notAmongLabelled":0,"notEmbedded":0,"sameCamera":0,"sameFile":0},"junkQueries":0,"junk":0,"labelledGallery":1,"sameFile":0,"matches":{"counted":1,"sameCamera":0,"sameFile":0},"evaluated":1,"cmc":[1.0],"hits":[1],"meanAveragePrecision":1.0,"meanAveragePrecisionTrapezoidal":1.0,"perQuery":[{"index":0,"best":0,"bestSimilarity":1.0,"bestIsMatch":true,"firstMatchRank":1,"unmatched":null,"averagePrecision":1.0,"averagePrecisionTrapezoidal":1.0,"margin":null,"removed":0,"matchRanks":[1]}]}"#;
    assert_eq!(serde_json::to_string(&evaluation).unwrap(), expected);
}

fn label(identity: Option<&str>, camera: Option<&str>) -> ImageLabel {
    ImageLabel { identity: identity.map(str::to_owned), camera: camera.map(str::to_owned), content: None }
}

/// One query and two gallery images that are equally similar to it.
fn two_of_equal_rank() -> SimilarityMatrix {
    matrix_of(&[vec![1.0, 0.0]], &[vec![0.6, 0.8], vec![0.6, -0.8]])
}
