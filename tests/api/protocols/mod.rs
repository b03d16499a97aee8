//! Leave-one-out and splits of one pool: an independent reference, then what must hold for any pool.
//!
//! The reference is `tests/reference/evaluation/make_protocol_fixtures.py` (numpy). Tolerance: 1e-12; splits and ranks
//! are equal.

mod references;
mod single_shot;

use crate::protocols::references::{
    ExpectedCmc, ExpectedRuns, FIXTURE, Images, Metrics, Policies, assert_cmc_summary, assert_metrics,
    assert_runs, with_set,
};
use crate::support::random::Random;
use crate::support::references::{Embeddings, cases};
use reid_web::evaluation::EvaluationOptions;
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::protocols::{SplitOptions, draw_splits, evaluate_splits, leave_one_out};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedSummary {
    #[serde(flatten)]
    cmc: ExpectedCmc,
    mean_average_precision: ExpectedRuns,
    mean_average_precision_trapezoidal: ExpectedRuns,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PoolCase {
    name: String,
    pool: Images,
    leave_one_out: Vec<LeaveOneOut>,
    splits: Vec<SplitsCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LeaveOneOut {
    remove_same_camera: bool,
    unmatched: usize,
    matched_first: Vec<Option<usize>>,
    #[serde(flatten)]
    metrics: Policies<Metrics>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SplitsCase {
    gallery_images: usize,
    seed: u64,
    remove_same_camera: bool,
    identities: usize,
    small_identities: usize,
    distractors: usize,
    unlabelled: usize,
    query: Vec<Vec<usize>>,
    #[serde(flatten)]
    found: Policies<ExpectedSplits>,
}

#[derive(Deserialize)]
struct ExpectedSplits {
    runs: Vec<Metrics>,
    summary: ExpectedSummary,
}

#[test]
fn leaving_one_out_is_a_gallery_without_the_query_for_each_image() {
    for case in cases::<PoolCase>(FIXTURE) {
        for asked in &case.leave_one_out {
            for (unmatched, expected) in asked.metrics.each() {
                let options = EvaluationOptions { remove_same_camera: asked.remove_same_camera, unmatched };
                let found = with_set(&case.pool, |pool| leave_one_out(pool, options).unwrap().evaluation);
                assert_metrics(&found, expected, &case.name);
                assert_eq!(found.unmatched, asked.unmatched, "{}", case.name);
                let first: Vec<_> = found.per_query.iter().map(|query| query.first_match_rank).collect();
                assert_eq!(first, asked.matched_first, "{}", case.name);
                assert!(found.per_query.iter().all(|query| query.best != Some(query.index)));
            }
        }
    }
}

#[test]
fn equal_images_are_found_and_only_the_query_itself_is_not() {
    let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None, content: None };
    let (embeddings, labels) = (Embeddings::new(&vec![vec![1.0]; 3]), ["a", "b", "a"].map(label));
    let set = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
    let found = leave_one_out(&set, EvaluationOptions::default()).unwrap().evaluation;
    let best: Vec<_> = found.per_query.iter().map(|query| query.best).collect();
    assert_eq!(best, [Some(1), Some(0), Some(0)]);
    assert!(found.per_query.iter().all(|query| query.removed == 1));
    assert_eq!((found.evaluated, found.cmc), (2, vec![0.5, 1.0]));
}

#[test]
fn splits_and_what_they_give_are_pythons() {
    for case in cases::<PoolCase>(FIXTURE) {
        for asked in &case.splits {
            let options = SplitOptions {
                gallery_images: asked.gallery_images,
                runs: asked.query.len(),
                seed: asked.seed,
            };
            for (unmatched, expected) in asked.found.each() {
                let evaluation =
                    EvaluationOptions { remove_same_camera: asked.remove_same_camera, unmatched };
                let found = with_set(&case.pool, |pool| evaluate_splits(pool, options, evaluation).unwrap());
                let drawn = &found.drawn;
                assert_eq!(
                    [drawn.identities, drawn.small_identities, drawn.distractors, drawn.unlabelled],
                    [asked.identities, asked.small_identities, asked.distractors, asked.unlabelled]
                );
                let queries = found.runs.iter().map(|run| &run.split.query);
                assert!(queries.eq(&asked.query), "{}", case.name);
                for (run, expected) in found.runs.iter().zip(&expected.runs) {
                    assert_metrics(&run.evaluation, expected, &case.name);
                }
                let (summary, expected) = (found.summary, &expected.summary);
                assert_cmc_summary(summary.cmc, &expected.cmc, &case.name);
                assert_runs(summary.mean_average_precision, &expected.mean_average_precision, &case.name);
                assert_runs(
                    summary.mean_average_precision_trapezoidal,
                    &expected.mean_average_precision_trapezoidal,
                    &case.name,
                );
            }
        }
    }
}

#[test]
fn a_split_has_each_image_once_and_so_many_of_each_identity_in_the_gallery() {
    for seed in 0..20 {
        let labels = Random::new(seed).labels(80, 9);
        let options = SplitOptions { gallery_images: 1 + seed as usize % 3, runs: 5, seed };
        let drawn = draw_splits(&labels, options).unwrap();
        for split in &drawn.splits {
            let mut all = [&split.query[..], &split.gallery].concat();
            assert!(split.query.is_sorted() && split.gallery.is_sorted());
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..80));
            for image in &split.query {
                let identity = labels[*image].identity.as_deref();
                assert!(!matches!(identity, None | Some("-1")));
                let others =
                    split.gallery.iter().filter(|&&other| labels[other].identity.as_deref() == identity);
                assert_eq!(others.count(), options.gallery_images);
            }
        }
        let fewer = draw_splits(&labels, SplitOptions { runs: 2, ..options }).unwrap();
        assert_eq!(fewer.splits, drawn.splits[..2], "the first runs stay the same");
        assert_ne!(drawn.splits[0], drawn.splits[1]);
    }
}

#[test]
fn each_image_is_as_often_in_the_gallery() {
    let label = ImageLabel { identity: Some("a".into()), camera: None, content: None };
    let options = SplitOptions { gallery_images: 2, runs: 4000, seed: 1 };
    let drawn = draw_splits(&vec![label; 5], options).unwrap();
    for image in 0..5 {
        let times = drawn.splits.iter().filter(|split| split.gallery.contains(&image)).count() as f64;
        // 2 of 5 in each run: the standard deviation is that of a binomial distribution.
        let deviation = f64::sqrt(4000.0 * 0.4 * 0.6);
        assert!((times - 1600.0).abs() < 4.0 * deviation, "image {image}: {times}");
    }
}

#[test]
fn splits_of_images_without_identities_say_so() {
    let mut labels = Random::new(1).labels(20, 4);
    labels.iter_mut().for_each(|label| label.identity = None);
    let error = draw_splits(&labels, SplitOptions::default()).unwrap_err().to_string();
    assert_eq!(error, "none of the 20 images has an identity, by which queries and gallery are drawn");
}

#[test]
fn splits_that_leave_no_query_are_refused() {
    let labels = Random::new(1).labels(20, 4);
    for (gallery_images, runs, reason) in [
        (0, 1, "the number of gallery images of an identity is 0, expected 1 or more"),
        (20, 1, "no identity has more than 20 images"),
        (1, 0, "the number of runs is 0, expected 1 or more"),
    ] {
        let error = draw_splits(&labels, SplitOptions { gallery_images, runs, seed: 1 }).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}
