//! Studies: averages that hold nothing that is left out, and refinements beyond what there is.

use reid_web::evaluation::{EvaluationOptions, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::metrics::UnmatchedPolicy;
use reid_web::refinement::{WhiteningOptions, average_groups};
use reid_web::study::{Refinements, Settings, study};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::study::{DIM, rows};
use crate::support::random::matrix_of;
use crate::support::random_sets::Sets;

/// A number for each identity and, if asked for, each camera that saw it; others stay by themselves.
fn groups(labels: &[ImageLabel], by_camera: bool) -> Vec<usize> {
    let names = |label: &ImageLabel| (label.identity.clone(), label.camera.clone().filter(|_| by_camera));
    let first = |at: usize| (0..at).find(|&other| names(&labels[other]) == names(&labels[at]));
    (0..labels.len()).map(|at| if labels[at].has_subject() { first(at).unwrap_or(at) } else { at }).collect()
}

#[test]
fn no_average_holds_images_that_the_protocol_leaves_out() {
    for (seed, remove_same_camera) in (0..10).flat_map(|seed| [(seed, true), (seed, false)]) {
        let sets = Sets::new(seed);
        let evaluation = EvaluationOptions { remove_same_camera, unmatched: UnmatchedPolicy::Drop };
        let (query, gallery) = (sets.query.concat(), sets.gallery.concat());
        let labels = |members: &[Vec<usize>], labels: &[ImageLabel]| -> Vec<ImageLabel> {
            let common = |images: &Vec<usize>| {
                let camera = &labels[images[0]].camera;
                let is_one = images.iter().all(|&image| labels[image].camera == *camera);
                assert!(is_one || !remove_same_camera, "images of several cameras in one average");
                ImageLabel { camera: camera.clone().filter(|_| is_one), ..labels[images[0]].clone() }
            };
            members.iter().map(common).collect()
        };
        let [of_query, of_gallery] = sets.labels().map(|labels| groups(labels, remove_same_camera));
        let queries = average_groups(rows(&query), &of_query).unwrap();
        let templates = average_groups(rows(&gallery), &of_gallery).unwrap();
        let query_labels = labels(&queries.members, &sets.query_labels);
        let gallery_labels = labels(&templates.members, &sets.gallery_labels);
        let refinements =
            Refinements { average_gallery: true, average_queries: true, ..Refinements::default() };
        let found = sets.study(&Settings { refinements, evaluation, ..Settings::default() });
        let rows = |values: &[f32]| values.chunks(DIM).map(<[f32]>::to_vec).collect::<Vec<_>>();
        let matrix = matrix_of(&rows(&queries.values), &rows(&templates.values));
        let expected = evaluate(&matrix, &query_labels, &gallery_labels, evaluation).unwrap();
        assert_eq!(found.evaluation, expected, "{seed} {remove_same_camera}");
        assert_eq!(found.gallery_members, Some(templates.members));
    }
}

#[test]
fn more_components_than_there_are_are_refused() {
    let sets = Sets::new(3);
    let (query, gallery) = (sets.query.concat(), sets.gallery.concat());
    let query = LabelledSet::new("query", rows(&query), &sets.query_labels).unwrap();
    let gallery = LabelledSet::new("gallery", rows(&gallery), &sets.gallery_labels).unwrap();
    let whitened = |components| {
        let options = WhiteningOptions { components: Some(components), ..WhiteningOptions::default() };
        let refinements = Refinements { whitening: Some(options), ..Refinements::default() };
        study(&query, &gallery, &Settings { refinements, ..Settings::default() })
    };
    assert!(whitened(DIM).is_ok());
    let message = whitened(DIM + 1).unwrap_err().to_string();
    assert_eq!(message, "whitening to 13 components is not possible: the gallery's embeddings have 12");
}
