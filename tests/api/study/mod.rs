//! Studies: each number is what its part gives by itself.

mod limits;

use crate::refinement::re_ranking::all_distances;
use reid_web::embedding::EmbeddingRows;
use reid_web::embedding::cosine_similarity_matrix;
use reid_web::evaluation::{Evaluation, EvaluationOptions, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::metrics::{ThresholdTarget, UnmatchedPolicy};
use reid_web::refinement::{
    Cohort, KReciprocal, QueryExpansion, ReRanking, ScoreNorm, Whitening, WhiteningOptions, average_groups,
    expand_queries,
};
use reid_web::study::{Normalisation, Refinements, Settings, Study, compare, study};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::random::matrix_of;
use crate::support::random_sets::Sets;

pub const DIM: usize = 12;

impl Sets {
    /// Images of eight identities.
    pub fn new(seed: u64) -> Self {
        Self::of(seed, [30, 60], DIM, 8)
    }

    pub fn study(&self, settings: &Settings) -> Study {
        let (query, gallery) = (self.query.concat(), self.gallery.concat());
        let query = LabelledSet::new("query", rows(&query), &self.query_labels).unwrap();
        let gallery = LabelledSet::new("gallery", rows(&gallery), &self.gallery_labels).unwrap();
        study(&query, &gallery, settings).unwrap()
    }

    fn refined(&self, refinements: Refinements) -> Study {
        self.study(&Settings { refinements, ..Settings::default() })
    }

    /// What plain embeddings give.
    fn evaluated(query: &[f32], gallery: &[f32], labels: [&[ImageLabel]; 2], dim: usize) -> Evaluation {
        let rows = |values: &[f32]| values.chunks(dim).map(<[f32]>::to_vec).collect::<Vec<_>>();
        let matrix = matrix_of(&rows(query), &rows(gallery));
        evaluate(&matrix, labels[0], labels[1], Settings::default().evaluation).unwrap()
    }
}

pub fn rows(values: &[f32]) -> EmbeddingRows<'_> {
    EmbeddingRows::new(values, DIM).unwrap()
}

fn is_junk(label: &ImageLabel) -> bool {
    label.identity.as_deref() == Some("-1")
}

/// Embeddings of the images that are not junk.
fn without_junk(values: &[f32], labels: &[ImageLabel]) -> Vec<f32> {
    let kept = values.chunks(DIM).zip(labels).filter(|(_, label)| !is_junk(label));
    kept.flat_map(|(embedding, _)| embedding).copied().collect()
}

#[test]
fn without_refinements_the_evaluation_is_the_plain_one() {
    for seed in 0..10 {
        let sets = Sets::new(seed);
        let found = sets.refined(Refinements::default());
        let expected = Sets::evaluated(&sets.query.concat(), &sets.gallery.concat(), sets.labels(), DIM);
        assert_eq!(found.evaluation, expected);
        let evaluated: Vec<_> =
            expected.per_query.iter().filter(|query| query.average_precision.is_some()).collect();
        let hardest = |ranks: &[usize]| ranks.len() as f64 / *ranks.last().unwrap() as f64;
        let penalties = evaluated.iter().map(|query| hardest(&query.match_ranks));
        let mean = penalties.sum::<f64>() / evaluated.len() as f64;
        assert!((found.retrieval.mean_inverse_negative_penalty.unwrap() - mean).abs() < 1e-12);
        let interval = found.intervals.mean_average_precision.unwrap();
        assert!((interval.estimate - expected.mean_average_precision.unwrap()).abs() < 1e-12);
        assert_eq!(interval.queries, evaluated.len());
    }
}

#[test]
fn verification_takes_every_pair_that_counts_once() {
    let sets = Sets::new(4);
    for remove_same_camera in [true, false] {
        let evaluation = EvaluationOptions { remove_same_camera, unmatched: UnmatchedPolicy::Drop };
        let found = sets.study(&Settings { evaluation, ..Settings::default() });
        let mut pairs = [0, 0];
        for query in &sets.query_labels {
            for image in &sets.gallery_labels {
                let (Some(a), Some(b)) = (&query.identity, &image.identity) else { continue };
                let is_same_shot = a == b && query.camera.is_some() && query.camera == image.camera;
                if a != "-1" && b != "-1" && !(remove_same_camera && is_same_shot) {
                    pairs[usize::from(a != b)] += 1;
                }
            }
        }
        assert_eq!([found.verification.genuine.pairs, found.verification.impostor.pairs], pairs);
        let labelled = found.open_set.known + found.open_set.unknown;
        assert_eq!(
            (labelled, found.open_set.unknown),
            (found.evaluation.labelled, found.evaluation.unmatched)
        );
    }
}

#[test]
fn refined_embeddings_are_evaluated_as_if_they_were_the_originals() {
    let sets = Sets::new(7);
    let (query, gallery) = (sets.query.concat(), sets.gallery.concat());
    let expansion = QueryExpansion { k: 3, alpha: 2.0 };
    let found = sets.refined(Refinements { query_expansion: Some(expansion), ..Refinements::default() });
    let counted = without_junk(&gallery, &sets.gallery_labels);
    let expanded = expand_queries(rows(&query), rows(&counted), expansion).unwrap();
    assert_eq!(found.evaluation, Sets::evaluated(&expanded, &gallery, sets.labels(), DIM));

    let options = WhiteningOptions { components: Some(6), ..WhiteningOptions::default() };
    let found = sets.refined(Refinements { whitening: Some(options), ..Refinements::default() });
    let whitening = Whitening::fit(&[rows(&counted)], options).unwrap();
    let [query, gallery] = [&query, &gallery].map(|values| whitening.apply(rows(values)).unwrap());
    assert_eq!(found.evaluation, Sets::evaluated(&query, &gallery, sets.labels(), 6));
}

#[test]
fn averaging_leaves_one_gallery_image_for_each_identity() {
    let mut sets = Sets::new(9);
    let identities = |at: usize| Some((at % 4).to_string());
    sets.gallery_labels =
        (0..60).map(|at| ImageLabel { identity: identities(at), camera: None, content: None }).collect();
    let found = sets.refined(Refinements { average_gallery: true, ..Refinements::default() });
    let groups: Vec<usize> = (0..60).map(|at| at % 4).collect();
    let averages = average_groups(rows(&sets.gallery.concat()), &groups).unwrap();
    let labels = &sets.gallery_labels[..4];
    let expected = Sets::evaluated(&sets.query.concat(), &averages.values, [&sets.query_labels, labels], DIM);
    assert_eq!(found.evaluation, expected);
    assert_eq!(found.gallery_members.unwrap()[1], Vec::from_iter((1..60).step_by(4)));
    assert_eq!(found.query_members, None);
}

#[test]
fn re_ranked_and_normalised_scores_order_the_gallery() {
    let sets = Sets::new(11);
    let (query, gallery) = (sets.query.concat(), sets.gallery.concat());
    let settings = KReciprocal { k1: 5, k2: 2, ..KReciprocal::default() };
    let found = sets.refined(Refinements { re_ranking: Some(settings), ..Refinements::default() });
    let [counted_query, counted_gallery] =
        [without_junk(&query, &sets.query_labels), without_junk(&gallery, &sets.gallery_labels)];
    let distances = ReRanking::new(rows(&counted_query), rows(&counted_gallery), settings);
    let mut distances = all_distances(&distances.unwrap()).into_iter();
    let similarities = cosine_similarity_matrix(&query, &gallery, DIM).unwrap();
    let normalisation = Normalisation { norm: ScoreNorm::T, cohort: Cohort::All };
    let normalised =
        sets.refined(Refinements { normalisation: Some(normalisation), ..Refinements::default() });
    let is_junk_image = |image: usize| is_junk(&sets.gallery_labels[image]);
    for index in 0..30 {
        let row = |values: &[f32]| values[index * 60..][..60].to_vec();
        let result = &found.evaluation.per_query[index];
        if is_junk(&sets.query_labels[index]) {
            assert_eq!((result.best, result.removed), (None, 60), "junk has no ranks among others");
            assert_eq!(normalised.evaluation.per_query[index].best, None);
            continue;
        }
        let next = |image| if is_junk_image(image) { f32::NAN } else { distances.next().unwrap() };
        let distances: Vec<f32> = (0..60).map(next).collect();
        let best = result.best.unwrap();
        let nearest = distances[best];
        let own = |image: &usize| {
            !is_junk_image(*image) && result.removed == (0..60).filter(|at| is_junk_image(*at)).count()
        };
        assert!((0..60).filter(own).all(|image| distances[image] >= nearest));
        assert_eq!(result.best_similarity, Some(1.0 - nearest));
        // T leaves the order of a query's gallery as it is.
        let plain = row(&similarities);
        let result = &normalised.evaluation.per_query[index];
        let best = result.best.unwrap();
        assert!((0..60).filter(own).all(|image| plain[image] <= plain[best]));
    }
}

#[test]
fn a_comparison_lists_what_has_changed_and_by_how_much() {
    let sets = Sets::new(2);
    let before = sets.refined(Refinements::default());
    let expansion = QueryExpansion { k: 5, alpha: 1.0 };
    let after = sets.refined(Refinements { query_expansion: Some(expansion), ..Refinements::default() });
    let values = sets.query.concat();
    let query = LabelledSet::new("query", rows(&values), &sets.query_labels).unwrap();
    let found = compare(&query, &before, &after);
    let differences = found.differences.clone().unwrap();
    assert_eq!(found.plain.mean_average_precision, before.evaluation.mean_average_precision);
    assert_eq!(found.plain.cmc[0], before.evaluation.cmc.first().copied());
    assert_eq!(found.plain.area_under_curve, before.verification.area_under_curve);
    let mean = |study: &Study| study.evaluation.mean_average_precision.unwrap();
    let difference = differences.mean_average_precision.unwrap();
    assert!((difference.estimate - (mean(&after) - mean(&before))).abs() < 1e-12);
    assert!(difference.low <= difference.estimate && difference.estimate <= difference.high);
    assert!(found.better.iter().all(|change| change.after > change.before));
    assert!(found.worse.iter().all(|change| change.after < change.before));
    let precision = |study: &Study, index: usize| study.evaluation.per_query[index].average_precision;
    let changed = (0..30).filter(|&index| precision(&before, index) != precision(&after, index)).count();
    assert_eq!(found.better.len() + found.worse.len(), changed);
    let nothing = compare(&query, &before, &before);
    assert!(nothing.better.is_empty() && nothing.worse.is_empty());
    let averaged = sets.refined(Refinements { average_queries: true, ..Refinements::default() });
    let unpaired = compare(&query, &before, &averaged);
    assert_eq!((unpaired.differences, unpaired.better), (None, Vec::new()));
    assert_eq!(unpaired.plain, found.plain);
}

#[test]
fn the_threshold_is_the_one_asked_for() {
    let sets = Sets::new(5);
    for target in [ThresholdTarget::EqualErrorRate, ThresholdTarget::FalsePositiveRate { rate: 0.1 }] {
        let found = sets.study(&Settings { target, ..Settings::default() });
        assert_eq!(found.threshold, found.verification.advise(target));
    }
}

#[test]
fn settings_are_read_as_they_are_written() {
    let json = r#"{"removeSameCamera": false, "unmatched": "zero", "reRanking": {"k1": 20, "k2": 6, "lambda": 0.3},
        "whitening": {"components": null, "epsilon": 0.0}, "averageGallery": true, "target": {"kind": "falsePositiveRate",
        "rate": 0.01}, "normalisation": {"norm": "s", "cohort": {"closest": 200}}, "seed": 3}"#;
    let settings: Settings = serde_json::from_str(json).unwrap();
    assert_eq!(settings.refinements.re_ranking, Some(KReciprocal::default()));
    assert_eq!(settings.refinements.normalisation.unwrap().cohort, Cohort::Closest(200));
    assert!(!settings.evaluation.remove_same_camera);
    let again: Settings = serde_json::from_str(&serde_json::to_string(&settings).unwrap()).unwrap();
    assert_eq!(again, settings);
}

#[test]
fn a_threshold_comes_with_intervals_of_what_it_does() {
    let sets = Sets::new(4);
    let found = sets.study(&Settings::default());
    let advised = found.threshold.and_then(|rates| rates.threshold).unwrap();
    for threshold in [-2.0, 0.1, advised, 2.0] {
        let at = found.at_threshold(threshold);
        assert_eq!(at.queries, found.open_set.rates_at(threshold));
        assert_eq!(at.pairs, found.verification.rates_at(threshold));
        assert_eq!(at.accepted + at.rejected, 30);
        for (interval, rate) in [
            (at.intervals.detection_and_identification_rate, at.queries.detection_and_identification_rate),
            (at.intervals.false_positive_identification_rate, at.queries.false_positive_identification_rate),
        ] {
            // Some identities are in the gallery and some are not.
            if let Some(interval) = interval {
                assert!((interval.estimate - rate.unwrap()).abs() < 1e-12, "{threshold}");
                assert!(interval.low <= interval.estimate && interval.estimate <= interval.high);
            }
        }
        let known = at.intervals.detection_and_identification_rate.unwrap();
        assert_eq!(known.queries, found.open_set.known);
    }
    let nothing = found.at_threshold(2.0).intervals.detection_and_identification_rate.unwrap();
    assert_eq!((nothing.low, nothing.high), (0.0, 0.0));
    assert_eq!(found.threshold_intervals, Some(found.at_threshold(advised).intervals));
}
