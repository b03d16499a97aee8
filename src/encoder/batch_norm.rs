//! Batch norms at rest: each channel is scaled and moved.

use crate::{Error, Result};

/// Ends of the names of a batch norm's tensors: gamma, beta, and the running mean and variance.
pub(crate) const PARTS: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

/// Added to the variance, PyTorch's default.
const EPSILON: f32 = 1e-5;

/// What a batch norm with running statistics multiplies each channel with, and what it then adds.
///
/// - `name`: of the batch norm
/// - `parts`: as in [`PARTS`], `[C]` each
///
/// # Errors
///
/// [`Error::Checkpoint`] if a variance is below 0.
pub(crate) fn scale_and_shift(name: &str, parts: [&[f32]; 4]) -> Result<[Vec<f32>; 2]> {
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
