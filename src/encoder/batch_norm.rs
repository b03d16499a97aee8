//! Batch norms in evaluation: each channel is scaled and shifted.

use crate::{Error, Result};

/// A tensor of a batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchNormPart {
    /// Gamma.
    Weight,
    /// Beta.
    Bias,
    RunningMean,
    RunningVariance,
}

impl BatchNormPart {
    /// All of them, in the order of [`scale_and_shift`].
    pub(super) const ALL: [Self; 4] = [Self::Weight, Self::Bias, Self::RunningMean, Self::RunningVariance];

    /// As PyTorch calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Bias => "bias",
            Self::RunningMean => "running_mean",
            Self::RunningVariance => "running_var",
        }
    }
}

/// Added to the variance, PyTorch's default.
const EPSILON: f32 = 1e-5;

/// What a batch norm with running statistics multiplies each channel with, and what it then adds.
///
/// - `name`: of the batch norm
/// - `parts`: as in [`BatchNormPart::ALL`], `[C]` each
///
/// # Errors
///
/// [`Error::Checkpoint`] if a variance is below 0.
pub(super) fn scale_and_shift(name: &str, parts: [&[f32]; 4]) -> Result<[Vec<f32>; 2]> {
    let [gamma, beta, mean, variance] = parts;
    if let Some(found) = variance.iter().find(|variance| **variance < 0.0) {
        return Err(Error::Checkpoint(format!(
            "tensor {name}.running_var holds {found}, expected variances of 0 or more"
        )));
    }
    let scale = gamma.iter().zip(variance).map(|(gamma, variance)| gamma / (variance + EPSILON).sqrt());
    let scale: Vec<f32> = scale.collect();
    let moved = beta.iter().zip(mean).zip(&scale);
    let shift = moved.map(|((beta, mean), scale)| beta - mean * scale).collect();
    Ok([scale, shift])
}
