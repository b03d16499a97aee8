use serde::{Deserialize, Serialize};

use crate::embedding::EmbeddingRows;
use crate::embedding::{add_weighted, normalised};
use crate::ranking::{RankEntry, top_k};
use crate::{Error, Result};

/// How much of its nearest gallery images an embedding takes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryExpansion {
    /// Gallery images, the nearest first; more than there are means all.
    pub k: usize,
    /// Power of its similarity by which an image is weighted, 0 or more; 0 means the plain average.
    pub alpha: f64,
}

impl Default for QueryExpansion {
    /// Five images, weighted by the cube of their similarity.
    fn default() -> Self {
        Self { k: 5, alpha: 3.0 }
    }
}

/// Query expansion: each query moved towards the gallery images that are nearest to it.
///
/// The new query is q + Σ max(sᵢ, 0)^alpha · gᵢ over its k nearest gallery images gᵢ of similarity sᵢ, scaled
/// to length 1. With alpha 0 each weighs 1, those of negative similarity too: the plain average. Of equal
/// similarities the lower index is nearer.
///
/// Queries do not see each other. fast-reid's `aqe` does otherwise: it expands queries and gallery in one
/// pool, and counts an image among its own k.
///
/// Source: Radenović, Tolias and Chum, "Fine-tuning CNN Image Retrieval with No Human Annotation", TPAMI
/// 2019, section 3.5 (αQE); alpha 0: Chum et al., "Total Recall", ICCV 2007.
///
/// - `queries`: `[Q, dim]`; `gallery`: `[G, dim]`
/// - returns `[Q, dim]` row-major, each row of length 1
///
/// Errors: different dimensions, an alpha that is negative or not finite, and, with small alpha, embeddings
/// that cancel out.
///
/// ```
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::refinement::{QueryExpansion, expand_queries};
/// let query = EmbeddingRows::new(&[1.0, 0.0], 2)?;
/// let gallery = EmbeddingRows::new(&[-1.0, 0.0, 0.0, 1.0], 2)?;
/// let plain = expand_queries(query, gallery, QueryExpansion { k: 1, alpha: 0.0 })?;
/// assert_eq!(plain, [0.5_f32.sqrt(), 0.5_f32.sqrt()]);
/// // A similarity of 0 weighs nothing.
/// assert_eq!(expand_queries(query, gallery, QueryExpansion { k: 1, alpha: 3.0 })?, [1.0, 0.0]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn expand_queries(
    queries: EmbeddingRows,
    gallery: EmbeddingRows,
    expansion: QueryExpansion,
) -> Result<Vec<f32>> {
    expansion.expand(queries, gallery, |_, similarities| top_k(similarities, expansion.k))
}

/// Database-side augmentation: [`expand_queries`] of each gallery image by the k other ones nearest to it.
///
/// Together with expanded queries: both from the gallery as it was.
///
/// - `gallery`: `[G, dim]`
/// - returns `[G, dim]` row-major, each row of length 1
///
/// Errors are those of [`expand_queries`].
pub fn augment_gallery(gallery: EmbeddingRows, expansion: QueryExpansion) -> Result<Vec<f32>> {
    expansion.expand(gallery, gallery, |image, similarities| {
        let nearest = top_k(similarities, expansion.k.saturating_add(1)).into_iter();
        nearest.filter(|entry| entry.index != image).take(expansion.k).collect()
    })
}

impl QueryExpansion {
    fn expand(
        self,
        embeddings: EmbeddingRows,
        gallery: EmbeddingRows,
        nearest: impl Fn(usize, &[f32]) -> Vec<RankEntry>,
    ) -> Result<Vec<f32>> {
        self.check()?;
        let mut expanded = Vec::with_capacity(embeddings.values().len());
        embeddings.try_for_each_similarity_row(gallery, |index, similarities| {
            let mut sums: Vec<f64> = embeddings.row(index).iter().copied().map(f64::from).collect();
            for RankEntry { index, similarity } in nearest(index, similarities) {
                add_weighted(&mut sums, gallery.row(index), self.weight(similarity));
            }
            expanded.extend(normalised(&sums)?);
            Ok(())
        })?;
        Ok(expanded)
    }

    fn weight(self, similarity: f32) -> f64 {
        libm::pow(f64::from(similarity.max(0.0)), self.alpha)
    }

    fn check(self) -> Result<()> {
        if self.alpha.is_finite() && self.alpha >= 0.0 {
            return Ok(());
        }
        Err(Error::Setting { name: "alpha", found: self.alpha, accepted: "0 or more" })
    }
}
