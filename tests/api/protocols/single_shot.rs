//! CUHK03's single gallery shot: an independent reference with the same draws, and chance held against the mean over
//! all.
//!
//! The reference is `tests/reference/evaluation/make_protocol_fixtures.py` (numpy). Tolerance: 1e-12. A mean over
//! chance draws is within 5 standard errors of that over all draws.

use crate::protocols::references::{
    ExpectedCmc, FIXTURE, Images, Metrics, Policies, TOLERANCE, assert_cmc_summary, assert_curve,
    assert_metrics, assert_near, with_set,
};
use crate::support::random::matrix_of;
use crate::support::references::Embeddings;
use reid_web::Error;
use reid_web::evaluation::{EvaluationOptions, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::metrics::UnmatchedPolicy;
use reid_web::protocols::{Candidates, REPEATS, single_gallery_shot, single_gallery_shot_by};
use serde::Deserialize;
use serde_json::Value;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShotCase {
    name: String,
    query: Images,
    gallery: Images,
    remove_same_camera: bool,
    repeats: usize,
    seed: u64,
    draws: Vec<usize>,
    given: Policies<ExpectedShot>,
    seeded: Policies<ExpectedShot>,
    whole: Policies<Metrics>,
    all: Option<AllDraws>,
}

#[derive(Deserialize)]
struct ExpectedShot {
    cmc: Vec<f64>,
    summary: Option<ExpectedCmc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllDraws {
    repeats: usize,
    cmc: Vec<f64>,
    standard_error: Vec<f64>,
}

impl ShotCase {
    fn all() -> Vec<Self> {
        let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
        serde_json::from_value(fixture["singleShots"].clone()).unwrap()
    }

    fn with<T>(&self, use_sets: impl FnOnce(&LabelledSet, &LabelledSet) -> T) -> T {
        with_set(&self.query, |query| with_set(&self.gallery, |gallery| use_sets(query, gallery)))
    }

    fn options(&self, unmatched: UnmatchedPolicy) -> EvaluationOptions {
        EvaluationOptions { remove_same_camera: self.remove_same_camera, unmatched }
    }
}

#[test]
fn the_same_draws_give_pythons_curve_and_the_whole_gallery_its_precisions() {
    for case in ShotCase::all() {
        for ((unmatched, expected), (_, whole)) in case.given.each().into_iter().zip(case.whole.each()) {
            let mut draws = case.draws.iter();
            let found = case.with(|query, gallery| {
                let draw = |from: Candidates| {
                    let drawn = draws.next().unwrap();
                    from.images.iter().position(|image| image == drawn).unwrap()
                };
                let options = case.options(unmatched);
                single_gallery_shot_by(query, gallery, case.repeats, options, draw).unwrap()
            });
            assert!(draws.next().is_none(), "{}", case.name);
            assert_curve(&found.cmc, &expected.cmc, &case.name);
            assert_eq!(found.summary.rank_1.is_some(), expected.summary.is_some(), "{}", case.name);
            if let Some(expected) = &expected.summary {
                assert_cmc_summary(found.summary, expected, &case.name);
            }
            assert_metrics(&found.evaluation, whole, &case.name);
        }
    }
}

#[test]
fn a_seed_gives_pythons_draws() {
    for case in ShotCase::all() {
        for (unmatched, expected) in case.seeded.each() {
            let options = case.options(unmatched);
            let found = case.with(|query, gallery| {
                single_gallery_shot(query, gallery, case.repeats, case.seed, options).unwrap()
            });
            assert_curve(&found.cmc, &expected.cmc, &case.name);
        }
    }
}

#[test]
fn many_draws_come_to_the_mean_over_all_draws() {
    let mut compared = 0;
    for case in ShotCase::all() {
        let Some(all) = &case.all else { continue };
        let options = case.options(UnmatchedPolicy::Drop);
        for seed in [1, 2] {
            let found = case.with(|query, gallery| {
                single_gallery_shot(query, gallery, all.repeats, seed, options).unwrap()
            });
            for ((found, expected), error) in found.cmc.iter().zip(&all.cmc).zip(&all.standard_error) {
                assert!(
                    (found - expected).abs() <= 5.0 * error + TOLERANCE,
                    "{}: {found}, {expected}",
                    case.name
                );
                compared += usize::from(*error > 0.0);
            }
        }
    }
    assert!(compared >= 10, "{compared} shares depend on the draws");
}

#[test]
fn with_one_image_of_each_identity_the_shot_is_the_whole_gallery() {
    let case = ShotCase::all().into_iter().find(|case| case.name == "one image of each identity").unwrap();
    let options = EvaluationOptions::default();
    let found = case.with(|query, gallery| single_gallery_shot(query, gallery, REPEATS, 5, options).unwrap());
    assert_eq!(found.cmc, found.evaluation.cmc);
    assert_near(found.summary.rank_1.unwrap().standard_deviation.unwrap(), 0.0, &case.name);
    let matrix = matrix_of(&case.query.embeddings, &case.gallery.embeddings);
    let plain = evaluate(&matrix, &case.query.labels(), &case.gallery.labels(), options).unwrap();
    assert_eq!(found.evaluation, plain);
}

#[test]
fn a_draw_that_is_none_of_the_images_and_no_draws_are_refused() {
    let case = &ShotCase::all()[0];
    let options = EvaluationOptions::default();
    let found = |repeats, index| {
        case.with(|query, gallery| single_gallery_shot_by(query, gallery, repeats, options, |_| index))
    };
    assert!(matches!(found(2, 9).unwrap_err(), Error::NoSuchIndex { set: "candidate", index: 9, .. }));
    assert!(found(0, 0).unwrap_err().to_string().contains("the number of repeats is 0"));
}

#[test]
fn sets_of_different_dimensions_are_refused() {
    let (two, three) = (Embeddings::new(&[vec![1.0, 0.0]]), Embeddings::new(&[vec![1.0, 0.0, 0.0]]));
    let labels = [ImageLabel::default()];
    let query = LabelledSet::new("query", two.rows(), &labels).unwrap();
    let gallery = LabelledSet::new("gallery", three.rows(), &labels).unwrap();
    let error = single_gallery_shot(&query, &gallery, 1, 1, EvaluationOptions::default()).unwrap_err();
    assert!(matches!(error, Error::EmbeddingLength { found: 3, expected: 2 }), "{error}");
}
