//! The encoder's own operations against the plain Burn expressions, at sizes that fill no tile.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::activation::{gelu, relu, sigmoid, softmax};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, FloatDType, Tensor, TensorData};
use half::f16;
use reid_web::kernels::{Finish, GpuKernel, PackedLinear, PackedNorm, Panels, Precision, attention};

use crate::encoder::clip::ready;
use crate::support::random::Random;

const EPSILON: f64 = 1e-5;

#[test]
fn the_operations_equal_burns() {
    ready(operations_equal_burns(&Device::flex(), 2e-5));
}

/// Likewise of F16 products.
const HALF_TOLERANCE: f32 = 3e-3;

/// - `tolerance`: relative to the largest number, or absolute below 1
pub async fn operations_equal_burns(device: &Device, tolerance: f32) {
    for kernel in GpuKernel::ALL.into_iter().filter(|kernel| is_possible(*kernel, device)) {
        let tolerance = if kernel.is_half() { HALF_TOLERANCE } else { tolerance };
        for precision in [Precision::F32, Precision::F16] {
            let random = Random::new(5);
            let check = Check { random, device: device.clone(), precision, kernel, tolerance };
            operations_equal_burns_in(check).await;
        }
    }
}

fn is_possible(kernel: GpuKernel, device: &Device) -> bool {
    match kernel {
        GpuKernel::Registers => true,
        GpuKernel::Workgroup | GpuKernel::Shared => *device != Device::flex(),
        GpuKernel::SharedF16 => *device != Device::flex() && device.supports_dtype(FloatDType::F16),
    }
}

async fn operations_equal_burns_in(mut check: Check) {
    for [rows, depth, width] in
        [[1, 1, 1], [3, 5, 9], [8, 32, 24], [50, 147, 67], [131, 96, 200], [260, 400, 68]]
    {
        for finish in [Finish::None, Finish::QuickGelu, Finish::Gelu, Finish::Relu] {
            check.norm_linear([rows, depth, width], finish).await;
        }
        check.linear_add([rows, depth, width]).await;
        check.linear([rows, depth, width]).await;
    }
    for [batch, tokens, heads, channels] in [
        [1, 1, 1, 1],
        [2, 5, 3, 2],
        [3, 17, 2, 12],
        [1, 50, 2, 64],
        [2, 77, 1, 88],
        [1, 9, 1, 164],
        [1, 30, 1, 340],
    ] {
        check.attention([batch, tokens, heads, channels]).await;
    }
    for ([batch, rows, columns, channels], width, stride) in
        [([1, 1, 1, 1], 1, 1), ([2, 5, 7, 3], 9, 2), ([3, 8, 6, 20], 17, 1), ([1, 30, 31, 12], 8, 1)]
    {
        check.convolution([batch, rows, columns, channels], width, stride).await;
    }
    for (batch, size, patch, width) in [
        (1, [5, 5], [5, 5], 3),
        (2, [37, 37], [7, 7], 20),
        (3, [32, 32], [8, 8], 36),
        (2, [40, 17], [8, 8], 12),
        (1, [9, 31], [4, 4], 20),
        // Overlapping, and with gaps of nothing but the last remainder.
        (2, [40, 29], [8, 6], 12),
        (1, [17, 17], [5, 1], 9),
    ] {
        check.patches(batch, size, patch, width).await;
    }
}

struct Check {
    random: Random,
    device: Device,
    precision: Precision,
    kernel: GpuKernel,
    tolerance: f32,
}

impl Check {
    fn numbers(&mut self, count: usize, size: f32) -> Vec<f32> {
        (0..count).map(|_| self.random.signed() * size).collect()
    }

    /// Weights that the precision holds exactly.
    fn weights(&mut self, count: usize, size: f32) -> Vec<f32> {
        let weights = self.numbers(count, size);
        match self.precision {
            Precision::F32 | Precision::I8 => weights,
            Precision::F16 => weights.into_iter().map(|weight| f16::from_f32(weight).to_f32()).collect(),
        }
    }

    /// - `weight`: `[N, K]`
    fn layer(&self, weight: &[f32], bias: &[f32]) -> PackedLinear {
        if self.precision == Precision::F32 {
            return PackedLinear::new(weight, bias, &self.device);
        }
        let depth = weight.len() / bias.len();
        let mut panels = Panels::new(bias.len(), depth);
        weight.chunks(depth).enumerate().for_each(|(n, weights)| panels.write_output(n, weights));
        let layer = PackedLinear::from_panels(panels, bias, self.precision, &self.device);
        let is_on_cpu = self.device == Device::flex();
        assert_eq!(layer.half_weights(), if is_on_cpu { 0 } else { weight.len() });
        layer
    }

    async fn norm_linear(&mut self, [rows, depth, width]: [usize; 3], finish: Finish) {
        let (x, weight) = (self.numbers(rows * depth, 4.0), self.weights(width * depth, 0.7));
        let (bias, gamma) = (self.numbers(width, 2.0), self.numbers(depth, 1.5));
        let beta = self.numbers(depth, 1.0);
        let norm = PackedNorm::new(&gamma, &beta, EPSILON, &self.device);
        let layer = self.layer(&weight, &bias);

        let normal =
            layer_norm(plain(&x, [rows, depth]), plain(&gamma, [1, depth]), plain(&beta, [1, depth]));
        let what = format!("layer norm of {rows} × {depth}");
        let found = norm.forward(tensor(&x, [rows, depth], &self.device));
        self.same(found, normal.clone(), &what).await;

        let expected = linear(normal, &weight, &bias);
        let expected = match finish {
            Finish::None => expected,
            Finish::QuickGelu => expected.clone() * sigmoid(expected * 1.702),
            Finish::Gelu => gelu(expected),
            Finish::Relu => relu(expected),
        };
        let x = tensor(&x, [rows, depth], &self.device);
        let found = self.kernel.during(|| layer.forward(x, &norm, finish));
        self.same(found, expected, &format!("{finish:?} of {rows} × {depth} × {width}")).await;
    }

    async fn linear_add(&mut self, [rows, depth, width]: [usize; 3]) {
        let (x, weight) = (self.numbers(rows * depth, 1.0), self.weights(width * depth, 1.0));
        let (bias, residual) = (self.numbers(width, 1.0), self.numbers(rows * width, 1.0));
        let expected = linear(plain(&x, [rows, depth]), &weight, &bias) + plain(&residual, [rows, width]);
        let layer = self.layer(&weight, &bias);
        let residual = tensor(&residual, [rows, width], &self.device);
        let x = tensor(&x, [rows, depth], &self.device);
        let found = self.kernel.during(|| layer.add_to(x, residual));
        self.same(found, expected, &format!("sum with {rows} × {depth} × {width}")).await;
    }

    async fn linear(&mut self, [rows, depth, width]: [usize; 3]) {
        let (x, weight) = (self.numbers(rows * depth, 1.0), self.numbers(width * depth, 1.0));
        let bias = self.numbers(width, 1.0);
        let expected = relu(linear(plain(&x, [rows, depth]), &weight, &bias));
        let layer = PackedLinear::new(&weight, &bias, &self.device);
        let x = tensor(&x, [rows, depth], &self.device);
        let found = self.kernel.during(|| layer.apply(x, Finish::Relu));
        self.same(found, expected, &format!("product of {rows} × {depth} × {width}")).await;
    }

    async fn convolution(&mut self, shape: [usize; 4], width: usize, stride: usize) {
        let [batch, rows, columns, channels] = shape;
        let x = self.numbers(batch * rows * columns * channels, 1.0);
        let (weight, bias) = (self.numbers(width * 9 * channels, 1.0), self.numbers(width, 1.0));
        let kernels = plain(&weight, [width, 3, 3, channels]).permute([0, 3, 1, 2]);
        let options = ConvOptions::new([stride, stride], [1, 1], [1, 1], 1);
        let pictures = plain(&x, shape).permute([0, 3, 1, 2]);
        let expected =
            relu(conv2d(pictures, kernels, Some(plain(&bias, [width])), options)).permute([0, 2, 3, 1]);
        let layer = PackedLinear::new(&weight, &bias, &self.device);
        let x = tensor(&x, shape, &self.device);
        let found = self.kernel.during(|| layer.convolution(x, stride, Finish::Relu));
        self.same(found, expected, &format!("convolution of {shape:?} to {width} by {stride}")).await;
    }

    async fn attention(&mut self, [batch, tokens, heads, channels]: [usize; 4]) {
        let width = heads * channels;
        let qkv = self.numbers(batch * tokens * 3 * width, 3.0);
        let parts = plain(&qkv, [batch, tokens, 3, heads, channels]).permute([2, 0, 3, 1, 4]);
        let [query, key, value] = [0, 1, 2].map(|part| parts.clone().narrow(0, part, 1).squeeze_dim::<4>(0)); // [B, H, T, C]
        let scores = query.matmul(key.transpose()) / (channels as f32).sqrt();
        let expected = softmax(scores, 3).matmul(value).swap_dims(1, 2).reshape([batch, tokens, width]);
        let found = attention(tensor(&qkv, [batch, tokens, 3 * width], &self.device), heads);
        self.same(found, expected, &format!("attention {batch} × {tokens} × {heads} × {channels}")).await;
    }

    async fn patches(&mut self, batch: usize, size: [usize; 2], [patch, stride]: [usize; 2], width: usize) {
        let [rows, columns] = size;
        let [down, across] = size.map(|side| (side - patch) / stride + 1);
        let (tokens, depth) = (down * across + 1, 3 * patch * patch);
        let pixels = self.numbers(batch * 3 * rows * columns, 2.0);
        let (weight, places) = (self.weights(width * depth, 1.0), self.numbers(tokens * width, 1.0));
        let pictures = plain(&pixels, [batch, 3, rows, columns]);
        let places_of_patches = (0..down * across).map(|at| [at / across * stride, at % across * stride]);
        let cut = places_of_patches.map(|[top, left]| {
            let patch = pictures.clone().narrow(2, top, patch).narrow(3, left, patch);
            patch.reshape([batch, 1, depth])
        });
        let cut = Tensor::cat(cut.collect(), 1).reshape([batch * down * across, depth]);
        let patches = linear(cut, &weight, &vec![0.0; width]).reshape([batch, tokens - 1, width]);
        let all = Tensor::cat(vec![Tensor::zeros([batch, 1, width], &Device::flex()), patches], 1);
        let expected = all + plain(&places, [1, tokens, width]);

        let layer = self.layer(&weight, &vec![0.0; width]);
        let pixels = tensor(&pixels, [batch, 3, rows, columns], &self.device);
        let places = tensor(&places, [tokens, width], &self.device);
        let found = self.kernel.during(|| layer.patches(pixels, places, [patch, stride]));
        self.same(found, expected, &format!("patches of {rows} × {columns} by {patch} every {stride}")).await;
    }

    async fn same<const D: usize>(&self, found: Tensor<D>, expected: Tensor<D>, what: &str) {
        assert_eq!(found.dims(), expected.dims(), "{what}");
        let found = found.into_data_async().await.unwrap().try_into_vec::<f32>().unwrap();
        let expected = expected.into_data().try_into_vec::<f32>().unwrap();
        let largest = expected.iter().fold(1.0f32, |largest, value| largest.max(value.abs()));
        for (found, expected) in found.iter().zip(&expected) {
            let close = (found - expected).abs() <= self.tolerance * largest;
            assert!(close, "{what} by {}: {found} {expected}", self.kernel.name());
        }
    }
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn plain<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    tensor(values, shape, &Device::flex())
}

/// - `weight`: `[N, K]`
fn linear(x: Tensor<2>, weight: &[f32], bias: &[f32]) -> Tensor<2> {
    let [_, depth] = x.dims();
    let weight = plain(weight, [bias.len(), depth]);
    x.matmul(weight.transpose()) + plain(bias, [1, bias.len()])
}

fn layer_norm(x: Tensor<2>, gamma: Tensor<2>, beta: Tensor<2>) -> Tensor<2> {
    let centred = x.clone() - x.mean_dim(1);
    let variance = centred.clone().square().mean_dim(1);
    centred / (variance + EPSILON).sqrt() * gamma + beta
}
