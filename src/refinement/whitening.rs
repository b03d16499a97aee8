//! Whitening by principal components.

use serde::{Deserialize, Serialize};

use crate::embedding::{EmbeddingRows, PrincipalComponents, normalised};
use crate::{Error, Result};

/// How embeddings are whitened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhiteningOptions {
    /// Components to keep, those of the largest variance, 1 or more; `None` means as many as there are.
    pub components: Option<usize>,
    /// Added to each component's variance before its root divides, 0 or more: small components, which are
    /// mostly noise, are then not scaled up as far. The variances of unit embeddings sum up to at most 1.
    pub epsilon: f64,
}

/// What limits the number of components that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentLimit {
    /// [`WhiteningOptions::components`].
    Asked,
    /// The embeddings' dimension.
    Dimension,
    /// n images vary in n − 1 directions.
    Images,
    /// The images vary in fewer directions still, because some repeat.
    Rank,
}

/// Centres embeddings, turns them to their principal components, and scales each to the same variance.
///
/// Cosine similarity then no longer prefers the few directions in which all images differ most, such as the
/// light or the background. Equal to scikit-learn's `PCA(whiten=True)` with epsilon 0, but for the signs of
/// the components, which no similarity depends on, and for the length, which becomes 1.
///
/// Source: Jégou and Chum, "Negative evidences and co-occurences in image retrieval: the benefit of PCA and
/// whitening", ECCV 2012.
///
/// ```
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::refinement::Whitening;
/// // Along the second axis they vary three times as much.
/// let gallery = [0.8, 0.6, 0.8, -0.6, 0.8, 0.6, 0.8, -0.6, 1.0, 0.0];
/// let gallery = EmbeddingRows::new(&gallery, 2)?;
/// let whitening = Whitening::fit(&[gallery], Default::default())?;
/// assert_eq!(whitening.components(), 2);
/// assert_eq!(whitening.apply(gallery)?.len(), 5 * 2);
/// # Ok::<(), reid_web::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Whitening {
    /// `[dim]`
    mean: Vec<f64>,
    /// `[dim, components]` row-major, scaled.
    axes: Vec<f64>,
    components: usize,
    limit: ComponentLimit,
}

impl Whitening {
    /// Learns mean and components from these embeddings together, without labels: from the gallery alone, as
    /// is right where queries come one by one, or from gallery and queries.
    ///
    /// Kept are at most as many components as there are dimensions, images less one, and directions that
    /// vary at all; [`Whitening::limit`] tells which it was.
    ///
    /// - `sets`: `[count, dim]` each
    ///
    /// Errors: different dimensions, options out of range, and embeddings that do not differ.
    pub fn fit(sets: &[EmbeddingRows], options: WhiteningOptions) -> Result<Self> {
        check(sets, options)?;
        let images: usize = sets.iter().map(EmbeddingRows::count).sum();
        let no_spread = || Error::NoSpread(format!("the {images} embeddings"));
        let dim = sets.first().map(EmbeddingRows::dim).filter(|_| images > 1).ok_or_else(no_spread)?;
        let found = PrincipalComponents::of(sets, dim);
        let (components, limit) = limit(options, dim, images, found.count());
        if components == 0 {
            return Err(no_spread());
        }
        // Each axis is divided by its standard deviation.
        let axes = found.scaled_axes(components, |variance| 1.0 / (variance + options.epsilon).sqrt());
        Ok(Self { mean: found.mean, axes, components, limit })
    }

    /// Values of each whitened embedding.
    #[must_use]
    pub fn components(&self) -> usize {
        self.components
    }

    /// Why there are no more.
    #[must_use]
    pub fn limit(&self) -> ComponentLimit {
        self.limit
    }

    /// Whitens embeddings, those of [`Whitening::fit`] or others.
    ///
    /// - `embeddings`: `[count, dim]`
    /// - returns `[count, components]` row-major, each row of length 1
    ///
    /// Errors: another dimension, and an embedding at the very mean, from which it has no direction.
    pub fn apply(&self, embeddings: EmbeddingRows) -> Result<Vec<f32>> {
        if embeddings.dim() != self.mean.len() {
            return Err(Error::EmbeddingLength { found: embeddings.dim(), expected: self.mean.len() });
        }
        let rows: Result<Vec<_>> = embeddings.iter().map(|embedding| self.whiten(embedding)).collect();
        Ok(rows?.concat())
    }

    fn whiten(&self, embedding: &[f32]) -> Result<Vec<f32>> {
        let mut sums = vec![0.0; self.components];
        let axes = self.axes.chunks_exact(self.components);
        for ((&value, mean), axes) in embedding.iter().zip(&self.mean).zip(axes) {
            let centred = f64::from(value) - mean;
            sums.iter_mut().zip(axes).for_each(|(sum, axis)| *sum += centred * axis);
        }
        normalised(&sums)
    }
}

fn check(sets: &[EmbeddingRows], options: WhiteningOptions) -> Result<()> {
    sets.windows(2).try_for_each(|pair| pair[0].check_dim(pair[1]))?;
    if options.components == Some(0) {
        return Err(Error::Setting { name: "components", found: 0.0, accepted: "1 or more" });
    }
    if !options.epsilon.is_finite() || options.epsilon < 0.0 {
        return Err(Error::Setting { name: "epsilon", found: options.epsilon, accepted: "0 or more" });
    }
    Ok(())
}

/// How many components are kept, and why.
fn limit(options: WhiteningOptions, dim: usize, images: usize, rank: usize) -> (usize, ComponentLimit) {
    let asked = options.components.unwrap_or(usize::MAX);
    let limits = [
        (asked, ComponentLimit::Asked),
        (dim, ComponentLimit::Dimension),
        (images - 1, ComponentLimit::Images),
        (rank, ComponentLimit::Rank),
    ];
    // Of equal ones the first is the reason.
    limits.into_iter().fold(limits[0], |least, other| if other.0 < least.0 { other } else { least })
}
