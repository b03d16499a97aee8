//! What Python's references gave.

use reid_web::embedding::EmbeddingRows;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The cases of a fixture.
pub fn cases<T: DeserializeOwned>(fixture: &str) -> Vec<T> {
    let fixture: Value = serde_json::from_str(fixture).unwrap();
    serde_json::from_value(fixture["cases"].clone()).unwrap()
}

/// Embeddings of a fixture: `[count][dim]`.
pub struct Embeddings {
    values: Vec<f32>,
    dim: usize,
}

impl Embeddings {
    pub fn new(rows: &[Vec<f32>]) -> Self {
        Self { values: rows.concat(), dim: rows[0].len() }
    }

    pub fn rows(&self) -> EmbeddingRows<'_> {
        EmbeddingRows::new(&self.values, self.dim).unwrap()
    }
}

/// Asserts that no number is further than `tolerance` from the reference's.
pub fn assert_close(found: &[f32], expected: &[Vec<f64>], tolerance: f64, what: &str) {
    let expected = expected.concat();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= tolerance, "{what}, number {index}: {found}, expected {expected}");
    }
}
