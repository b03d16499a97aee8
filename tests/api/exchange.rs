//! Files of other programs, made by numpy, scipy and hand (`tests/reference/make_exchange_fixtures.py`).

use std::collections::BTreeMap;

use reid_web::exchange::{read_npy, write_npy};
use reid_web::refinement::EmbeddingRows;
use serde::Deserialize;

use crate::exchange_files::file;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Expected {
    files: BTreeMap<String, Vec<Vec<f32>>>,
}

fn expected(folder: &str) -> impl Iterator<Item = (String, Vec<Vec<f32>>)> {
    let expected: Expected = serde_json::from_slice(file("expected.json")).unwrap();
    expected.files.into_iter().filter(move |(name, _)| name.starts_with(folder))
}

#[test]
fn numpys_floating_point_matrices_are_read_in_every_version_order_and_width() {
    let mut count = 0;
    for (name, rows) in expected("npy/") {
        let matrix = read_npy(file(&name)).unwrap();
        assert_eq!((matrix.rows, matrix.columns), (rows.len(), rows[0].len()), "{name}");
        assert_eq!(matrix.values, rows.concat(), "{name}");
        count += 1;
    }
    assert_eq!(count, 17);
}

#[test]
fn embeddings_are_written_to_the_byte_as_numpy_does() {
    for name in ["npy/unit_1.npy", "npy/unit_12.npy", "npy/unit_103.npy"] {
        let matrix = read_npy(file(name)).unwrap();
        let embeddings = EmbeddingRows::new(&matrix.values, matrix.columns).unwrap();
        assert_eq!(write_npy(embeddings), file(name), "{name}");
    }
}
