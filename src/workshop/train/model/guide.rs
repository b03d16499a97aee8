//! Finding landmarks: what shows the encoder where on a hand it looks, and is no part of it afterwards.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::{relu, softplus};
use burn::tensor::{Device, Tensor, TensorData};

use crate::workshop::train::{Encoded, Random};

/// Two linear layers on what the encoder makes of an image.
#[derive(Module, Debug)]
pub struct Guide {
    /// Class token → x and y of each landmark, [`SPREAD`] × (share of the side - ½).
    position: Linear,
    /// Patch → whether each landmark is near it, as a logit.
    nearness: Linear,
}

/// Brings the landmarks to a variance of about 1.
const SPREAD: f32 = 4.0;
/// How far from a landmark a patch is near it: standard deviation in patches.
const NEAR: f32 = 0.7;

/// Distinguishes this stream of random numbers from others with the same seed.
const GUIDE: u64 = 0x6D;

impl Guide {
    /// With random weights.
    ///
    /// - `width`: of the encoder
    pub fn new(width: usize, landmarks: usize, seed: u64, device: &Device) -> Self {
        let mut random = Random::new(&[seed, GUIDE]);
        let std = (width as f32).powf(-0.5);
        let mut linear = |out: usize| {
            let values = (0..width * out).map(|_| random.normal() * std).collect::<Vec<_>>();
            Linear {
                weight: Param::from_data(TensorData::new(values, [width, out]), device),
                bias: Some(Param::from_tensor(Tensor::zeros([out], device))),
            }
        };
        Self { position: linear(2 * landmarks), nearness: linear(landmarks) }
    }

    /// What errors in the landmarks count.
    ///
    /// - `landmarks`: `[B, 2L]`, shares of the side
    /// - `weights`: of [`landmark_error`] and [`heat_error`]
    /// - returns `[1]`
    pub fn loss(&self, encoded: Encoded, landmarks: Tensor<2>, weights: [f32; 2]) -> Tensor<1> {
        let positions = self.position.forward(encoded.class_tokens);
        let logits = self.nearness.forward(encoded.patches);
        landmark_error(positions, landmarks.clone()) * weights[0] + heat_error(logits, landmarks) * weights[1]
    }
}

/// Mean squared error of the landmarks' positions.
///
/// - `positions`: `[B, 2L]`, 4 × (share of the side - ½)
/// - `landmarks`: `[B, 2L]`, shares of the side
/// - returns `[1]`
pub fn landmark_error(positions: Tensor<2>, landmarks: Tensor<2>) -> Tensor<1> {
    (positions - (landmarks - 0.5) * SPREAD).square().mean()
}

/// Mean cross-entropy of which patches are near which landmark. Near is a matter of degree: `exp(-d² / 2·0.7²)` at
/// a distance of d patches.
///
/// - `logits`: `[B, P, L]`, patches row by row
/// - `landmarks`: `[B, 2L]`, shares of the side
/// - returns `[1]`
pub fn heat_error(logits: Tensor<3>, landmarks: Tensor<2>) -> Tensor<1> {
    let [batch, patches, count] = logits.dims();
    let grid = patches.isqrt();
    let landmarks = landmarks.reshape([batch, 1, count, 2]) * grid as f32;
    let middle = |place: usize| place as f32 + 0.5;
    let middles = (0..patches).flat_map(|patch| [middle(patch % grid), middle(patch / grid)]);
    let middles = TensorData::new(middles.collect::<Vec<f32>>(), [1, patches, 1, 2]);
    let middles = Tensor::<4>::from_data(middles, &logits.device());
    let distance = (landmarks - middles).square().sum_dim(3).reshape([batch, patches, count]);
    let near = (distance * (-0.5 / (NEAR * NEAR))).exp();
    // -near·ln σ(x) - (1 - near)·ln(1 - σ(x)), without an overflow.
    let cross_entropy = relu(logits.clone()) - logits.clone() * near + softplus(logits.abs().neg(), 1.0);
    cross_entropy.mean()
}
