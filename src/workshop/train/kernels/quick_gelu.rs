//! `x · sigmoid(1.702 x)` in one pass.

use rayon::prelude::*;

use super::arithmetic::exp;

const STEEPNESS: f32 = 1.702;
/// Elements a thread works on at once: they fit into its cache.
const CHUNK: usize = 16 * 1024;

/// - `x`: any length; returns as many
pub fn forward(x: &[f32]) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    y.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).for_each(|(y, x)| {
        for (y, x) in y.iter_mut().zip(x) {
            *y = x / (1.0 + exp(-STEEPNESS * x));
        }
    });
    y
}

/// Gradient with respect to `x`, given that with respect to the result.
pub fn backward(x: &[f32], gradient: &[f32]) -> Vec<f32> {
    let mut dx = vec![0.0; x.len()];
    let inputs = x.par_chunks(CHUNK).zip(gradient.par_chunks(CHUNK));
    dx.par_chunks_mut(CHUNK).zip(inputs).for_each(|(dx, (x, gradient))| {
        for ((dx, x), gradient) in dx.iter_mut().zip(x).zip(gradient) {
            let share = 1.0 / (1.0 + exp(-STEEPNESS * x));
            *dx = gradient * share * (1.0 + STEEPNESS * x * (1.0 - share));
        }
    });
    dx
}
