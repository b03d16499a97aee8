//! The weights of a linear layer on their way into panels, in whatever order they come.

use burn::tensor::{DType, Device, Tensor, TensorData};
use half::f16;

use super::product::{COLUMNS, ColumnGroup};

/// How the weights of a linear layer are kept. Sums are F32 either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// In 4 bytes each.
    F32,
    /// In 2 bytes each, on a GPU and where they fit: see [`Panels::are_held_by_f16`].
    F16,
}

/// The largest part of the weights' power that may lie below F16's normal numbers, which a GPU may take for 0. That
/// changes a result by at most a thousandth.
const LARGEST_SUBNORMAL_POWER: f64 = 1e-6;

/// `[N, K]` weights, as PyTorch has them, in panels: `[⌈N / 8⌉, K, 8]`. What has not been written is 0.
#[derive(Clone, Debug)]
pub struct Panels {
    groups: Vec<ColumnGroup>,
    depth: usize,
}

impl Panels {
    /// - `width`: N; `depth`: K
    pub fn new(width: usize, depth: usize) -> Self {
        Self { groups: vec![[0.0; COLUMNS]; width.div_ceil(COLUMNS) * depth], depth }
    }

    /// Writes the weights of output n: `[K]`.
    pub fn write_output(&mut self, n: usize, weights: &[f32]) {
        let panel = &mut self.groups[n / COLUMNS * self.depth..][..self.depth];
        panel.iter_mut().zip(weights).for_each(|(group, weight)| group[n % COLUMNS] = *weight);
    }

    /// Writes the weights of input k: `[N]`.
    pub fn write_input(&mut self, k: usize, weights: &[f32]) {
        let groups = self.groups[k..].iter_mut().step_by(self.depth);
        groups.zip(weights.chunks(COLUMNS)).for_each(|(group, weights)| {
            group[..weights.len()].copy_from_slice(weights);
        });
    }

    /// Whether F16 holds these weights: none is beyond its range, and those below its normal numbers do not matter.
    pub fn are_held_by_f16(&self) -> bool {
        let (mut all, mut below) = (0.0, 0.0);
        for weight in self.groups.as_flattened() {
            let power = f64::from(*weight).powi(2);
            all += power;
            if weight.abs() < f32::from(f16::MIN_POSITIVE) {
                below += power;
            }
        }
        let mut weights = self.groups.as_flattened().iter();
        weights.all(|weight| weight.abs() <= f32::from(f16::MAX)) && below <= LARGEST_SUBNORMAL_POWER * all
    }

    /// Puts the panels on a device, `[⌈N / 8⌉, K, 8]`, their numbers rounded to nearest.
    pub(super) fn upload(self, precision: Precision, device: &Device) -> Tensor<3> {
        let shape = [self.groups.len() / self.depth, self.depth, COLUMNS];
        match precision {
            Precision::F32 => Tensor::from_data(TensorData::new(self.groups.into_flattened(), shape), device),
            Precision::F16 => {
                let halves: Vec<f16> =
                    self.groups.as_flattened().iter().map(|weight| f16::from_f32(*weight)).collect();
                Tensor::from_data(TensorData::new(halves, shape), (device, DType::F16))
            }
        }
    }
}
