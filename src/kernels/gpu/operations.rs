//! The operations on the tensors of Burn's GPU backend, as WGSL.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, FloatDType, Shape};
use burn_wgpu::{CubeBackend, CubeTensor, into_contiguous};

use crate::kernels::Finish;
use crate::kernels::gpu::attention::attention;
use crate::kernels::gpu::linear::{After, linear};
use crate::kernels::gpu::shader::Shader;
use crate::kernels::operations::EncoderOperations;

/// Invocations of a workgroup that work on one row, or on neighbours.
const THREADS: usize = 64;

impl EncoderOperations for CubeBackend {
    fn encoder_patches(
        pixels: CubeTensor,
        weight: CubeTensor,
        places: CubeTensor,
        [patch_size, stride]: [usize; 2],
    ) -> CubeTensor {
        let [batch, _, image_height, image_width] = pixels.shape().dims();
        let [tokens, width] = places.shape().dims();
        let [_, depth, _] = weight.shape().dims();
        let pixels = into_contiguous(pixels);
        let rows = empty(&pixels, [batch * (tokens - 1), depth]);
        Shader::new("patches", include_str!("wgsl/patches.wgsl"))
            .with("height", &image_height)
            .with("width", &image_width)
            .with("patch", &patch_size)
            .with("stride", &stride)
            .with("across", &((image_width - patch_size) / stride + 1))
            .with("patches", &(tokens - 1))
            .with("threads", &THREADS)
            .launch([depth.div_ceil(THREADS), tokens - 1, batch], &[&pixels, &rows]);
        let bias = Self::float_zeros(Shape::new([width.div_ceil(8), 8]), &pixels.device, FloatDType::F32);
        let patches = linear(&rows, &weight, &bias, width, After::Finish(Finish::None));
        let all = empty(&pixels, [batch, tokens, width]);
        Shader::new("tokens", include_str!("wgsl/tokens.wgsl"))
            .with("tokens", &tokens)
            .with("width", &width)
            .with("threads", &THREADS)
            .launch([width.div_ceil(THREADS), tokens, batch], &[&patches, &places, &all]);
        all
    }

    fn encoder_layer_norm(x: CubeTensor, norm: CubeTensor, epsilon: f64) -> CubeTensor {
        let x = into_contiguous(x);
        let [count, width] = x.shape().dims();
        let y = empty(&x, [count, width]);
        Shader::new("layer_norm", include_str!("wgsl/layer_norm.wgsl"))
            .with("width", &width)
            .with("threads", &THREADS)
            .with("epsilon", &format!("{epsilon:e}"))
            .launch([count, 1, 1], &[&x, &norm, &y]);
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
        let [lines, places] = [rows, columns].map(|side| side.div_ceil(stride));
        let x = into_contiguous(x);
        let seen = empty(&x, [batch * lines * places, depth]);
        Shader::new("windows", include_str!("wgsl/windows.wgsl"))
            .with("rows", &rows)
            .with("columns", &columns)
            .with("channels", &channels)
            .with("stride", &stride)
            .with("threads", &THREADS)
            .launch([depth.div_ceil(THREADS), places, batch * lines], &[&x, &seen]);
        let CubeTensor { client, device, handle, .. } =
            linear(&seen, &weight, &bias, width, After::Finish(finish));
        let shape = Shape::new([batch, lines, places, width]);
        CubeTensor::new_contiguous(client, device, shape, handle, DType::F32)
    }

    fn encoder_attention(qkv: CubeTensor, heads: usize) -> CubeTensor {
        attention(&into_contiguous(qkv), heads)
    }
}

/// A tensor beside another one, with whatever is in its memory.
pub(crate) fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let shape = Shape::new(shape);
    let handle = beside.client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(beside.client.clone(), beside.device.clone(), shape, handle, DType::F32)
}
