use serde::{Deserialize, Serialize};

use crate::evaluation::EvaluationOptions;
use crate::metrics::ThresholdTarget;
use crate::refinement::{Cohort, KReciprocal, QueryExpansion, ScoreNorm, WhiteningOptions};

/// What is evaluated, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Which pairs and queries count.
    #[serde(flatten)]
    pub evaluation: EvaluationOptions,
    /// What is done to embeddings and similarities before; nothing unless given.
    #[serde(flatten)]
    pub refinements: Refinements,
    /// What the threshold is chosen for.
    pub target: ThresholdTarget,
    /// Seed of the samples of the intervals.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            evaluation: EvaluationOptions { remove_same_camera: true, ..EvaluationOptions::default() },
            refinements: Refinements::default(),
            target: ThresholdTarget::EqualErrorRate,
            seed: 1,
        }
    }
}

/// Changes of embeddings and similarities, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Refinements {
    /// PCA whitening, fitted on the gallery.
    pub whitening: Option<WhiteningOptions>,
    /// One embedding for each query identity, the mean of its images: a multi-shot protocol, which uses the labels.
    /// Where images of the query's own camera do not count, one for each camera that saw it.
    pub average_queries: bool,
    /// One embedding for each gallery identity, the mean of its images; likewise by camera.
    pub average_gallery: bool,
    /// Each query moved towards its nearest gallery images.
    pub query_expansion: Option<QueryExpansion>,
    /// Each gallery image moved towards its nearest ones.
    pub gallery_augmentation: Option<QueryExpansion>,
    /// k-reciprocal re-ranking; the similarities are then 1 less its distances.
    pub re_ranking: Option<KReciprocal>,
    /// Scores relative to those of other pairs.
    pub normalisation: Option<Normalisation>,
}

impl Refinements {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A score normalisation and its cohort.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Normalisation {
    /// Relative to what.
    pub norm: ScoreNorm,
    /// The pairs that it is relative to.
    pub cohort: Cohort,
}
