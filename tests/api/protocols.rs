//! Protocols: an independent reference, then what must hold for any set.
//!
//! The reference is `tests/reference/make_protocol_fixtures.py` (numpy). Tolerance: 1e-12; splits and ranks are equal.
//! A mean over chance draws is within 5 standard errors of that over all draws.

use crate::random::Random;
use crate::references::{Embeddings, cases};
use reid_web::Error;
use reid_web::evaluation::{Evaluation, EvaluationOptions, ImageLabel, evaluate};
use reid_web::metrics::{RunSummary, UnmatchedPolicy};
use reid_web::protocols::{
    CmcSummary, REPEATS, SplitOptions, draw_splits, evaluate_splits, leave_one_out, single_gallery_shot,
    single_gallery_shot_by,
};
use reid_web::study::LabelledSet;
use serde::Deserialize;
use serde_json::Value;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FIXTURE: &str = include_str!("../fixtures/metrics/protocols.json");
const TOLERANCE: f64 = 1e-12;

/// What either policy for unmatched queries gives.
#[derive(Deserialize)]
struct Policies<T> {
    drop: T,
    zero: T,
}

impl<T> Policies<T> {
    fn each(&self) -> [(UnmatchedPolicy, &T); 2] {
        [(UnmatchedPolicy::Drop, &self.drop), (UnmatchedPolicy::Zero, &self.zero)]
    }
}

#[derive(Deserialize)]
struct Images {
    embeddings: Vec<Vec<f32>>,
    identities: Vec<Option<String>>,
    cameras: Vec<Option<String>>,
}

impl Images {
    fn labels(&self) -> Vec<ImageLabel> {
        let pairs = self.identities.iter().cloned().zip(self.cameras.iter().cloned());
        pairs.map(|(identity, camera)| ImageLabel { identity, camera }).collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    evaluated: usize,
    cmc: Vec<f64>,
    mean_average_precision: Option<f64>,
    mean_average_precision_trapezoidal: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedRuns {
    runs: usize,
    mean: f64,
    standard_deviation: Option<f64>,
}

#[derive(Deserialize)]
struct ExpectedCmc {
    rank1: ExpectedRuns,
    rank5: ExpectedRuns,
    rank10: ExpectedRuns,
}

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

fn with_set<T>(images: &Images, use_set: impl FnOnce(&LabelledSet) -> T) -> T {
    let (embeddings, labels) = (Embeddings::new(&images.embeddings), images.labels());
    use_set(&LabelledSet::new("pool", embeddings.rows(), &labels).unwrap())
}

fn assert_metrics(found: &Evaluation, expected: &Metrics, what: &str) {
    assert_eq!(found.evaluated, expected.evaluated, "{what}");
    assert_curve(&found.cmc, &expected.cmc, what);
    for (found, expected) in [
        (found.mean_average_precision, expected.mean_average_precision),
        (found.mean_average_precision_trapezoidal, expected.mean_average_precision_trapezoidal),
    ] {
        assert_eq!(found.is_some(), expected.is_some(), "{what}");
        assert_near(found.unwrap_or(0.0), expected.unwrap_or(0.0), what);
    }
}

fn assert_curve(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    found.iter().zip(expected).for_each(|(&found, &expected)| assert_near(found, expected, what));
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= TOLERANCE, "{what}: {found}, expected {expected}");
}

fn assert_runs(found: Option<RunSummary>, expected: &ExpectedRuns, what: &str) {
    let found = found.unwrap();
    assert_eq!(found.runs, expected.runs, "{what}");
    assert_near(found.mean, expected.mean, what);
    assert_eq!(found.standard_deviation.is_some(), expected.standard_deviation.is_some(), "{what}");
    assert_near(found.standard_deviation.unwrap_or(0.0), expected.standard_deviation.unwrap_or(0.0), what);
}

fn assert_cmc_summary(found: CmcSummary, expected: &ExpectedCmc, what: &str) {
    assert_runs(found.rank_1, &expected.rank1, what);
    assert_runs(found.rank_5, &expected.rank5, what);
    assert_runs(found.rank_10, &expected.rank10, what);
}

#[test]
fn leaving_one_out_is_a_gallery_without_the_query_for_each_image() {
    for case in cases::<PoolCase>(FIXTURE) {
        for asked in &case.leave_one_out {
            for (unmatched, expected) in asked.metrics.each() {
                let options = EvaluationOptions { remove_same_camera: asked.remove_same_camera, unmatched };
                let found = with_set(&case.pool, |pool| leave_one_out(pool, options).unwrap());
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
    let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None };
    let (embeddings, labels) = (Embeddings::new(&vec![vec![1.0]; 3]), ["a", "b", "a"].map(label));
    let set = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
    let found = leave_one_out(&set, EvaluationOptions::default()).unwrap();
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
    let label = ImageLabel { identity: Some("a".into()), camera: None };
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
fn splits_that_leave_no_query_are_refused() {
    let labels = Random::new(1).labels(20, 4);
    for (gallery_images, runs, reason) in [
        (0, 1, "the number of gallery images of an identity is 0: accepted is 1 or more"),
        (20, 1, "the number of gallery images of an identity is 20"),
        (1, 0, "the number of runs is 0: accepted is 1 or more"),
    ] {
        let error = draw_splits(&labels, SplitOptions { gallery_images, runs, seed: 1 }).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn the_same_draws_give_pythons_curve_and_the_whole_gallery_its_precisions() {
    for case in ShotCase::all() {
        for ((unmatched, expected), (_, whole)) in case.given.each().into_iter().zip(case.whole.each()) {
            let mut draws = case.draws.iter();
            let found = case.with(|query, gallery| {
                let draw = |from: reid_web::protocols::Candidates| {
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
    let matrix = crate::random::matrix_of(&case.query.embeddings, &case.gallery.embeddings);
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
