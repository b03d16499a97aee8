//! Layer norm.

use super::simd::F32x4;

/// Weights of a layer norm.
#[derive(Clone, Copy)]
pub struct LayerNorm<'a> {
    /// `[W]`
    pub gamma: &'a [f32],
    /// `[W]`
    pub beta: &'a [f32],
    /// Added to the variance.
    pub epsilon: f32,
}

impl LayerNorm<'_> {
    /// `[M, W]` → `[M, W]`
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let width = self.gamma.len();
        let mut y = Vec::with_capacity(x.len());
        for row in x.chunks_exact(width) {
            let (mean, scale) = moments(row, self.epsilon);
            let weights = self.gamma.iter().zip(self.beta);
            y.extend(row.iter().zip(weights).map(|(x, (gamma, beta))| (x - mean) * scale * gamma + beta));
        }
        y
    }
}

/// Mean, and the reciprocal of the standard deviation.
fn moments(row: &[f32], epsilon: f32) -> (f32, f32) {
    let width = row.len() as f32;
    let mean = sum(row, 0.0, |x| x) / width;
    let middle = F32x4::splat(mean);
    let variance = sum(row, mean, |x| (x - middle) * (x - middle)) / width;
    (mean, (variance + epsilon).sqrt().recip())
}

/// The sum of a function of each number; `filler` fills the row up to a multiple of 4.
fn sum(row: &[f32], filler: f32, of: impl Fn(F32x4) -> F32x4) -> f32 {
    let (whole, rest) = row.as_chunks::<4>();
    let mut last = [filler; 4];
    last[..rest.len()].copy_from_slice(rest);
    let last = (!rest.is_empty()).then_some(&last);
    whole.iter().chain(last).fold(F32x4::splat(0.0), |sum, four| sum + of(F32x4::new(*four))).sum()
}
