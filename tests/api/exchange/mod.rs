//! Files of other programs, made by numpy, scipy and Python's csv
//! (`tests/reference/evaluation/make_exchange_fixtures.py`).

mod files;
mod malformed;

use std::collections::BTreeMap;

use reid_web::dataset::Set;
use reid_web::embedding::EmbeddingRows;
use reid_web::exchange::{
    ImportedImage, ImportedSet, RankedImage, read_export, read_labels, read_mat, read_npy, write_labels,
    write_mat, write_npy, write_rank_lists,
};
use serde::Deserialize;

use crate::exchange::files::file;
use crate::support::references::assert_close;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Expected {
    matrices: BTreeMap<String, Vec<Vec<f32>>>,
    labels: BTreeMap<String, ExpectedLabels>,
    sets: BTreeMap<String, ExpectedSet>,
}

#[derive(Deserialize)]
struct ExpectedLabels {
    lines: Vec<u64>,
    images: Vec<ImportedImage>,
}

#[derive(Deserialize)]
struct ExpectedSet {
    images: Vec<ImportedImage>,
    embeddings: Vec<Vec<f64>>,
    rescaled: usize,
}

fn expected() -> Expected {
    serde_json::from_slice(file("expected.json")).unwrap()
}

fn assert_is(found: &ImportedSet, expected: &ExpectedSet, what: &str) {
    assert_eq!(found.images, expected.images, "{what}");
    assert_eq!(found.rescaled, expected.rescaled, "{what}");
    assert_eq!(found.dim, expected.embeddings[0].len(), "{what}");
    assert_close(&found.embeddings, &expected.embeddings, 2e-7, what);
    assert_eq!(found.rows().unwrap().count(), expected.images.len(), "{what}");
}

#[test]
fn numpys_floating_point_matrices_are_read_in_every_version_order_and_width() {
    let matrices = expected().matrices;
    assert_eq!(matrices.len(), 17);
    for (name, rows) in matrices {
        let matrix = read_npy(file(&name)).unwrap();
        assert_eq!((matrix.rows, matrix.columns), (rows.len(), rows[0].len()), "{name}");
        assert_eq!(matrix.values, rows.concat(), "{name}");
    }
}

#[test]
fn embeddings_are_written_to_the_byte_as_numpy_does() {
    for name in ["npy/unit_1.npy", "npy/unit_12.npy", "npy/unit_103.npy"] {
        let matrix = read_npy(file(name)).unwrap();
        let embeddings = EmbeddingRows::new(&matrix.values, matrix.columns).unwrap();
        assert_eq!(write_npy(embeddings), file(name), "{name}");
    }
}

#[test]
fn labels_are_read_as_pythons_csv_reads_them_and_written_to_be_read_again() {
    let labels = expected().labels;
    assert_eq!(labels.len(), 17);
    for (name, expected) in labels {
        let found = read_labels(file(&name)).unwrap();
        assert_eq!((found.images, found.lines), (expected.images, expected.lines), "{name}");
    }
    let images = read_labels(file("labels/tabs.csv")).unwrap().images;
    let written = write_labels(&images).unwrap();
    assert_eq!(read_labels(&written).unwrap().images, images);
    let hash = "0a".repeat(32);
    let known =
        ImportedImage { path: "a.png".into(), content: Some(hash.clone()), ..ImportedImage::default() };
    let written = write_labels(&[known.clone(), images[0].clone()]).unwrap();
    let expected = format!("path,set,identity,camera,content\na.png,,,,{hash}\n");
    assert!(written.starts_with(expected.as_bytes()));
    for (cell, content) in [
        (hash.to_uppercase(), Some(&hash)),
        (format!(" {hash}"), Some(&hash)),
        ("nan".into(), None),
        ("e3b0".into(), None),
    ] {
        let read = read_labels(format!("path,content\na.png,{cell}\n").as_bytes()).unwrap();
        assert_eq!(read.images[0].content.as_ref(), content, "{cell}");
    }
    assert_eq!(read_labels(&written).unwrap().images, [known, images[0].clone()]);
    assert_eq!(write_labels(&[]).unwrap(), b"path,set,identity,camera\n");
}

#[test]
fn a_matrix_with_labels_and_the_pages_export_give_the_same_set_of_unit_length() {
    let sets = expected().sets;
    let labels = file("labels/crlf.csv");
    let imported = ImportedSet::from_npy_and_csv(file("sets/rows.npy"), labels).unwrap();
    assert_is(&imported, &sets["sets/rows.npy"], "npy");
    assert_eq!(read_export(file("sets/export.json")).unwrap(), imported);
}

#[test]
fn embeddings_of_unit_length_stay_as_they_are_to_the_bit() {
    let matrix = read_npy(file("npy/unit_103.npy")).unwrap();
    let labels: String = (0..103).map(|row| format!("{row}.jpg\n")).collect();
    let labels = format!("path\n{labels}");
    let imported = ImportedSet::from_npy_and_csv(file("npy/unit_103.npy"), labels.as_bytes()).unwrap();
    assert_eq!((imported.embeddings, imported.rescaled), (matrix.values, 0));
}

#[test]
fn mat_files_are_read_as_scipy_reads_them_in_every_order_width_and_packing() {
    let sets = expected().sets;
    let mut count = 0;
    for (name, expected) in sets.iter().filter(|(name, _)| name.starts_with("mat/")) {
        assert_is(&read_mat(file(name)).unwrap(), expected, name);
        count += 1;
    }
    assert_eq!(count, 10);
}

#[test]
fn mat_files_are_written_to_the_byte_as_scipy_writes_those_of_clip_handid() {
    const TEXT_BYTES: usize = 116;
    for name in ["mat/clip_handid.mat", "mat/baseline.mat", "mat/one_image.mat"] {
        let set = read_mat(file(name)).unwrap();
        let written = write_mat(&set.images, set.rows().unwrap()).unwrap();
        assert_eq!(written[TEXT_BYTES..], file(name)[TEXT_BYTES..], "{name}");
        assert!(written.starts_with(b"MATLAB 5.0 MAT-file"), "{name}");
        assert_eq!(read_mat(&written).unwrap(), set, "{name}");
    }
}

#[test]
fn what_is_no_number_is_not_written_into_a_mat_file() {
    let image = |path: &str, set, identity: Option<&str>, camera: Option<&str>| ImportedImage {
        path: path.into(),
        set,
        identity: identity.map(Into::into),
        camera: camera.map(Into::into),
        content: None,
    };
    let embeddings = EmbeddingRows::new(&[1.0, 0.0, 0.6, 0.8], 2).unwrap();
    let first = image("a.jpg", Some(Set::Query), Some("1"), None);
    for (second, expected) in [
        (image("b.jpg", None, Some("1"), None), "b.jpg is neither query nor gallery"),
        (image("b.jpg", Some(Set::Gallery), None, None), "b.jpg has no identity"),
        (
            image("b.jpg", Some(Set::Gallery), Some("ben"), None),
            "b.jpg has the identity \"ben\", expected a whole number",
        ),
        (
            image("b.jpg", Some(Set::Query), Some("01"), None),
            "identity \"01\" and another image \"1\", both 1",
        ),
        (image("b.jpg", Some(Set::Query), Some("1"), Some("2")), "a.jpg has no camera"),
    ] {
        let error = write_mat(&[first.clone(), second], embeddings).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(write_mat(&[first], embeddings).unwrap_err().to_string().contains("2 embeddings for 1 rows"));
}

#[test]
fn ranked_lists_are_written_with_every_digit() {
    let line = |rank, gallery, similarity, is_match| RankedImage {
        query: "query, 1.jpg",
        rank,
        gallery,
        similarity,
        is_match,
    };
    let third = 1.0_f32 / 3.0;
    let rows = [
        line(1, "手.jpg", 1.0, Some(true)),
        line(2, "b.jpg", third, Some(false)),
        line(3, "c.jpg", -0.5, None),
    ];
    let csv = String::from_utf8(write_rank_lists(rows).unwrap()).unwrap();
    let expected = "query,rank,gallery,similarity,is_match\n\
        \"query, 1.jpg\",1,手.jpg,1.0,true\n\
        \"query, 1.jpg\",2,b.jpg,0.33333334,false\n\
        \"query, 1.jpg\",3,c.jpg,-0.5,\n";
    assert_eq!(csv, expected);
}
