//! Random queries and galleries with labels.

use reid_web::embedding::SimilarityMatrix;
use reid_web::labels::ImageLabel;

use crate::support::random::{Random, matrix_of};

/// Embeddings and labels of both sets; some images have no identity, some are junk.
pub struct Sets {
    pub query: Vec<Vec<f32>>,
    pub gallery: Vec<Vec<f32>>,
    pub query_labels: Vec<ImageLabel>,
    pub gallery_labels: Vec<ImageLabel>,
}

impl Sets {
    /// - `counts`: of queries and gallery images
    pub fn of(seed: u64, counts: [usize; 2], dim: usize, identities: usize) -> Self {
        let mut random = Random::new(seed);
        let [query, gallery] = counts.map(|count| random.embeddings(count, dim));
        let [query_labels, gallery_labels] = counts.map(|count| random.labels(count, identities));
        Self { query, gallery, query_labels, gallery_labels }
    }

    pub fn matrix(&self) -> SimilarityMatrix {
        matrix_of(&self.query, &self.gallery)
    }

    pub fn labels(&self) -> [&[ImageLabel]; 2] {
        [&self.query_labels, &self.gallery_labels]
    }
}
