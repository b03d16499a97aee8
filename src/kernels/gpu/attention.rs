//! Attention on the tensors of Burn's GPU backend.

use burn::backend::TensorMetadata;
use burn_wgpu::CubeTensor;

use super::launch::empty;
use super::shaders::attention::Attention;
use crate::kernels::GpuKernel;

/// Computes attention in the way that [`GpuKernel::during`] sets.
///
/// - `qkv`: `[B, T, 3W]`, contiguous
/// - returns `[B, T, W]`
pub fn attention(qkv: &CubeTensor, heads: usize) -> CubeTensor {
    let [batch, tokens, width] = qkv.shape().dims();
    let mixed = empty(qkv, [batch, tokens, width / 3]);
    let attention = Attention { batch, tokens, heads, channels: width / 3 / heads };
    let (shader, queries) = attention.shader(GpuKernel::current());
    shader.launch([tokens.div_ceil(queries), heads, batch], &[qkv, &mixed]);
    mixed
}
