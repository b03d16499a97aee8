//! Images that are searched for among themselves: each is a query, and in the gallery of all others.

use crate::support::random_sets::Sets;
use crate::support::references::Embeddings;
use reid_web::Error;
use reid_web::evaluation::{Evaluation, EvaluationOptions, Ranker, evaluate};
use reid_web::labels::{ImageLabel, LabelledSet};
use reid_web::protocols::leave_one_out;
use reid_web::refinement::KReciprocal;
use reid_web::study::{Refinements, Settings, study};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const IMAGES: usize = 30;

/// Images, and labels in which each is a file of its own.
fn images(seed: u64) -> (Embeddings, Vec<ImageLabel>) {
    let sets = Sets::of(seed, [1, IMAGES], 8, 6);
    let of_its_own =
        |(index, label): (usize, ImageLabel)| ImageLabel { content: Some(index.to_string()), ..label };
    let labels = sets.gallery_labels.into_iter().enumerate().map(of_its_own).collect();
    (Embeddings::new(&sets.gallery), labels)
}

fn options(seed: u64) -> EvaluationOptions {
    EvaluationOptions { remove_same_camera: seed.is_multiple_of(2), ..EvaluationOptions::default() }
}

fn settings(seed: u64) -> Settings {
    Settings { evaluation: options(seed), ..Settings::default() }
}

/// With ids that are no indices.
fn ids() -> Vec<u32> {
    (0..IMAGES as u32).map(|image| 3 * image + 7).collect()
}

#[test]
fn a_collection_is_evaluated_as_leave_one_out() {
    for seed in 0..20 {
        let (embeddings, labels) = images(seed);
        let set = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
        let expected = leave_one_out(&set, options(seed)).unwrap().evaluation;
        let ids = ids();
        let collection = set.with_ids(&ids).unwrap();
        let found = study(&collection, &collection, &settings(seed)).unwrap().evaluation;
        assert_eq!(found, expected);
        assert_eq!(found.same_file, 0, "its own image is no pair of one file");
    }
}

#[test]
fn pictures_that_are_only_searched_for_are_ranked_against_the_whole_collection() {
    for seed in 0..20 {
        let sets = Sets::of(seed, [5, IMAGES], 8, 6);
        let alone =
            evaluate(&sets.matrix(), &sets.query_labels, &sets.gallery_labels, options(seed)).unwrap();
        let mut both = Sets::of(seed, [5, IMAGES], 8, 6);
        both.query.extend(sets.gallery.iter().cloned());
        both.query_labels.extend(sets.gallery_labels.iter().cloned());
        let own = (0..5).map(|_| None).chain((0..IMAGES).map(Some)).collect();
        let ranker = Ranker::new(&both.query_labels, &both.gallery_labels, options(seed)).with_own(own);
        let found: Evaluation = ranker.evaluate(&both.matrix()).unwrap();
        assert_eq!(found.per_query[..5], alone.per_query[..]);
        for image in 0..IMAGES {
            let ranked = ranker.rank(&both.matrix(), 5 + image, IMAGES).unwrap();
            assert!(ranked.iter().all(|entry| entry.index != image), "{image} found itself");
        }
    }
}

#[test]
fn refinements_of_a_collection_are_refused() {
    let (embeddings, labels) = images(1);
    let ids = ids();
    let set = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap().with_ids(&ids).unwrap();
    let refinements = Refinements { re_ranking: Some(KReciprocal::default()), ..Refinements::default() };
    let refused = study(&set, &set, &Settings { refinements, ..settings(1) }).unwrap_err();
    assert!(matches!(refused, Error::RefinedCollection), "{refused}");
    assert!(set.with_ids(&ids[1..]).is_err());
}
