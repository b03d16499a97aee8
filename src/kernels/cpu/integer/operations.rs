//! The operations on integers on the tensors of Burn's CPU backend.

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::Shape;

use super::linear::IntegerLinear;
use super::packed::IntegerOperations;
use crate::kernels::Finish;
use crate::kernels::cpu::storage::{Contiguous, tensor};

impl IntegerOperations for Flex {
    fn encoder_integer_linear(
        x: FlexTensor,
        factors: FlexTensor,
        weight: FlexTensor,
        outputs: FlexTensor,
        levels: f32,
        width: usize,
        finish: Finish,
    ) -> FlexTensor {
        let [count, _] = x.shape().dims();
        let [x, factors, weight, outputs] = [&x, &factors, &weight, &outputs].map(Contiguous::of);
        let layer = integer_linear(&factors, &weight, &outputs, levels, width);
        tensor(layer.forward(x.get(), finish), Shape::new([count, width]))
    }

    fn encoder_integer_linear_add(
        x: FlexTensor,
        factors: FlexTensor,
        weight: FlexTensor,
        outputs: FlexTensor,
        levels: f32,
        residual: FlexTensor,
    ) -> FlexTensor {
        let [count, width] = residual.shape().dims();
        let [x, factors, weight, outputs, residual] =
            [&x, &factors, &weight, &outputs, &residual].map(Contiguous::of);
        let mut sum = residual.get().to_vec();
        integer_linear(&factors, &weight, &outputs, levels, width).add_to(x.get(), &mut sum);
        tensor(sum, Shape::new([count, width]))
    }
}

fn integer_linear<'a>(
    factors: &'a Contiguous,
    weight: &'a Contiguous,
    outputs: &'a Contiguous,
    levels: f32,
    width: usize,
) -> IntegerLinear<'a> {
    let (outputs, _) = outputs.get().as_chunks();
    let (scales, bias) = outputs.split_at(outputs.len() / 2);
    let (weight, _) = weight.integers().as_chunks();
    IntegerLinear { factors: factors.get(), weight, scales, bias, levels, width }
}
