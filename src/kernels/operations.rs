//! The operations on Burn's tensors.

use burn::backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor};
use burn::tensor::{DType, Device, Tensor, TensorData};

use super::Finish;
use super::panels::{PANEL_WIDTH, Panels, Precision};

/// What a backend offers beyond Burn's own operations.
///
/// Packed weights are F32, on a GPU also F16; everything else is F32.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub trait EncoderOperations: Backend {
    /// `[B, 3, H, W]`, packed `[⌈W / 8⌉, 3·P·P, 8]`, `[T, W]` → `[B, T, W]`
    ///
    /// - `patch`: P, and the stride from one patch to the next
    fn encoder_patches(
        pixels: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        positions: FloatTensor<Self>,
        patch: [usize; 2],
    ) -> FloatTensor<Self>;

    /// `[M, K]`, `[2, K]`, → `[M, K]`
    fn encoder_layer_norm(x: FloatTensor<Self>, norm: FloatTensor<Self>, epsilon: f64) -> FloatTensor<Self>;

    /// `[M, K]`, `[2, K]`, packed `[⌈N / 8⌉, K, 8]`, `[⌈N / 8⌉, 8]` → `[M, N]`
    fn encoder_norm_linear(
        x: FloatTensor<Self>,
        norm: FloatTensor<Self>,
        epsilon: f64,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        width: usize,
        finish: Finish,
    ) -> FloatTensor<Self>;

    /// `[M, K]`, packed `[⌈N / 8⌉, K, 8]`, `[⌈N / 8⌉, 8]`, `[M, N]` → `[M, N]`
    fn encoder_linear_add(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        residual: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// `[M, K]`, packed `[⌈N / 8⌉, K, 8]`, `[⌈N / 8⌉, 8]` → `[M, N]`
    fn encoder_linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        width: usize,
        finish: Finish,
    ) -> FloatTensor<Self>;

    /// `[B, H, W, C]`, packed `[⌈N / 8⌉, 9·C, 8]`, `[⌈N / 8⌉, 8]` → `[B, ⌈H / stride⌉, ⌈W / stride⌉, N]`
    fn encoder_convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        width: usize,
        stride: usize,
        finish: Finish,
    ) -> FloatTensor<Self>;

    /// `[B, T, 3W]` → `[B, T, W]`
    fn encoder_attention(qkv: FloatTensor<Self>, heads: usize) -> FloatTensor<Self>;
}

/// A linear layer with packed weights.
#[derive(Clone, Debug)]
pub struct PackedLinear {
    /// `[⌈N / 8⌉, K, 8]`
    weight: Tensor<3>,
    /// `[⌈N / 8⌉, 8]`
    bias: Tensor<2>,
    /// N
    width: usize,
}

/// A layer norm.
#[derive(Clone, Debug)]
pub struct PackedNorm {
    /// `[2, W]`: gamma and beta.
    weights: Tensor<2>,
    epsilon: f64,
}

impl PackedNorm {
    /// - `gamma`, `beta`: `[W]`
    /// - `epsilon`: added to the variance
    pub fn new(gamma: &[f32], beta: &[f32], epsilon: f64, device: &Device) -> Self {
        let weights = TensorData::new([gamma, beta].concat(), [2, gamma.len()]);
        Self { weights: Tensor::from_data(weights, device), epsilon }
    }

    /// `[M, W]` → `[M, W]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let weights = self.weights.clone().into_dispatch();
        Tensor::from_dispatch(Dispatch::encoder_layer_norm(x.into_dispatch(), weights, self.epsilon))
    }
}

impl PackedLinear {
    /// - `weight`: `[N, K]`, as PyTorch has it
    /// - `bias`: `[N]`
    pub fn new(weight: &[f32], bias: &[f32], device: &Device) -> Self {
        let depth = weight.len() / bias.len();
        let mut panels = Panels::new(bias.len(), depth);
        weight.chunks_exact(depth).enumerate().for_each(|(n, weights)| panels.write_output(n, weights));
        Self::from_panels(panels, bias, Precision::F32, device)
    }

    /// - `bias`: `[N]`
    /// - `precision`: of the weights; they stay F32 on the CPU, and where F16 cannot represent them
    pub fn from_panels(panels: Panels, bias: &[f32], precision: Precision, device: &Device) -> Self {
        let is_half = precision == Precision::F16 && *device != Device::flex() && panels.fit_f16();
        let precision = if is_half { Precision::F16 } else { Precision::F32 };
        let mut padded = bias.to_vec();
        padded.resize(bias.len().next_multiple_of(PANEL_WIDTH), 0.0);
        let shape = [padded.len() / PANEL_WIDTH, PANEL_WIDTH];
        Self {
            weight: panels.upload(precision, device),
            bias: Tensor::from_data(TensorData::new(padded, shape), device),
            width: bias.len(),
        }
    }

    /// Number of weights that take 2 bytes; the others take 4.
    pub fn half_weights(&self) -> usize {
        let [_, depth, _] = self.weight.dims();
        if self.weight.dtype() == DType::F16 { self.width * depth } else { 0 }
    }

    /// Applies a layer norm, then this layer: `[M, K]` → `[M, N]`
    pub fn forward(&self, x: Tensor<2>, norm: &PackedNorm, finish: Finish) -> Tensor<2> {
        let (x, weights) = (x.into_dispatch(), norm.weights.clone().into_dispatch());
        let (weight, bias) = (self.weight.clone().into_dispatch(), self.bias.clone().into_dispatch());
        let y = Dispatch::encoder_norm_linear(x, weights, norm.epsilon, weight, bias, self.width, finish);
        Tensor::from_dispatch(y)
    }

    /// Applies this layer: `[M, K]` → `[M, N]`
    pub fn apply(&self, x: Tensor<2>, finish: Finish) -> Tensor<2> {
        let (weight, bias) = (self.weight.clone().into_dispatch(), self.bias.clone().into_dispatch());
        let y = Dispatch::encoder_linear(x.into_dispatch(), weight, bias, self.width, finish);
        Tensor::from_dispatch(y)
    }

    /// A convolution of 3 × 3: the layer applied to each position of feature maps together with its eight neighbours,
    /// zeros beyond the edges.
    ///
    /// - `x`: `[B, H, W, C]`; this layer: K = 9·C, in the order row, column, channel
    /// - `stride`: from one position of the result to the next
    /// - returns `[B, ⌈H / stride⌉, ⌈W / stride⌉, N]`
    pub fn convolution(&self, x: Tensor<4>, stride: usize, finish: Finish) -> Tensor<4> {
        let (weight, bias) = (self.weight.clone().into_dispatch(), self.bias.clone().into_dispatch());
        let x = x.into_dispatch();
        Tensor::from_dispatch(Dispatch::encoder_convolution(x, weight, bias, self.width, stride, finish))
    }

    /// Applies this layer and adds the result to `residual`: `[M, K]`, `[M, N]` → `[M, N]`
    pub fn add_to(&self, x: Tensor<2>, residual: Tensor<2>) -> Tensor<2> {
        let (weight, bias) = (self.weight.clone().into_dispatch(), self.bias.clone().into_dispatch());
        let y = Dispatch::encoder_linear_add(x.into_dispatch(), weight, bias, residual.into_dispatch());
        Tensor::from_dispatch(y)
    }

    /// The tokens of images: the embedded patches after a class token, plus the positional embedding.
    ///
    /// - `pixels`: `[B, 3, H, W]`; this layer: K = 3·P·P, without bias
    /// - `positions`: `[T, N]`, the positional embedding; the class token is added to its first row
    /// - `patch`: P, and the stride from one patch to the next, which overlap if it is less
    /// - returns `[B, T, N]`
    pub fn patches(&self, pixels: Tensor<4>, positions: Tensor<2>, patch: [usize; 2]) -> Tensor<3> {
        let (pixels, positions) = (pixels.into_dispatch(), positions.into_dispatch());
        let weight = self.weight.clone().into_dispatch();
        Tensor::from_dispatch(Dispatch::encoder_patches(pixels, weight, positions, patch))
    }
}

/// `softmax(q·kᵀ / √C)·v` for each head of C channels.
///
/// - `qkv`: `[B, T, 3W]`: in each row the queries, keys and values of all heads one after another
/// - returns `[B, T, W]`
pub fn attention(qkv: Tensor<3>, heads: usize) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::encoder_attention(qkv.into_dispatch(), heads))
}
