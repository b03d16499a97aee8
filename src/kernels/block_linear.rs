//! The linear layers of a block, in whichever arithmetic was chosen.

use burn::tensor::{Device, Tensor};

use super::cpu::integer::packed::PackedIntegers;
use super::{Finish, PackedLinear, PackedNorm, Panels, Precision};

/// A linear layer of a block: in F32, or on integers where the CPU was asked for them.
#[derive(Clone, Debug)]
pub enum BlockLinear {
    /// F32 arithmetic.
    Floats(Box<PackedLinear>),
    /// Weights of 8 bits and activations of 16.
    Integers(Box<PackedIntegers>),
}

impl BlockLinear {
    /// - `bias`: `[N]`
    /// - `precision`: I8 on the CPU only; elsewhere it is F32
    pub fn from_panels(panels: Panels, bias: &[f32], precision: Precision, device: &Device) -> Self {
        match precision == Precision::I8 && *device == Device::flex() {
            true => Self::Integers(Box::new(PackedIntegers::new(&panels, bias, device))),
            false => Self::Floats(Box::new(PackedLinear::from_panels(panels, bias, precision, device))),
        }
    }

    /// Number of weights that take 2 bytes.
    pub fn half_weights(&self) -> usize {
        match self {
            Self::Floats(linear) => linear.half_weights(),
            Self::Integers(_) => 0,
        }
    }

    /// Number of weights that take 1 byte.
    pub fn integer_weights(&self) -> usize {
        match self {
            Self::Floats(_) => 0,
            Self::Integers(linear) => linear.weights(),
        }
    }

    /// Applies a layer norm, then this layer: `[M, K]` → `[M, N]`
    pub fn forward(&self, x: Tensor<2>, norm: &PackedNorm, finish: Finish) -> Tensor<2> {
        match self {
            Self::Floats(linear) => linear.forward(x, norm, finish),
            Self::Integers(linear) => linear.apply(norm.forward(x), finish),
        }
    }

    /// Applies this layer and adds the result to `residual`: `[M, K]`, `[M, N]` → `[M, N]`
    pub fn add_to(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Floats(linear) => linear.add_to(x, residual),
            Self::Integers(linear) => linear.add_to(x, residual),
        }
    }
}
