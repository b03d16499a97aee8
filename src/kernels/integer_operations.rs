//! Linear layers on integers as an operation on Burn's tensors, for the CPU.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use super::integer_weights::IntegerWeights;
use super::linear::Finish;
use super::panels::{Panels, Precision};
use super::product::COLUMNS;
use super::{PackedLinear, PackedNorm};

/// What the CPU's backend offers beyond [`super::operations::EncoderOperations`].
#[backend_extension(Flex)]
pub trait IntegerOperations: Backend {
    /// `[M, K]`, `[K]`, packed `[⌈N / 8⌉, P, 16]`, `[2, ⌈N / 8⌉, 8]` → `[M, N]`
    fn encoder_integer_linear(
        x: FloatTensor<Self>,
        factors: FloatTensor<Self>,
        weight: IntTensor<Self>,
        outputs: FloatTensor<Self>,
        levels: f32,
        width: usize,
        finish: Finish,
    ) -> FloatTensor<Self>;

    /// The same, and `[M, N]` → `[M, N]`
    fn encoder_integer_linear_add(
        x: FloatTensor<Self>,
        factors: FloatTensor<Self>,
        weight: IntTensor<Self>,
        outputs: FloatTensor<Self>,
        levels: f32,
        residual: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// A linear layer of a block: on floats, or on integers where the CPU was asked for them.
#[derive(Clone, Debug)]
pub enum BlockLinear {
    /// F32 arithmetic.
    Floats(Box<PackedLinear>),
    /// Weights of 8 bits and activations of 16.
    Integers(Box<PackedIntegers>),
}

/// A linear layer whose weights are integers.
#[derive(Clone, Debug)]
pub struct PackedIntegers {
    /// `[⌈N / 8⌉, P, 16]`, I8, in P pairs
    weight: Tensor<3, Int>,
    /// `[K]`
    factors: Tensor<1>,
    /// `[2, ⌈N / 8⌉, 8]`: scales and biases.
    outputs: Tensor<3>,
    levels: f32,
    /// N
    width: usize,
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
            Self::Integers(linear) => linear.width * linear.factors.dims()[0],
        }
    }

    /// Of normalised rows: `[M, K]` → `[M, N]`
    pub fn forward(&self, x: Tensor<2>, norm: &PackedNorm, finish: Finish) -> Tensor<2> {
        match self {
            Self::Floats(linear) => linear.forward(x, norm, finish),
            Self::Integers(linear) => linear.apply(norm.forward(x), finish),
        }
    }

    /// Added to something: `[M, K]`, `[M, N]` → `[M, N]`
    pub fn add_to(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Floats(linear) => linear.add_to(x, residual),
            Self::Integers(linear) => linear.add_to(x, residual),
        }
    }
}

impl PackedIntegers {
    fn new(panels: &Panels, bias: &[f32], device: &Device) -> Self {
        let IntegerWeights { factors, weight, scales, levels } = IntegerWeights::of(panels);
        let shape = [scales.len(), weight.len() / scales.len(), 2 * COLUMNS];
        let weight = TensorData::new(weight.into_flattened(), shape);
        let mut outputs = scales.into_flattened();
        outputs.extend(bias);
        outputs.resize(2 * shape[0] * COLUMNS, 0.0);
        Self {
            weight: Tensor::from_data(weight, (device, DType::I8)),
            factors: Tensor::from_data(factors.as_slice(), device),
            outputs: Tensor::from_data(TensorData::new(outputs, [2, shape[0], COLUMNS]), device),
            levels,
            width: bias.len(),
        }
    }

    /// `[M, K]` → `[M, N]`
    fn apply(&self, x: Tensor<2>, finish: Finish) -> Tensor<2> {
        let (factors, outputs) = (self.factors.clone().into_dispatch(), self.outputs.clone().into_dispatch());
        let (x, weight) = (x.into_dispatch(), self.weight.clone().into_dispatch());
        let y =
            Dispatch::encoder_integer_linear(x, factors, weight, outputs, self.levels, self.width, finish);
        Tensor::from_dispatch(y)
    }

    /// `[M, K]`, `[M, N]` → `[M, N]`
    fn add_to(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        let (factors, outputs) = (self.factors.clone().into_dispatch(), self.outputs.clone().into_dispatch());
        let (x, weight) = (x.into_dispatch(), self.weight.clone().into_dispatch());
        let residual = residual.into_dispatch();
        let y = Dispatch::encoder_integer_linear_add(x, factors, weight, outputs, self.levels, residual);
        Tensor::from_dispatch(y)
    }
}
