//! What is trained: the encoder and the temperature of the loss.

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{Device, Tensor};

use crate::encoder::VisionTransformer;
use crate::workshop::train::{Encoded, Guide, LossWeights, Recipe, encode, initialise, trait_error};

/// Beyond this inverse temperature the loss looks at the hardest pair only.
///
/// Source: openai/CLIP, Radford et al. 2021, section 2.5.
const LARGEST_SCALE: f32 = 100.0;

/// An encoder that learns.
#[derive(Module, Debug)]
pub struct Learner {
    /// The encoder.
    pub tower: VisionTransformer,
    /// `[1]`, the logarithm of the inverse temperature, as in CLIP.
    pub logit_scale: Param<Tensor<1>>,
    /// Finds landmarks, if there are any to be found.
    pub guide: Option<Guide>,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f64,
}

/// What is known of the images of a batch beside their identities.
pub struct Known {
    /// `[B, T]`, of the identities.
    pub traits: Tensor<2>,
    /// `[B, 2L]`, x and y as shares of the side.
    pub landmarks: Tensor<2>,
}

/// The temperature of the loss.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Temperature {
    /// In the beginning; cosines are divided by it.
    pub start: f32,
    /// Whether it is learned or stays.
    pub is_learned: bool,
}

impl Learner {
    /// An encoder with random weights. `device` must compute gradients.
    pub fn new(recipe: &Recipe, device: &Device) -> Self {
        let Recipe { model, temperature, seed, .. } = recipe;
        let tower = initialise(model, *seed, device);
        let guide = (recipe.landmarks > 0).then(|| Guide::new(model.width, recipe.landmarks, *seed, device));
        Self::from_parts(recipe, tower, guide, temperature.start.recip().ln())
    }

    /// An encoder that has been trained before.
    ///
    /// - `logit_scale`: logarithm of the inverse temperature
    pub fn from_parts(
        recipe: &Recipe,
        tower: VisionTransformer,
        guide: Option<Guide>,
        logit_scale: f32,
    ) -> Self {
        let logit_scale = Param::from_data([logit_scale], &tower.device());
        let learner = Self { tower, logit_scale, guide, layer_norm_eps: recipe.model.layer_norm_eps };
        let mut learner = learner.map(&mut Prepared { next: 0 });
        learner.logit_scale = learner.logit_scale.set_require_grad(recipe.temperature.is_learned);
        learner
    }

    /// The same weights in a graph of their own: those of one graph wait for each other.
    #[must_use]
    pub fn apart(&self) -> Self {
        self.clone().map(&mut Apart)
    }

    /// The encoder's way forward.
    ///
    /// - `pixels`: `[B, 3, S, S]`, normalised
    pub fn encode(&self, pixels: Tensor<4>) -> Encoded {
        encode(&self.tower, pixels, self.layer_norm_eps)
    }

    /// What errors in the annotations count, `[1]`.
    pub fn error(&self, encoded: Encoded, known: Known, weights: LossWeights) -> Tensor<1> {
        let Known { traits, landmarks } = known;
        let error = trait_error(encoded.embeddings.clone(), traits) * weights.traits;
        match &self.guide {
            Some(guide) => error + guide.loss(encoded, landmarks, [weights.landmarks, weights.heat]),
            None => error,
        }
    }

    /// The inverse temperature, `[1]`.
    pub fn scale(&self) -> Tensor<1> {
        self.logit_scale.val().clamp_max(LARGEST_SCALE.ln()).exp()
    }
}

/// Numbers the weights in their order, so that an optimizer's state finds them again in another
/// process, and lays them out row by row, so that it computes the same bits there.
struct Prepared {
    next: u64,
}

impl ModuleMapper for Prepared {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (_, tensor, mapper) = param.consume();
        let device = tensor.device();
        let tensor = Tensor::from_data(tensor.into_data(), &device).require_grad();
        self.next += 1;
        Param::from_mapped_value(ParamId::from(self.next), tensor, mapper)
    }
}

struct Apart;

impl ModuleMapper for Apart {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, tensor.detach(), mapper)
    }
}
