//! Layer norm in one pass over the rows.

use rayon::prelude::*;

use super::arithmetic::sum_of;

/// Rows a thread works on at once; fixed, so that the sums do not depend on the number of threads.
const ROWS: usize = 64;

/// - `x`: `[N, W]`
/// - `gamma`, `beta`: `[W]`
/// - returns `[N, W]`
pub fn forward(x: &[f32], gamma: &[f32], beta: &[f32], epsilon: f32) -> Vec<f32> {
    let width = gamma.len();
    let mut y = vec![0.0; x.len()];
    y.par_chunks_mut(ROWS * width).zip(x.par_chunks(ROWS * width)).for_each(|(y, x)| {
        for (y, x) in y.chunks_mut(width).zip(x.chunks(width)) {
            let Moments { mean, inverse_std } = Moments::of(x, epsilon);
            for (((y, x), gamma), beta) in y.iter_mut().zip(x).zip(gamma).zip(beta) {
                *y = (x - mean) * inverse_std * gamma + beta;
            }
        }
    });
    y
}

/// Gradients with respect to `x`, `gamma` and `beta`.
pub struct Gradients {
    /// `[N, W]`
    pub x: Vec<f32>,
    /// `[W]`
    pub gamma: Vec<f32>,
    /// `[W]`
    pub beta: Vec<f32>,
}

/// - `gradient`: `[N, W]`, with respect to the result
pub fn backward(x: &[f32], gamma: &[f32], epsilon: f32, gradient: &[f32]) -> Gradients {
    let width = gamma.len();
    let mut dx = vec![0.0; x.len()];
    let inputs = x.par_chunks(ROWS * width).zip(gradient.par_chunks(ROWS * width));
    let chunks = dx.par_chunks_mut(ROWS * width).zip(inputs);
    let partial: Vec<[Vec<f32>; 2]> =
        chunks.map(|(dx, (x, gradient))| backward_rows(dx, x, gamma, epsilon, gradient)).collect();
    let total = |which: usize| {
        let mut total = vec![0.0; width];
        for sums in &partial {
            total.iter_mut().zip(&sums[which]).for_each(|(total, sum)| *total += sum);
        }
        total
    };
    Gradients { x: dx, gamma: total(0), beta: total(1) }
}

/// Writes `dx` of some rows; returns their share of the gradients of gamma and beta.
fn backward_rows(dx: &mut [f32], x: &[f32], gamma: &[f32], epsilon: f32, gradient: &[f32]) -> [Vec<f32>; 2] {
    let width = gamma.len();
    let (mut d_gamma, mut d_beta) = (vec![0.0; width], vec![0.0; width]);
    for ((dx, x), dy) in dx.chunks_mut(width).zip(x.chunks(width)).zip(gradient.chunks(width)) {
        let Moments { mean, inverse_std } = Moments::of(x, epsilon);
        for (at, dx) in dx.iter_mut().enumerate() {
            let normal = (x[at] - mean) * inverse_std;
            d_gamma[at] += dy[at] * normal;
            d_beta[at] += dy[at];
            *dx = dy[at] * gamma[at];
        }
        let along_ones = sum_of(dx, x, |dx, _| dx) / width as f32;
        let along_x = sum_of(dx, x, |dx, x| dx * (x - mean)) * inverse_std / width as f32;
        for (dx, x) in dx.iter_mut().zip(x) {
            *dx = inverse_std * (*dx - along_ones - (x - mean) * inverse_std * along_x);
        }
    }
    [d_gamma, d_beta]
}

struct Moments {
    mean: f32,
    inverse_std: f32,
}

impl Moments {
    fn of(x: &[f32], epsilon: f32) -> Self {
        let mean = sum_of(x, x, |x, _| x) / x.len() as f32;
        let variance = sum_of(x, x, |x, _| (x - mean) * (x - mean)) / x.len() as f32;
        Self { mean, inverse_std: 1.0 / (variance + epsilon).sqrt() }
    }
}
