//! From weights to integers of 8 bits.

use super::linear::{ColumnPairs, pairs};
use crate::kernels::panels::Panels;
use crate::kernels::panels::{ColumnGroup, PANEL_WIDTH};

/// The largest integer that a weight becomes.
const WEIGHT_LEVELS: f32 = 127.0;
/// The largest integer that an activation becomes, where sums allow it.
const ACTIVATION_LEVELS: i64 = i16::MAX as i64;

/// A layer's weights as integers; see [`super::linear::IntegerLinear`].
pub struct IntegerWeights {
    /// `[K]`
    pub factors: Vec<f32>,
    /// `[⌈N / 8⌉, P, 8, 2]`
    pub weight: Vec<ColumnPairs>,
    /// `[⌈N / 8⌉, 8]`
    pub scales: Vec<ColumnGroup>,
    pub levels: f32,
}

impl IntegerWeights {
    /// Rounds weights, each output's by a scale of its own.
    ///
    /// Trained encoders have a few channels with hundreds of times the activations of others, and small weights for
    /// them. By an output's scale those weights would be rounded to nothing; so the weights of each input are first
    /// divided by their root mean square, and its activations, which have more bits, are multiplied with it.
    pub fn of(panels: &Panels) -> Self {
        let (groups, depth) = (panels.groups(), panels.depth());
        let factors = factors(groups, depth);
        let mut integers =
            Self { weight: Vec::new(), scales: Vec::new(), levels: levels(&[0; PANEL_WIDTH]), factors };
        groups.chunks_exact(depth).for_each(|panel| integers.push(panel));
        integers
    }

    fn push(&mut self, panel: &[ColumnGroup]) {
        let mut scaled = panel.to_vec();
        for (group, factor) in scaled.iter_mut().zip(&self.factors) {
            group.iter_mut().for_each(|weight| *weight /= factor);
        }
        let mut scales = [0.0f32; PANEL_WIDTH];
        for group in &scaled {
            scales.iter_mut().zip(group).for_each(|(scale, weight)| {
                if weight.abs() > *scale {
                    *scale = weight.abs();
                }
            });
        }
        scales.iter_mut().for_each(|scale| *scale = if *scale > 0.0 { *scale / WEIGHT_LEVELS } else { 1.0 });
        let mut sums = [0; PANEL_WIDTH];
        for pair in scaled.chunks(2) {
            let mut pairs = [0; 2 * PANEL_WIDTH];
            for (k, group) in pair.iter().enumerate() {
                for (column, (weight, scale)) in group.iter().zip(&scales).enumerate() {
                    let integer = (weight / scale).round_ties_even() as i8;
                    pairs[2 * column + k] = integer;
                    sums[column] += i64::from(integer.unsigned_abs());
                }
            }
            self.weight.push(pairs);
        }
        self.weight
            .resize(self.weight.len() + pairs(panel.len()) - panel.len().div_ceil(2), [0; 2 * PANEL_WIDTH]);
        self.scales.push(scales);
        self.levels = self.levels.min(levels(&sums));
    }
}

/// The root mean square of each input's weights; 1 where all are 0.
fn factors(groups: &[ColumnGroup], depth: usize) -> Vec<f32> {
    let mut powers = vec![0.0; depth];
    for panel in groups.chunks_exact(depth) {
        let sums =
            panel.iter().map(|group| group.iter().map(|weight| f64::from(*weight).powi(2)).sum::<f64>());
        powers.iter_mut().zip(sums).for_each(|(power, sum)| *power += sum);
    }
    let width = (groups.len() / depth * PANEL_WIDTH) as f64;
    let root = |power: f64| (power / width).sqrt() as f32;
    powers.into_iter().map(|power| if root(power) > 0.0 { root(power) } else { 1.0 }).collect()
}

/// - `sums`: of the weights' absolute values, of some outputs
fn levels(sums: &[i64; PANEL_WIDTH]) -> f32 {
    let largest = sums.iter().fold(1, |largest, sum| *sum.max(&largest));
    ACTIVATION_LEVELS.min(i64::from(i32::MAX) / largest) as f32
}
