//! The operations on the tensors of Burn's CPU backend.

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::Shape;

use super::attention::attention;
use super::convolution::convolution;
use super::layer_norm::LayerNorm;
use super::linear::Linear;
use super::patches::patches;
use super::product::{Rows, pack_rows};
use super::storage::{Contiguous, tensor};
use crate::kernels::Finish;
use crate::kernels::operations::EncoderOperations;
use crate::kernels::panels::PANEL_WIDTH;

impl EncoderOperations for Flex {
    fn encoder_patches(
        pixels: FlexTensor,
        weight: FlexTensor,
        positions: FlexTensor,
        patch: [usize; 2],
    ) -> FlexTensor {
        let [batch, _, rows, columns] = pixels.shape().dims();
        let [tokens, width] = positions.shape().dims();
        let (pixels, weight, positions) =
            (Contiguous::of(&pixels), Contiguous::of(&weight), Contiguous::of(&positions));
        let bias = vec![[0.0; PANEL_WIDTH]; width.div_ceil(PANEL_WIDTH)];
        let depth = 3 * patch[0] * patch[0];
        let layer = Linear { weight: weight.get().as_chunks().0, bias: &bias, depth, width };
        let tokens_of_all = patches(pixels.get(), [rows, columns], patch, layer, positions.get());
        tensor(tokens_of_all, Shape::new([batch, tokens, width]))
    }

    fn encoder_layer_norm(x: FlexTensor, norm: FlexTensor, epsilon: f64) -> FlexTensor {
        let (values, norm) = (Contiguous::of(&x), Contiguous::of(&norm));
        tensor(layer_norm(&norm, epsilon).forward(values.get()), x.shape())
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
        let [x, weight, bias, residual] = [&x, &weight, &bias, &residual].map(Contiguous::of);
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
        let [x, weight, bias] = [&x, &weight, &bias].map(Contiguous::of);
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
        let [x, weight, bias] = [&x, &weight, &bias].map(Contiguous::of);
        let layer =
            Linear { weight: weight.get().as_chunks().0, bias: bias.get().as_chunks().0, depth, width };
        let result = convolution(x.get(), [rows, columns, channels], layer, stride, finish);
        tensor(result, Shape::new([batch, rows.div_ceil(stride), columns.div_ceil(stride), width]))
    }

    fn encoder_attention(qkv: FlexTensor, heads: usize) -> FlexTensor {
        let [batch, tokens, width] = qkv.shape().dims();
        let mixed = attention(Contiguous::of(&qkv).get(), tokens, width / 3, heads);
        tensor(mixed, Shape::new([batch, tokens, width / 3]))
    }
}

fn layer_norm(weights: &Contiguous, epsilon: f64) -> LayerNorm<'_> {
    let (gamma, beta) = weights.get().split_at(weights.get().len() / 2);
    LayerNorm { gamma, beta, epsilon: epsilon as f32 }
}
