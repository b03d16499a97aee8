//! Linear layers on integers as operations on Burn's tensors, for the CPU.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use super::weights::IntegerWeights;
use crate::kernels::Finish;
use crate::kernels::panels::{PANEL_WIDTH, Panels};

/// What the CPU's backend offers beyond [`crate::kernels::operations::EncoderOperations`].
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

impl PackedIntegers {
    /// Number of weights.
    pub fn weights(&self) -> usize {
        self.width * self.factors.dims()[0]
    }

    /// - `bias`: `[N]`
    pub fn new(panels: &Panels, bias: &[f32], device: &Device) -> Self {
        let IntegerWeights { factors, weight, scales, levels } = IntegerWeights::of(panels);
        let shape = [scales.len(), weight.len() / scales.len(), 2 * PANEL_WIDTH];
        let weight = TensorData::new(weight.into_flattened(), shape);
        let mut outputs = scales.into_flattened();
        outputs.extend(bias);
        outputs.resize(2 * shape[0] * PANEL_WIDTH, 0.0);
        Self {
            weight: Tensor::from_data(weight, (device, DType::I8)),
            factors: Tensor::from_data(factors.as_slice(), device),
            outputs: Tensor::from_data(TensorData::new(outputs, [2, shape[0], PANEL_WIDTH]), device),
            levels,
            width: bias.len(),
        }
    }

    /// `[M, K]` → `[M, N]`
    pub fn apply(&self, x: Tensor<2>, finish: Finish) -> Tensor<2> {
        let (factors, outputs) = (self.factors.clone().into_dispatch(), self.outputs.clone().into_dispatch());
        let (x, weight) = (x.into_dispatch(), self.weight.clone().into_dispatch());
        let y =
            Dispatch::encoder_integer_linear(x, factors, weight, outputs, self.levels, self.width, finish);
        Tensor::from_dispatch(y)
    }

    /// Adds the result to `residual`: `[M, K]`, `[M, N]` → `[M, N]`
    pub fn add_to(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        let (factors, outputs) = (self.factors.clone().into_dispatch(), self.outputs.clone().into_dispatch());
        let (x, weight) = (x.into_dispatch(), self.weight.clone().into_dispatch());
        let residual = residual.into_dispatch();
        let y = Dispatch::encoder_integer_linear_add(x, factors, weight, outputs, self.levels, residual);
        Tensor::from_dispatch(y)
    }
}
