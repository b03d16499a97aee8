//! Queries whose match has no embedding, or may be among gallery images without an identity, are not said to be absent.

use reid_web::embedding::EmbeddingRows;
use reid_web::evaluation::{
    Evaluation, EvaluationOptions, NotEmbedded, Unmatched, UnmatchedCounts, evaluate,
};
use reid_web::labels::LabelledSet;
use reid_web::labels::{ImageLabel, Missing};
use reid_web::study::{Settings, study};

use crate::support::random::matrix_of;

fn labels(identities: &[Option<&str>]) -> Vec<ImageLabel> {
    let label =
        |identity: &Option<&str>| ImageLabel { identity: identity.map(Into::into), ..ImageLabel::default() };
    identities.iter().map(label).collect()
}

/// Three queries, "a", "b" and "c", against a gallery of these identities.
fn found(gallery: &[Option<&str>], missing: &[Option<&str>]) -> Evaluation {
    let query = labels(&[Some("a"), Some("b"), Some("c")]);
    let matrix = matrix_of(&vec![vec![1.0, 0.0]; 3], &vec![vec![0.6, 0.8]; gallery.len()]);
    let mut found = evaluate(&matrix, &query, &labels(gallery), EvaluationOptions::default()).unwrap();
    found.miss(&query, &Missing::default(), &Missing::of(&labels(missing)));
    found
}

fn reasons(found: &Evaluation) -> Vec<Option<Unmatched>> {
    found.per_query.iter().map(|query| query.unmatched).collect()
}

#[test]
fn a_query_is_absent_only_if_every_gallery_image_is_known_and_shows_another() {
    use Unmatched::{NotAmongLabelled, NotEmbedded, NotInGallery};
    let known = [None, Some(NotInGallery), Some(NotInGallery)];
    let doubtful = [None, Some(NotAmongLabelled), Some(NotAmongLabelled)];
    assert_eq!(reasons(&found(&[Some("a"), Some("d")], &[])), known);
    assert_eq!(reasons(&found(&[Some("a"), Some("-1")], &[])), known, "junk is known to be nobody");
    assert_eq!(reasons(&found(&[Some("a"), None], &[])), doubtful);
    assert_eq!(reasons(&found(&[Some("a")], &[None])), doubtful, "one that waits and has no identity");
    let waiting = found(&[Some("a")], &[Some("b"), Some("b"), Some("d")]);
    assert_eq!(reasons(&waiting), [None, Some(NotEmbedded), Some(NotInGallery)]);
}

#[test]
fn what_is_missing_is_counted_and_changes_no_metric() {
    let (whole, missing) =
        (found(&[Some("a"), Some("d")], &[]), found(&[Some("a"), Some("d")], &[Some("b"), None]));
    let by_reason = UnmatchedCounts { not_embedded: 1, not_among_labelled: 1, ..UnmatchedCounts::default() };
    assert_eq!((missing.unmatched, missing.unmatched_by), (2, by_reason));
    assert_eq!(missing.not_embedded, counts(0, 2));
    assert_eq!((missing.evaluated, &missing.cmc), (whole.evaluated, &whole.cmc));
}

#[test]
fn a_study_says_the_same_for_averaged_queries() {
    let (query, gallery) = (labels(&[Some("b"), Some("a"), Some("b")]), labels(&[Some("a")]));
    let rows = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
    let settings = serde_json::from_str::<Settings>(r#"{"removeSameCamera": true, "unmatched": "drop", "averageQueries": true, "target": {"kind": "equalErrorRate"}, "seed": 1}"#).unwrap();
    let set =
        |name, rows, labels| LabelledSet::new(name, EmbeddingRows::new(rows, 2).unwrap(), labels).unwrap();
    let missing = [Some("a"), Some("b")].map(|identity| Missing::of(&labels(&[identity])));
    let (queries, images) = (set("query", &rows, &query), set("gallery", &rows[..2], &gallery));
    let found = study(&queries.without(&missing[0]), &images.without(&missing[1]), &settings).unwrap();
    assert_eq!((found.open_set.known, found.open_set.unknown), (1, 0), "b may be there");
    let found = study(&queries, &images, &settings).unwrap();
    assert_eq!((found.open_set.known, found.open_set.unknown), (1, 1), "b is not there");
    let found = study(&queries.without(&missing[0]), &images.without(&missing[1]), &settings).unwrap();
    assert_eq!(reasons(&found.evaluation), [Some(Unmatched::NotEmbedded), None]);
    assert_eq!(found.evaluation.not_embedded, counts(1, 1));
}

fn counts(queries: usize, gallery: usize) -> NotEmbedded {
    NotEmbedded { queries, gallery }
}

#[test]
fn queries_whose_matches_are_left_out_are_no_strangers() {
    let label = |identity: &str, camera: &str| ImageLabel {
        identity: Some(identity.into()),
        camera: Some(camera.into()),
        content: None,
    };
    let (query, gallery) =
        ([label("a", "1"), label("b", "1"), label("z", "1")], [label("a", "1"), label("b", "2")]);
    let rows = [1.0, 0.0, 0.0, 1.0, 0.6, 0.8];
    let set =
        |name, rows, labels| LabelledSet::new(name, EmbeddingRows::new(rows, 2).unwrap(), labels).unwrap();
    let settings = serde_json::from_str::<Settings>(
        r#"{"removeSameCamera": true, "unmatched": "drop", "target": {"kind": "equalErrorRate"}, "seed": 1}"#,
    )
    .unwrap();
    let found =
        study(&set("query", &rows, &query), &set("gallery", &rows[..4], &gallery), &settings).unwrap();
    assert_eq!(found.evaluation.unmatched, 2);
    assert_eq!((found.open_set.known, found.open_set.unknown), (1, 1));
    let strangers = found.at_threshold(-1.0).queries;
    assert_eq!((strangers.false_alarms, strangers.false_positive_identification_rate), (1, Some(1.0)));
}
