//! The operations on Burn's tensors.

use burn::backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor};
use burn::tensor::Tensor;

/// What a backend offers beyond Burn's own operations.
#[backend_extension(Flex, Autodiff)]
pub trait BlockOperations: Backend {
    /// `[N, W]`, `[W]`, `[W]` → `[N, W]`
    fn block_layer_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
    ) -> FloatTensor<Self>;

    /// Three `[B, T, W]` → `[B, T, W]`
    fn block_attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        heads: usize,
    ) -> FloatTensor<Self>;

    /// Any shape → the same
    fn block_quick_gelu(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Layer norm over the last axis.
///
/// - `x`: `[N, W]`; `gamma`, `beta`: `[W]`
/// - returns `[N, W]`
pub fn layer_norm(x: Tensor<2>, gamma: Tensor<1>, beta: Tensor<1>, epsilon: f64) -> Tensor<2> {
    let (x, gamma, beta) = (x.into_dispatch(), gamma.into_dispatch(), beta.into_dispatch());
    Tensor::from_dispatch(Dispatch::block_layer_norm(x, gamma, beta, epsilon))
}

/// `softmax(q·kᵀ / √C)·v` for each head of C channels.
///
/// - `query`, `key`, `value`: `[B, T, W]`
/// - returns `[B, T, W]`
pub fn attention(query: Tensor<3>, key: Tensor<3>, value: Tensor<3>, heads: usize) -> Tensor<3> {
    let (query, key, value) = (query.into_dispatch(), key.into_dispatch(), value.into_dispatch());
    Tensor::from_dispatch(Dispatch::block_attention(query, key, value, heads))
}

/// `x · sigmoid(1.702 x)`, any shape.
pub fn quick_gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::block_quick_gelu(x.into_dispatch()))
}
