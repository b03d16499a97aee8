//! The weights of a linear layer on their way into panels, in whatever order they arrive.

use burn::tensor::{DType, Device, Tensor, TensorData};
use half::f16;

/// Outputs of a panel of weights: columns of the result that are computed side by side, on the CPU and on a GPU.
pub const PANEL_WIDTH: usize = 8;

/// One value of each column of a panel.
pub type ColumnGroup = [f32; PANEL_WIDTH];

/// How the weights of a linear layer are stored; sums are F32 unless stated otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// In 4 bytes each.
    F32,
    /// In 2 bytes each, on a GPU and where they fit: see [`Panels::fit_f16`].
    F16,
    /// In 1 byte each, on the CPU, in the layers of a [`crate::kernels::BlockLinear`]; sums are integers.
    I8,
}

/// F16 panels hold the weights times this. What F16 has only subnormal numbers for, which a GPU may take for 0, are
/// then weights below 2.4e-7 instead of 6.1e-5, where weights of channels with large activations can lie.
pub(crate) const F16_SCALE: f32 = 256.0;
/// The largest share of the weights' power that may nevertheless lie below.
const LARGEST_SUBNORMAL_POWER: f64 = 1e-6;

/// `[N, K]` weights, as PyTorch has them, in panels: `[⌈N / 8⌉, K, 8]`. Weights that were never written are 0.
#[derive(Clone, Debug)]
pub struct Panels {
    groups: Vec<ColumnGroup>,
    depth: usize,
}

impl Panels {
    /// - `width`: N; `depth`: K
    pub fn new(width: usize, depth: usize) -> Self {
        Self { groups: vec![[0.0; PANEL_WIDTH]; width.div_ceil(PANEL_WIDTH) * depth], depth }
    }

    /// `[⌈N / 8⌉, K, 8]`
    pub(crate) fn groups(&self) -> &[ColumnGroup] {
        &self.groups
    }

    /// K
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Writes the weights of output n: `[K]`.
    pub fn write_output(&mut self, n: usize, weights: &[f32]) {
        let panel = &mut self.groups[n / PANEL_WIDTH * self.depth..][..self.depth];
        panel.iter_mut().zip(weights).for_each(|(group, weight)| group[n % PANEL_WIDTH] = *weight);
    }

    /// Writes the weights of input k: `[N]`.
    pub fn write_input(&mut self, k: usize, weights: &[f32]) {
        let groups = self.groups[k..].iter_mut().step_by(self.depth);
        groups.zip(weights.chunks(PANEL_WIDTH)).for_each(|(group, weights)| {
            group[..weights.len()].copy_from_slice(weights);
        });
    }

    /// Whether F16 panels can represent these weights: none is beyond ±255.9, and those below 2.4e-7 are negligible.
    pub fn fit_f16(&self) -> bool {
        let (mut all, mut below) = (0.0, 0.0);
        for weight in self.groups.as_flattened() {
            let power = f64::from(*weight).powi(2);
            all += power;
            if weight.abs() < f32::from(f16::MIN_POSITIVE) / F16_SCALE {
                below += power;
            }
        }
        let largest = f32::from(f16::MAX) / F16_SCALE;
        let is_in_range = self.groups.as_flattened().iter().all(|weight| weight.abs() <= largest);
        is_in_range && below <= LARGEST_SUBNORMAL_POWER * all
    }

    /// Puts the panels on a device, `[⌈N / 8⌉, K, 8]`, rounded to nearest.
    pub(crate) fn upload(self, precision: Precision, device: &Device) -> Tensor<3> {
        let shape = [self.groups.len() / self.depth, self.depth, PANEL_WIDTH];
        match precision {
            Precision::F32 | Precision::I8 => {
                Tensor::from_data(TensorData::new(self.groups.into_flattened(), shape), device)
            }
            Precision::F16 => {
                let weights = self.groups.as_flattened().iter();
                let halves: Vec<f16> = weights.map(|weight| f16::from_f32(weight * F16_SCALE)).collect();
                Tensor::from_data(TensorData::new(halves, shape), (device, DType::F16))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panels(weights: &[f32]) -> Panels {
        let mut panels = Panels::new(weights.len(), 1);
        panels.write_input(0, weights);
        panels
    }

    #[test]
    fn weights_have_the_same_place_by_outputs_and_by_inputs() {
        let (width, depth) = (11, 5);
        let weight = |n: usize, k: usize| (n * depth + k) as f32;
        let mut by_outputs = Panels::new(width, depth);
        (0..width)
            .for_each(|n| by_outputs.write_output(n, &Vec::from_iter((0..depth).map(|k| weight(n, k)))));
        let mut by_inputs = Panels::new(width, depth);
        (0..depth).for_each(|k| by_inputs.write_input(k, &Vec::from_iter((0..width).map(|n| weight(n, k)))));
        assert_eq!(by_outputs.groups, by_inputs.groups);
        assert_eq!(by_outputs.groups[depth + 3][2], weight(10, 3));
        assert_eq!(by_outputs.groups[depth + 3][3], 0.0);
    }

    #[test]
    fn weights_fit_f16_if_none_is_too_large_and_the_tiny_are_negligible() {
        for held in [[0.02, -255.0], [1.0, 1e-9], [1e-5, 3e-7], [0.0, 0.0]] {
            assert!(panels(&held).fit_f16(), "{held:?}");
        }
        for beyond in [[0.02, -256.0], [70_000.0, 1.0], [1e-8, 1e-8], [1e-4, 2e-7]] {
            assert!(!panels(&beyond).fit_f16(), "{beyond:?}");
        }
    }
}
