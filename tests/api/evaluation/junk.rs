//! Refinements of sets with junk, against `tests/reference/evaluation/make_junk_fixtures.py` (numpy), which drops it
//! beforehand.

use crate::support::references::{Embeddings, cases};
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::study::{Refinements, Settings, study};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    refinements: Refinements,
    queries: Vec<Vec<f32>>,
    gallery: Vec<Vec<f32>>,
    query_identities: Vec<i32>,
    gallery_identities: Vec<i32>,
    match_ranks: Vec<Vec<usize>>,
}

#[test]
fn refinements_see_no_junk() {
    let all = cases::<Case>(include_str!("../../fixtures/refinement/junk.json"));
    assert_eq!(all.len(), 5);
    for case in all {
        let labels = |identities: &[i32]| -> Vec<ImageLabel> {
            let label =
                |identity: &i32| ImageLabel { identity: Some(identity.to_string()), ..ImageLabel::default() };
            identities.iter().map(label).collect()
        };
        let (query_labels, gallery_labels) =
            (labels(&case.query_identities), labels(&case.gallery_identities));
        let (queries, gallery) = (Embeddings::new(&case.queries), Embeddings::new(&case.gallery));
        let query = LabelledSet::new("query", queries.rows(), &query_labels).unwrap();
        let gallery = LabelledSet::new("gallery", gallery.rows(), &gallery_labels).unwrap();
        let settings = Settings { refinements: case.refinements, ..Settings::default() };
        let found = study(&query, &gallery, &settings).unwrap().evaluation;
        let ranks: Vec<_> = found.per_query.iter().map(|result| result.match_ranks.clone()).collect();
        assert_eq!(ranks, case.match_ranks, "{}", case.name);
        let junk = |identities: &[i32]| identities.iter().filter(|&&identity| identity == -1).count();
        let counts = [junk(&case.query_identities), junk(&case.gallery_identities)];
        assert_eq!([found.junk_queries, found.junk], counts, "{}", case.name);
        assert!(counts.iter().all(|&count| count > 0), "{}", case.name);
    }
}
