//! Everything that decides what a training comes to.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::encoder::{Activation, Feature, Pooling, VitConfig};
use crate::workshop::train::{
    Annotations, Augmentation, Images, OptimizerConfig, Sampler, Schedule, Temperature,
};
use crate::{Error, Result};

/// The settings of a training; the same settings and images lead to the same encoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Shape of the encoder.
    pub model: VitConfig,
    /// Decides the weights in the beginning, the order of the images and their changes.
    pub seed: u64,
    /// Identities in a batch.
    pub identities_per_batch: u32,
    /// Images of each of them, at least 2.
    pub images_per_identity: u32,
    /// How large the steps are, and how many.
    pub schedule: Schedule,
    /// How the gradients become steps.
    pub optimizer: OptimizerConfig,
    /// Of the loss.
    pub temperature: Temperature,
    /// What an error in the annotations counts beside the contrastive loss.
    pub weights: LossWeights,
    /// Landmarks that the encoder learns to find, as many as the annotations have; 0 without annotations.
    pub landmarks: usize,
    /// How the images are changed.
    pub augmentation: Augmentation,
    /// Number of identities, the last ones, that are used for validation only.
    pub held_out: u32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            model: default_model(),
            seed: 1,
            identities_per_batch: 24,
            images_per_identity: 4,
            schedule: Schedule { peak: 1e-3, last: 1e-5, warm_up: 500, steps: 5000 },
            optimizer: OptimizerConfig { weight_decay: 0.05, max_gradient_norm: 1.0, beta_2: 0.98 },
            temperature: Temperature { start: 0.07, is_learned: true },
            weights: LossWeights { traits: 1.0, landmarks: 10.0, heat: 5.0 },
            landmarks: 0,
            augmentation: Augmentation::default(),
            held_out: 100,
        }
    }
}

/// What the parts of the loss count beside the contrastive one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossWeights {
    /// Of [`super::trait_error`].
    pub traits: f32,
    /// Of [`super::landmark_error`].
    pub landmarks: f32,
    /// Of [`super::heat_error`].
    pub heat: f32,
}

/// A tower that takes 6 MB as F16.
fn default_model() -> VitConfig {
    VitConfig {
        image_size: [128; 2],
        trained_size: [128; 2],
        patch_size: 16,
        overlap: 0,
        width: 192,
        mlp_width: 768,
        layers: 6,
        heads: 3,
        embed_dim: 128,
        activation: Activation::QuickGelu,
        feature: Feature::Projection,
        layer_norm_eps: 1e-5,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
    }
}

impl Recipe {
    /// Images of a batch.
    #[must_use]
    pub fn batch_size(&self) -> u32 {
        self.identities_per_batch * self.images_per_identity
    }

    /// Identities that are trained on.
    #[must_use]
    pub fn training_identities(&self, images: &dyn Images) -> Range<u32> {
        0..images.identities().saturating_sub(self.held_out)
    }

    /// Identities that are validated on.
    #[must_use]
    pub fn held_out_identities(&self, images: &dyn Images) -> Range<u32> {
        images.identities().saturating_sub(self.held_out)..images.identities()
    }

    /// Which images come into which batch.
    #[must_use]
    pub fn sampler(&self, images: &dyn Images) -> Sampler {
        Sampler {
            identities: self.training_identities(images),
            identities_per_batch: self.identities_per_batch,
            images_per_identity: self.images_per_identity,
            seed: self.seed,
        }
    }

    /// Whether these annotations can be learned with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] says what does not fit.
    pub fn check_annotations(&self, annotations: Option<&Annotations>) -> Result<()> {
        let known = annotations.map_or(0, Annotations::landmark_count);
        if known != self.landmarks {
            return Err(Error::Training(format!(
                "{known} landmarks are known, {} are asked for",
                self.landmarks
            )));
        }
        let (known, room) = (annotations.map_or(0, Annotations::trait_count), self.model.embed_dim);
        if known > room {
            return Err(Error::Training(format!(
                "{known} traits do not fit into an embedding of {room} values"
            )));
        }
        Ok(())
    }

    /// Whether these images can be trained on with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] says which setting cannot be used.
    pub fn check(&self, images: &dyn Images) -> Result<()> {
        let refuse = |found: String| Err(Error::Training(found));
        let training = self.training_identities(images).len() as u32;
        let (width, heads) = (self.model.width, self.model.heads);
        if heads == 0 || !width.is_multiple_of(heads) {
            return refuse(format!("width {width} is not a multiple of {heads} heads"));
        }
        if self.model.grid().contains(&0) {
            return refuse("the patches are larger than the image".into());
        }
        if self.images_per_identity < 2 || self.identities_per_batch < 2 {
            return refuse("a batch needs two identities and two images of each".into());
        }
        if training < self.identities_per_batch {
            return refuse(format!(
                "{} identities, of which {} are held out, leave {training} to train on, expected at \
                 least the {} of a batch",
                images.identities(),
                self.held_out,
                self.identities_per_batch
            ));
        }
        Ok(())
    }
}
