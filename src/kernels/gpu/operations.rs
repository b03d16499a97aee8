//! The operations on the tensors of Burn's GPU backend, as WGSL.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, FloatDType, Shape};
use burn_wgpu::{CubeBackend, CubeTensor, into_contiguous};

use super::attention::attention;
use super::launch::empty;
use super::linear::{After, linear};
use super::shaders::{THREADS, images, layer_norm};
use crate::kernels::Finish;
use crate::kernels::operations::EncoderOperations;
use crate::kernels::panels::PANEL_WIDTH;

impl EncoderOperations for CubeBackend {
    fn encoder_patches(
        pixels: CubeTensor,
        weight: CubeTensor,
        positions: CubeTensor,
        [patch_size, stride]: [usize; 2],
    ) -> CubeTensor {
        let [batch, _, image_height, image_width] = pixels.shape().dims();
        let [tokens, width] = positions.shape().dims();
        let [_, depth, _] = weight.shape().dims();
        let pixels = into_contiguous(pixels);
        let rows = empty(&pixels, [batch * (tokens - 1), depth]);
        images::patches([image_height, image_width], patch_size, stride, tokens - 1)
            .launch([depth.div_ceil(THREADS), tokens - 1, batch], &[&pixels, &rows]);
        let bias = Self::float_zeros(
            Shape::new([width.div_ceil(PANEL_WIDTH), PANEL_WIDTH]),
            &pixels.device,
            FloatDType::F32,
        );
        let patches = linear(&rows, &weight, &bias, width, After::Finish(Finish::None));
        let all = empty(&pixels, [batch, tokens, width]);
        images::tokens(tokens, width)
            .launch([width.div_ceil(THREADS), tokens, batch], &[&patches, &positions, &all]);
        all
    }

    fn encoder_layer_norm(x: CubeTensor, norm: CubeTensor, epsilon: f64) -> CubeTensor {
        let x = into_contiguous(x);
        let [count, width] = x.shape().dims();
        let y = empty(&x, [count, width]);
        layer_norm::layer_norm(width, epsilon).launch([count, 1, 1], &[&x, &norm, &y]);
        y
    }

    fn encoder_norm_linear(
        x: CubeTensor,
        norm: CubeTensor,
        epsilon: f64,
        weight: CubeTensor,
        bias: CubeTensor,
        width: usize,
        finish: Finish,
    ) -> CubeTensor {
        linear(&Self::encoder_layer_norm(x, norm, epsilon), &weight, &bias, width, After::Finish(finish))
    }

    fn encoder_linear_add(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        residual: CubeTensor,
    ) -> CubeTensor {
        let [_, width] = residual.shape().dims();
        linear(&into_contiguous(x), &weight, &bias, width, After::Add(&into_contiguous(residual)))
    }

    fn encoder_linear(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        width: usize,
        finish: Finish,
    ) -> CubeTensor {
        linear(&into_contiguous(x), &weight, &bias, width, After::Finish(finish))
    }

    fn encoder_convolution(
        x: CubeTensor,
        weight: CubeTensor,
        bias: CubeTensor,
        width: usize,
        stride: usize,
        finish: Finish,
    ) -> CubeTensor {
        let [batch, rows, columns, channels] = x.shape().dims();
        let [_, depth, _] = weight.shape().dims();
        let [out_rows, out_columns] = [rows, columns].map(|side| side.div_ceil(stride));
        let x = into_contiguous(x);
        let windows = empty(&x, [batch * out_rows * out_columns, depth]);
        images::windows([rows, columns, channels], stride)
            .launch([depth.div_ceil(THREADS), out_columns, batch * out_rows], &[&x, &windows]);
        let CubeTensor { client, device, handle, .. } =
            linear(&windows, &weight, &bias, width, After::Finish(finish));
        let shape = Shape::new([batch, out_rows, out_columns, width]);
        CubeTensor::new_contiguous(client, device, shape, handle, DType::F32)
    }

    fn encoder_attention(qkv: CubeTensor, heads: usize) -> CubeTensor {
        attention(&into_contiguous(qkv), heads)
    }
}
