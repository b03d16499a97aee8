//! The same file is never its own match, whatever is asked of the sets that have it twice.

use std::slice::from_ref;

use crate::support::random::{Random, matrix_of};
use crate::support::random_sets::Sets;
use crate::support::references::Embeddings;
use reid_web::embedding::EmbeddingRows;
use reid_web::evaluation::{EvaluationOptions, MatchCounts, Ranker, Unmatched, UnmatchedCounts, evaluate};
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::protocols::{
    REPEATS, SplitOptions, distinct_files, evaluate_splits, leave_one_out, single_gallery_shot,
};
use reid_web::refinement::KReciprocal;
use reid_web::study::{Refinements, Settings, Study, study};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn label(identity: &str, camera: &str, content: &str) -> ImageLabel {
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    ImageLabel { identity: named(identity), camera: named(camera), content: named(content) }
}

fn without_cameras() -> EvaluationOptions {
    EvaluationOptions::default()
}

/// Random sets with labels, in which every third query is also in the gallery, under other names too.
fn with_copies(seed: u64) -> Sets {
    let mut sets = Sets::of(seed, [18, 40], 6, 4);
    for (index, label) in sets.query_labels.iter_mut().enumerate() {
        label.content = Some(format!("query {index}"));
    }
    for (index, label) in sets.gallery_labels.iter_mut().enumerate() {
        let copied = index / 2 * 3;
        let is_copy = index % 2 == 0 && copied < sets.query.len();
        label.content = Some(if is_copy { format!("query {copied}") } else { format!("gallery {index}") });
        if is_copy {
            sets.gallery[index].clone_from(&sets.query[copied]);
        }
    }
    sets
}

#[test]
fn each_query_is_judged_as_if_its_own_file_were_not_in_the_gallery() {
    for seed in 0..20 {
        let sets = with_copies(seed);
        let options = EvaluationOptions { remove_same_camera: seed % 2 == 0, ..without_cameras() };
        let found = evaluate(&sets.matrix(), &sets.query_labels, &sets.gallery_labels, options).unwrap();
        let ranker = Ranker::new(&sets.query_labels, &sets.gallery_labels, options);
        let mut pairs = 0;
        for (index, query) in sets.query_labels.iter().enumerate() {
            let is_other = |image: &usize| sets.gallery_labels[*image].content != query.content;
            let others: Vec<usize> = (0..40).filter(is_other).collect();
            let is_junk = |image: &usize| sets.gallery_labels[*image].identity.as_deref() == Some("-1");
            pairs += (0..40).filter(|image| !is_other(image) && !is_junk(image)).count();
            let gallery: Vec<_> = others.iter().map(|&image| sets.gallery[image].clone()).collect();
            let labels: Vec<_> = others
                .iter()
                .map(|&image| ImageLabel { content: None, ..sets.gallery_labels[image].clone() })
                .collect();
            let matrix = matrix_of(&sets.query[index..=index], &gallery);
            let expected = evaluate(&matrix, &sets.query_labels[index..=index], &labels, options).unwrap();
            let (expected, found) = (&expected.per_query[0], &found.per_query[index]);
            assert_eq!(found.match_ranks, expected.match_ranks);
            assert_eq!(found.average_precision, expected.average_precision);
            assert_eq!(found.margin, expected.margin);
            assert_eq!(found.best, expected.best.map(|best| others[best]));
            assert_eq!(found.removed, expected.removed + 40 - others.len());
            let ranked = ranker.rank(&sets.matrix(), index, 40).unwrap();
            assert!(ranked.iter().all(|entry| others.contains(&entry.index)));
        }
        assert_eq!(found.same_file, pairs);
        assert!(pairs > 0);
    }
}

#[test]
fn without_contents_nothing_is_the_same_file() {
    let label = label("a", "", "");
    let matrix = matrix_of(&[vec![1.0, 0.0]], &[vec![1.0, 0.0]]);
    let found = evaluate(&matrix, from_ref(&label), from_ref(&label), without_cameras()).unwrap();
    assert_eq!((found.same_file, found.per_query[0].first_match_rank), (0, Some(1)));
}

#[test]
fn why_queries_have_no_match_is_counted() {
    let query = [
        label("a", "1", "a1"),
        label("b", "1", "b1"),
        label("c", "1", "c1"),
        label("d", "1", "d1"),
        label("e", "1", "e1"),
        label("", "1", "f1"),
        label("-1", "1", "g1"),
    ];
    let gallery = [
        label("a", "2", "a2"),
        label("b", "1", "b2"),
        label("c", "2", "c1"),
        label("d", "1", "d2"),
        label("d", "1", "d1"),
        label("-1", "1", "g1"),
        label("", "1", "f1"),
    ];
    let embeddings = |count: usize| vec![vec![0.6, 0.8]; count];
    let options = EvaluationOptions { remove_same_camera: true, ..without_cameras() };
    let matrix = matrix_of(&embeddings(7), &embeddings(7));
    let found = evaluate(&matrix, &query, &gallery, options).unwrap();
    let reasons: Vec<_> = found.per_query.iter().map(|result| result.unmatched).collect();
    let [camera, file, absent] =
        [Unmatched::SameCamera, Unmatched::SameFile, Unmatched::NotAmongLabelled].map(Some);
    assert_eq!(reasons, [None, camera, file, camera, absent, None, None]);
    assert_eq!(
        found.unmatched_by,
        UnmatchedCounts { not_among_labelled: 1, same_camera: 2, same_file: 1, ..UnmatchedCounts::default() }
    );
    assert_eq!(found.matches, MatchCounts { counted: 1, same_camera: 2, same_file: 2 });
    assert_eq!((found.labelled, found.unmatched, found.evaluated), (5, 4, 1));
    assert_eq!((found.junk_queries, found.junk, found.labelled_gallery), (1, 1, 5));
    // Of the pair of junk nothing is said: junk is out anyway. That without an identity counts.
    assert_eq!(found.same_file, 3);

    let kept = evaluate(&matrix, &query, &gallery, without_cameras()).unwrap();
    assert_eq!(
        kept.unmatched_by,
        UnmatchedCounts { not_among_labelled: 1, same_camera: 0, same_file: 1, ..UnmatchedCounts::default() }
    );
    assert_eq!(kept.matches, MatchCounts { counted: 3, same_camera: 0, same_file: 2 });
}

#[test]
fn one_camera_for_everything_loses_all_matches() {
    // Three identities, two queries and two gallery images each.
    let labels: Vec<_> = (0..6).map(|at| label(&(at / 2).to_string(), "1", "")).collect();
    let matrix = matrix_of(&vec![vec![1.0, 0.0]; 6], &vec![vec![0.6, 0.8]; 6]);
    let options = EvaluationOptions { remove_same_camera: true, ..without_cameras() };
    let found = evaluate(&matrix, &labels, &labels, options).unwrap();
    assert_eq!(found.matches, MatchCounts { counted: 0, same_camera: 12, same_file: 0 });
    assert_eq!((found.evaluated, found.unmatched_by.same_camera), (0, 6));
    assert_eq!(found.mean_average_precision, None);
}

/// A folder of three identities with three images each, dropped on both sets.
fn twice() -> (Embeddings, Vec<ImageLabel>) {
    let embeddings = Embeddings::new(&Random::new(5).embeddings(9, 6));
    let labels = (0..9).map(|at| label(&(at / 3).to_string(), "", &format!("file {at}"))).collect();
    (embeddings, labels)
}

fn studied(refinements: Refinements) -> Study {
    let (embeddings, labels) = twice();
    let set = |name| LabelledSet::new(name, embeddings.rows(), &labels).unwrap();
    study(&set("query"), &set("gallery"), &Settings { refinements, ..Settings::default() }).unwrap()
}

#[test]
fn a_folder_on_both_sets_is_judged_as_by_leaving_one_out() {
    let (embeddings, labels) = twice();
    let pool = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
    let left = leave_one_out(&pool, without_cameras()).unwrap();
    let found = studied(Refinements::default());
    assert_eq!((left.repeated, left.evaluation.same_file, found.evaluation.same_file), (0, 0, 9));
    let ranks = |results: &[reid_web::evaluation::QueryResult]| -> Vec<_> {
        results.iter().map(|result| result.match_ranks.clone()).collect()
    };
    assert_eq!(ranks(&found.evaluation.per_query), ranks(&left.evaluation.per_query));
    assert_eq!(found.evaluation.mean_average_precision, left.evaluation.mean_average_precision);
    // Two other images of three, six of other identities, for each of nine.
    assert_eq!((found.verification.genuine.pairs, found.verification.impostor.pairs), (18, 54));
    assert_eq!((found.open_set.known, found.open_set.unknown), (9, 0));
    assert!(found.evaluation.per_query.iter().all(|result| result.best_similarity < Some(0.999_999)));
}

#[test]
fn re_ranking_does_not_bring_the_own_file_back() {
    let settings = KReciprocal { k1: 3, k2: 2, lambda: 0.3 };
    let found = studied(Refinements { re_ranking: Some(settings), ..Refinements::default() });
    let results = &found.evaluation.per_query;
    assert!(results.iter().all(|result| result.removed == 1 && result.best != Some(result.index)));
    assert_eq!(found.evaluation.same_file, 9);
}

#[test]
fn an_average_with_the_own_file_in_it_is_left_out() {
    let gallery = studied(Refinements { average_gallery: true, ..Refinements::default() });
    assert_eq!(gallery.evaluation.unmatched_by.same_file, 9);
    assert_eq!((gallery.evaluation.same_file, gallery.evaluation.evaluated), (9, 0));
    let query = studied(Refinements { average_queries: true, ..Refinements::default() });
    assert_eq!((query.evaluation.queries, query.evaluation.same_file), (3, 9));
    assert_eq!(query.evaluation.unmatched_by.same_file, 3);
}

/// The first file is there three times, under two identities and without one; the last two identities have one image
/// each.
fn repeated() -> (Embeddings, Vec<ImageLabel>) {
    let labels =
        [("", "x"), ("a", "x"), ("a", "x"), ("a", "y"), ("b", "z"), ("c", "w"), ("b", "x"), ("", "v")];
    let labels = labels.map(|(identity, content)| label(identity, "", content));
    (Embeddings::new(&Random::new(3).embeddings(8, 4)), labels.into())
}

#[test]
fn protocols_of_one_pool_take_each_file_once() {
    let (embeddings, labels) = repeated();
    let kept = distinct_files(&labels);
    assert_eq!(kept, [1, 3, 4, 5, 6, 7]);
    let pool = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
    let values: Vec<f32> = kept.iter().flat_map(|&image| embeddings.rows().row(image).to_vec()).collect();
    let distinct_labels: Vec<ImageLabel> = kept.iter().map(|&image| labels[image].clone()).collect();
    let rows = EmbeddingRows::new(&values, 4).unwrap();
    let distinct = LabelledSet::new("pool", rows, &distinct_labels).unwrap();

    let left = leave_one_out(&pool, without_cameras()).unwrap();
    assert_eq!((left.repeated, &left.images), (2, &kept));
    assert_eq!(left.evaluation, leave_one_out(&distinct, without_cameras()).unwrap().evaluation);
    // The file with two identities is never its own match.
    assert_eq!((left.evaluation.queries, left.evaluation.same_file), (6, 2));

    let splits = SplitOptions { gallery_images: 1, runs: 8, seed: 1 };
    let drawn = evaluate_splits(&pool, splits, without_cameras()).unwrap();
    let expected = evaluate_splits(&distinct, splits, without_cameras()).unwrap();
    assert_eq!((drawn.drawn.repeated, expected.drawn.repeated), (2, 0));
    assert_eq!((drawn.drawn.unlabelled, drawn.summary), (1, expected.summary));
    for (run, expected) in drawn.runs.iter().zip(&expected.runs) {
        assert_eq!(run.evaluation, expected.evaluation);
        let named = |images: &[usize]| Vec::from_iter(images.iter().map(|&image| kept[image]));
        assert_eq!(run.split.query, named(&expected.split.query));
        assert_eq!(run.split.gallery, named(&expected.split.gallery));
    }
}

#[test]
fn of_the_images_of_one_file_the_best_labelled_is_kept() {
    let kept = |labels: &[(&str, &str, &str)]| {
        distinct_files(&Vec::from_iter(
            labels.iter().map(|&(name, camera, content)| label(name, camera, content)),
        ))
    };
    assert_eq!(kept(&[("a", "", "x"), ("a", "2", "x"), ("a", "3", "x")]), [1], "the first with a camera");
    assert_eq!(
        kept(&[("", "", "x"), ("", "", "x"), ("", "", "")]),
        [0, 2],
        "a content that is not known is no copy"
    );
    assert_eq!(kept(&[("", "1", "x"), ("-1", "", "x"), ("a", "", "x")]), [1, 2]);
    assert!(kept(&[]).is_empty());
}

#[test]
fn a_single_gallery_shot_leaves_the_own_file_out() {
    let labels = ["a x", "a x", "a x", "a y", "b z", "c w"].map(|both| {
        let (identity, content) = both.split_once(' ').unwrap();
        label(identity, "", content)
    });
    let embeddings = Embeddings::new(&Random::new(3).embeddings(6, 4));
    let pool = LabelledSet::new("pool", embeddings.rows(), &labels).unwrap();
    let shot = single_gallery_shot(&pool, &pool, REPEATS, 1, without_cameras()).unwrap();
    assert_eq!((shot.evaluation.same_file, shot.evaluation.evaluated), (12, 4));
}
