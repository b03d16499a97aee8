//! Principal components of embeddings.

mod covariance;

use super::EmbeddingRows;
use covariance::{covariance, mean};
use nalgebra::{DMatrix, Dyn, SymmetricEigen};

/// Components with less than this share of the largest variance are rounding.
const SMALLEST_SHARE: f64 = 1e-12;

/// The directions in which embeddings vary, the largest variance first.
pub(crate) struct PrincipalComponents {
    /// `[dim]`: of all embeddings.
    pub(crate) mean: Vec<f64>,
    eigen: SymmetricEigen<f64, Dyn>,
    /// Columns of the eigenvectors.
    order: Vec<usize>,
}

impl PrincipalComponents {
    /// Finds the components of these embeddings together.
    ///
    /// - `sets`: `[count, dim]` each; two or more embeddings
    pub(crate) fn of(sets: &[EmbeddingRows], dim: usize) -> Self {
        let images = sets.iter().map(EmbeddingRows::count).sum();
        let mean = mean(sets, dim, images);
        let eigen = SymmetricEigen::new(DMatrix::from_vec(dim, dim, covariance(sets, &mean, images)));
        let order = varying(eigen.eigenvalues.as_slice());
        Self { mean, eigen, order }
    }

    /// Number of directions in which the embeddings vary at all.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    /// The first axes, each scaled by a factor that depends on its variance: `[dim, count]` row-major.
    ///
    /// - `count`: up to [`PrincipalComponents::count`]
    pub(crate) fn scaled_axes(&self, count: usize, scale: impl Fn(f64) -> f64) -> Vec<f64> {
        let scaled = |&component: &usize| (component, scale(self.eigen.eigenvalues[component]));
        let scales: Vec<(usize, f64)> = self.order[..count].iter().map(scaled).collect();
        let axes = &self.eigen.eigenvectors;
        let row = |row: usize| scales.iter().map(move |&(component, scale)| axes[(row, component)] * scale);
        (0..axes.nrows()).flat_map(row).collect()
    }
}

/// The components that vary, the largest variance first.
fn varying(variances: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..variances.len()).collect();
    order.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
    let smallest = SMALLEST_SHARE * order.first().map_or(0.0, |&first| variances[first]);
    order.retain(|&component| variances[component] > smallest);
    order
}
