//! The operations on the tensors of Burn's CPU backend.

use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};

use super::attention::attention;
use super::convolution::convolution;
use super::integer_linear::IntegerLinear;
use super::integer_operations::IntegerOperations;
use super::layer_norm::LayerNorm;
use super::linear::{Finish, Linear};
use super::operations::EncoderOperations;
use super::patches::patches;
use super::product::{COLUMNS, Rows, pack_rows};

impl EncoderOperations for Flex {
    fn encoder_patches(
        pixels: FlexTensor,
        weight: FlexTensor,
        places: FlexTensor,
        patch: [usize; 2],
    ) -> FlexTensor {
        let [batch, _, rows, columns] = pixels.shape().dims();
        let [tokens, width] = places.shape().dims();
        let (pixels, weight, places) = (Numbers::of(&pixels), Numbers::of(&weight), Numbers::of(&places));
        let bias = vec![[0.0; COLUMNS]; width.div_ceil(COLUMNS)];
        let depth = 3 * patch[0] * patch[0];
        let layer = Linear { weight: weight.get().as_chunks().0, bias: &bias, depth, width };
        let tokens_of_all = patches(pixels.get(), [rows, columns], patch, layer, places.get());
        tensor(tokens_of_all, Shape::new([batch, tokens, width]))
    }

    fn encoder_layer_norm(x: FlexTensor, norm: FlexTensor, epsilon: f64) -> FlexTensor {
        let (numbers, norm) = (Numbers::of(&x), Numbers::of(&norm));
        tensor(layer_norm(&norm, epsilon).forward(numbers.get()), x.shape())
    }

    fn encoder_norm_linear(
        x: FlexTensor,
        norm: FlexTensor,
        epsilon: f64,
        weight: FlexTensor,
        bias: FlexTensor,
        width: usize,
        finish: Finish,
    ) -> FlexTensor {
        Self::encoder_linear(Self::encoder_layer_norm(x, norm, epsilon), weight, bias, width, finish)
    }

    fn encoder_linear_add(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        residual: FlexTensor,
    ) -> FlexTensor {
        let [_, depth] = x.shape().dims();
        let [count, width] = residual.shape().dims();
        let [x, weight, bias, residual] = [&x, &weight, &bias, &residual].map(Numbers::of);
        let mut rows = Vec::new();
        pack_rows(Rows::dense(x.get(), depth), &mut rows);
        let layer =
            Linear { weight: weight.get().as_chunks().0, bias: bias.get().as_chunks().0, depth, width };
        let mut sum = residual.get().to_vec();
        layer.add_to(&rows, &mut sum);
        tensor(sum, Shape::new([count, width]))
    }

    fn encoder_linear(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        width: usize,
        finish: Finish,
    ) -> FlexTensor {
        let [count, depth] = x.shape().dims();
        let [x, weight, bias] = [&x, &weight, &bias].map(Numbers::of);
        let mut rows = Vec::new();
        pack_rows(Rows::dense(x.get(), depth), &mut rows);
        let layer =
            Linear { weight: weight.get().as_chunks().0, bias: bias.get().as_chunks().0, depth, width };
        tensor(layer.forward(&rows, count, finish), Shape::new([count, width]))
    }

    fn encoder_convolution(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        width: usize,
        stride: usize,
        finish: Finish,
    ) -> FlexTensor {
        let [batch, rows, columns, channels] = x.shape().dims();
        let [_, depth, _] = weight.shape().dims();
        let [x, weight, bias] = [&x, &weight, &bias].map(Numbers::of);
        let layer =
            Linear { weight: weight.get().as_chunks().0, bias: bias.get().as_chunks().0, depth, width };
        let result = convolution(x.get(), [rows, columns, channels], layer, stride, finish);
        tensor(result, Shape::new([batch, rows.div_ceil(stride), columns.div_ceil(stride), width]))
    }

    fn encoder_attention(qkv: FlexTensor, heads: usize) -> FlexTensor {
        let [batch, tokens, width] = qkv.shape().dims();
        let mixed = attention(Numbers::of(&qkv).get(), tokens, width / 3, heads);
        tensor(mixed, Shape::new([batch, tokens, width / 3]))
    }
}

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
        let [x, factors, weight, outputs] = [&x, &factors, &weight, &outputs].map(Numbers::of);
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
            [&x, &factors, &weight, &outputs, &residual].map(Numbers::of);
        let mut sum = residual.get().to_vec();
        integer_linear(&factors, &weight, &outputs, levels, width).add_to(x.get(), &mut sum);
        tensor(sum, Shape::new([count, width]))
    }
}

fn integer_linear<'a>(
    factors: &'a Numbers,
    weight: &'a Numbers,
    outputs: &'a Numbers,
    levels: f32,
    width: usize,
) -> IntegerLinear<'a> {
    let (outputs, _) = outputs.get().as_chunks();
    let (scales, bias) = outputs.split_at(outputs.len() / 2);
    let (weight, _) = weight.integers().as_chunks();
    IntegerLinear { factors: factors.get(), weight, scales, bias, levels, width }
}

fn layer_norm(weights: &Numbers, epsilon: f64) -> LayerNorm<'_> {
    let (gamma, beta) = weights.get().split_at(weights.get().len() / 2);
    LayerNorm { gamma, beta, epsilon: epsilon as f32 }
}

/// A tensor whose elements lie row by row.
struct Numbers(FlexTensor);

impl Numbers {
    fn of(tensor: &FlexTensor) -> Self {
        Self(tensor.to_contiguous())
    }

    fn get(&self) -> &[f32] {
        &self.0.storage()[self.places()]
    }

    fn integers(&self) -> &[i8] {
        &self.0.storage()[self.places()]
    }

    fn places(&self) -> std::ops::Range<usize> {
        let start = self.0.layout().start_offset();
        start..start + self.0.shape().num_elements()
    }
}

fn tensor(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}
