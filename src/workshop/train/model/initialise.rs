//! An encoder with random weights.
//!
//! Source: huggingface/transformers v5.23.0 `models/clip/modeling_clip.py`
//! `CLIPPreTrainedModel._init_weights`, with `initializer_range` 0.02 and `initializer_factor` 1, but for two
//! things that matter when images are few: positions are told apart from the first step on (the 2-D sines and
//! cosines of Chen, Xie and He 2021, "An Empirical Study of Training Self-Supervised Vision Transformers"), and
//! queries and keys are large enough for attention not to begin as a plain mean over the image.

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::{Attention, Mlp, ResidualAttentionBlock, VisionTransformer, VitConfig};
use crate::workshop::train::Random;

/// Standard deviation of the patch embedding's weights.
const PATCH_STD: f32 = 0.02;
/// Amplitude of the sines: about that of the embedded patches.
const POSITION_AMPLITUDE: f32 = 0.5;
/// Period of the slowest sine, over 2π, in patches.
const LONGEST_PERIOD: f32 = 100.0;

/// Draws the weights of an encoder: normal with a standard deviation for each kind of layer, biases 0,
/// layer norms the identity.
///
/// The same `seed` draws the same weights.
pub fn initialise(config: &VitConfig, seed: u64, device: &Device) -> VisionTransformer {
    let mut weights = Weights { config, random: Random::new(&[seed, INITIAL_WEIGHTS]), device };
    let VitConfig { width, embed_dim, patch_size, layers, .. } = *config;
    let width_std = (width as f32).powf(-0.5);
    VisionTransformer {
        patch_embedding: weights.projection([3 * patch_size * patch_size, width], PATCH_STD),
        class_embedding: weights.normal([width], width_std),
        positional_embedding: weights.param(positions(config.grid()[0], width), [config.tokens(), width]),
        ln_pre: weights.layer_norm(),
        blocks: (0..layers).map(|_| weights.block()).collect(),
        ln_post: weights.layer_norm(),
        proj: weights.projection([width, embed_dim], width_std),
        patch_size,
    }
}

/// Distinguishes this stream of random numbers from others with the same seed.
const INITIAL_WEIGHTS: u64 = 0x57;

struct Weights<'a> {
    config: &'a VitConfig,
    random: Random,
    device: &'a Device,
}

impl Weights<'_> {
    fn block(&mut self) -> ResidualAttentionBlock {
        let VitConfig { width, mlp_width, layers, heads, activation, .. } = *self.config;
        let out_std = (width as f32).powf(-0.5);
        // What 2·layers branches add to the tokens must not grow with their number.
        let in_std = out_std * (2.0 * layers as f32).powf(-0.5);
        let fc_std = (2.0 * width as f32).powf(-0.5);
        ResidualAttentionBlock {
            ln_1: self.layer_norm(),
            attn: Attention {
                query: self.linear([width, width], out_std),
                key: self.linear([width, width], out_std),
                value: self.linear([width, width], in_std),
                out: self.linear([width, width], out_std),
                heads,
            },
            ln_2: self.layer_norm(),
            mlp: Mlp {
                c_fc: self.linear([width, mlp_width], fc_std),
                c_proj: self.linear([mlp_width, width], in_std),
                activation,
            },
        }
    }

    fn layer_norm(&self) -> LayerNorm {
        let config = LayerNormConfig::new(self.config.width).with_epsilon(self.config.layer_norm_eps);
        config.init(self.device)
    }

    /// `shape` is `[in, out]`.
    fn linear(&mut self, shape: [usize; 2], std: f32) -> Linear {
        let bias = Param::from_tensor(Tensor::zeros([shape[1]], self.device));
        Linear { bias: Some(bias), ..self.projection(shape, std) }
    }

    fn projection(&mut self, shape: [usize; 2], std: f32) -> Linear {
        Linear { weight: self.normal(shape, std), bias: None }
    }

    fn normal<const D: usize>(&mut self, shape: [usize; D], std: f32) -> Param<Tensor<D>> {
        let values = (0..shape.iter().product()).map(|_| self.random.normal() * std).collect();
        self.param(values, shape)
    }

    fn param<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Param<Tensor<D>> {
        Param::from_data(TensorData::new(values, shape), self.device)
    }
}

/// `[tokens, width]`: 0 for the class token, then row by row sines and cosines of the patch's column (first half)
/// and row (second half).
fn positions(grid: usize, width: usize) -> Vec<f32> {
    let mut values = vec![0.0; width];
    for row in 0..grid {
        for column in 0..grid {
            let channels = (0..width).map(|channel| {
                let half = width.div_ceil(2);
                let place = if channel < half { column } else { row };
                let within = channel % half;
                let rate = LONGEST_PERIOD.powf(-((within / 2 * 2) as f32) / half as f32);
                let phase = if within.is_multiple_of(2) { 0.0 } else { std::f32::consts::FRAC_PI_2 };
                POSITION_AMPLITUDE * (place as f32 * rate + phase).sin()
            });
            values.extend(channels);
        }
    }
    values
}
