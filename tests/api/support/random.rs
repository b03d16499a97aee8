//! Random numbers that are the same on every machine and every run.

use reid_web::embedding::{SimilarityMatrix, normalise};
use reid_web::labels::ImageLabel;

/// Xorshift64*, seeded.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }

    /// -1..1.
    pub fn signed(&mut self) -> f32 {
        self.below(1 << 24) as f32 / (1 << 23) as f32 - 1.0
    }

    /// `[count][dim]`, each of length 1.
    pub fn embeddings(&mut self, count: usize, dim: usize) -> Vec<Vec<f32>> {
        (0..count).map(|_| self.embedding(dim)).collect()
    }

    fn embedding(&mut self, dim: usize) -> Vec<f32> {
        let mut embedding: Vec<f32> = (0..dim).map(|_| self.signed()).collect();
        normalise(&mut embedding).expect("a random embedding has a direction");
        embedding
    }

    /// Labels of a few identities and cameras; some unknown, some junk.
    pub fn labels(&mut self, count: usize, identities: usize) -> Vec<ImageLabel> {
        let names = |number: usize| (number > 0).then(|| (number as i32 - 2).to_string());
        (0..count)
            .map(|_| ImageLabel {
                identity: names(self.below(identities + 2)),
                camera: names(self.below(4)),
                content: None,
            })
            .collect()
    }

    /// The numbers 0..n in another order.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

/// A matrix of these embeddings, queries first.
pub fn matrix_of(queries: &[Vec<f32>], gallery: &[Vec<f32>]) -> SimilarityMatrix {
    let mut matrix = SimilarityMatrix::new();
    for query in queries {
        matrix.push_query(query).expect("the embedding is valid");
    }
    for image in gallery {
        matrix.push_gallery(image).expect("the embedding is valid");
    }
    matrix
}
