//! Labels in files of embeddings as programs leave them, to the numbers that follow. The embeddings are a different
//! unit vector for each identity, so whatever is evaluated is right, and only the labels decide how much that is.

use reid_web::dataset::Set;
use reid_web::doctor::{CheckedImage, FindingKind, examine};
use reid_web::embedding::EmbeddingRows;
use reid_web::embedding::SimilarityMatrix;
use reid_web::evaluation::{Evaluation, EvaluationOptions, evaluate};
use reid_web::exchange::{ImportedImage, ImportedSet, read_embeddings, write_npy};
use reid_web::labels::ImageLabel;
use reid_web::metrics::UnmatchedPolicy;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Three queries of the identities 0, 1, 2 and five gallery images of 0, 1, 2, 0, 1.
const SHOWN: [usize; 8] = [0, 1, 2, 0, 1, 2, 0, 1];
const QUERIES: usize = 3;

fn set_of(row: usize) -> &'static str {
    if row < QUERIES { "query" } else { "gallery" }
}

fn read(csv: &str) -> ImportedSet {
    let one_hot = SHOWN.map(|shown| [0, 1, 2].map(|at| if at == shown { 1.0 } else { 0.0 }));
    let npy = write_npy(EmbeddingRows::new(one_hot.as_flattened(), 3).unwrap());
    read_embeddings("npy", &npy, Some(csv.as_bytes())).unwrap()
}

/// A table with these identities and cameras.
fn table(identities: [&str; 8], cameras: [&str; 8]) -> String {
    let rows = (0..8).map(|row| {
        let set = set_of(row);
        format!("{set}-{row}.jpg,{set},{},{}\n", identities[row], cameras[row])
    });
    format!("path,set,identity,camera\n{}", rows.collect::<String>())
}

fn evaluated(imported: &ImportedSet) -> Evaluation {
    let mut matrix = SimilarityMatrix::new();
    for row in 0..8 {
        let embedding = imported.rows().unwrap().row(row);
        if row < QUERIES { matrix.push_query(embedding) } else { matrix.push_gallery(embedding) }.unwrap();
    }
    let labels: Vec<ImageLabel> = imported.images.iter().map(ImportedImage::label).collect();
    let (query, gallery) = labels.split_at(QUERIES);
    let options = EvaluationOptions { remove_same_camera: true, unmatched: UnmatchedPolicy::Drop };
    evaluate(&matrix, query, gallery, options).unwrap()
}

fn kinds(imported: &ImportedSet) -> Vec<FindingKind> {
    let specimens: Vec<CheckedImage> = imported.images.iter().enumerate().map(specimen).collect();
    examine(&specimens, None).unwrap().into_iter().map(|finding| finding.kind).collect()
}

fn specimen((row, image): (usize, &ImportedImage)) -> CheckedImage {
    let ImportedImage { set, identity, camera, .. } = image.clone();
    CheckedImage { set, identity, camera, content: Some(row.to_string()) }
}

const NUMBERED: [&str; 8] = ["0001", "0002", "0003", "0001", "0002", "0003", "0001", "0002"];
const OTHER_CAMERAS: [&str; 8] = ["1", "2", "1", "2", "1", "2", "1", "1"];

#[test]
fn cameras_that_are_missing_leave_nothing_out() {
    for unknown in ["nan", "NaN", "None", "null", "NA", "", " ", "-1", "-1.0"] {
        let imported = read(&table(NUMBERED, [unknown; 8]));
        assert_eq!(evaluated(&imported).evaluated, 3, "{unknown:?}");
        assert_eq!(evaluated(&imported).cmc[0], 1.0, "{unknown:?}");
        assert!(imported.images.iter().all(|image| image.camera.is_none()), "{unknown:?}");
    }
    assert_eq!(evaluated(&read(&table(NUMBERED, ["1"; 8]))).evaluated, 0, "all are of one known camera");
}

#[test]
fn identities_that_are_floats_are_whole_numbers_and_junk_stays_junk() {
    let floats = ["1.0", "2.0", "-1.0", "1.0", "2.0", "-1.0", "1.0", "2.0"];
    let imported = read(&table(floats, OTHER_CAMERAS));
    assert_eq!(imported.images[0].identity.as_deref(), Some("1"));
    assert_eq!(imported.images[2].identity.as_deref(), Some("-1"));
    assert_eq!(evaluated(&imported).evaluated, 2, "junk is no query");

    let mixed = ["1", "2", "3", "1.0", "2.0", "3.0", "1.0", "2.0"];
    let imported = read(&table(mixed, OTHER_CAMERAS));
    assert_eq!(evaluated(&imported).evaluated, 0);
    assert!(kinds(&imported).contains(&FindingKind::SimilarNames));
}

#[test]
fn cameras_that_may_be_the_same_are_told() {
    for [query, gallery] in [["c1", "1"], ["1", "01"], ["cam1", "Camera 01"], ["A", "a"], ["1", "1.0"]] {
        let cameras = [query, query, query, gallery, gallery, gallery, gallery, gallery];
        let imported = read(&table(NUMBERED, cameras));
        assert_eq!(kinds(&imported), [FindingKind::SimilarCameras], "{query} and {gallery}");
    }
    assert!(kinds(&read(&table(NUMBERED, OTHER_CAMERAS))).is_empty());
}

#[test]
fn paths_alone_tell_everything() {
    let rows = SHOWN.iter().enumerate().map(|(row, shown)| format!("{}/000{shown}/{row}.jpg\n", set_of(row)));
    let imported = read(&format!("path\n{}", rows.collect::<String>()));
    let queries = imported.images.iter().filter(|image| image.set == Some(Set::Query)).count();
    assert_eq!((queries, imported.images.len()), (3, 8));
    assert_eq!(evaluated(&imported).evaluated, 3);
    assert!(kinds(&imported).is_empty());
}

#[test]
fn the_pages_own_export_is_read_by_the_same_rules() {
    let json = r#"{"images": [
        {"path": "q.jpg", "set": "query", "identity": " Mu\u0308ller", "camera": "nan", "embedding": [1, 0]},
        {"path": "g.jpg", "set": "gallery", "identity": "M\u00fcller", "camera": "-1", "embedding": [1, 0]},
        {"path": "h.jpg", "set": "gallery", "identity": "None", "camera": null, "embedding": [1, 0]}
    ]}"#;
    let images = read_embeddings("json", json.as_bytes(), None).unwrap().images;
    let identities: Vec<_> = images.iter().map(|image| image.identity.as_deref()).collect();
    assert_eq!(identities, [Some("Müller"), Some("Müller"), None]);
    assert!(images.iter().all(|image| image.camera.is_none()));

    let json = r#"{"images": [
        {"path": "q.jpg", "set": "query", "identity": 7, "camera": 2.0, "embedding": [1, 0]},
        {"path": "g.jpg", "set": "gallery", "identity": -1, "camera": -1, "embedding": [1, 0]}
    ]}"#;
    let images = read_embeddings("json", json.as_bytes(), None).unwrap().images;
    let labels: Vec<_> = images.iter().map(|one| (one.identity.as_deref(), one.camera.as_deref())).collect();
    assert_eq!(labels, [(Some("7"), Some("2")), (Some("-1"), None)]);
}
