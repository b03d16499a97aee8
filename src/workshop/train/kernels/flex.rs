//! The operations and their gradients on the tensors of Burn's CPU backend.

use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};

use super::attention;
use super::layer_norm;
use super::operations::BlockOperations;
use super::quick_gelu;

impl BlockOperations for Flex {
    fn block_layer_norm(x: FlexTensor, gamma: FlexTensor, beta: FlexTensor, epsilon: f64) -> FlexTensor {
        let (x, gamma, beta) = (Rows::of(&x), Rows::of(&gamma), Rows::of(&beta));
        let y = layer_norm::forward(x.values(), gamma.values(), beta.values(), epsilon as f32);
        tensor(y, x.0.shape())
    }

    fn block_attention(query: FlexTensor, key: FlexTensor, value: FlexTensor, heads: usize) -> FlexTensor {
        let shape = attention_shape(&query, heads);
        let (query, key, value) = (Rows::of(&query), Rows::of(&key), Rows::of(&value));
        let mixed = attention::forward(shape, query.values(), key.values(), value.values());
        tensor(mixed, query.0.shape())
    }

    fn block_quick_gelu(x: FlexTensor) -> FlexTensor {
        let x = Rows::of(&x);
        tensor(quick_gelu::forward(x.values()), x.0.shape())
    }
}

/// Gradients with respect to x, gamma and beta.
pub fn layer_norm_backward(
    x: &FlexTensor,
    gamma: &FlexTensor,
    epsilon: f64,
    gradient: &FlexTensor,
) -> [FlexTensor; 3] {
    let (rows, weights, gradient) = (Rows::of(x), Rows::of(gamma), Rows::of(gradient));
    let gradients = layer_norm::backward(rows.values(), weights.values(), epsilon as f32, gradient.values());
    let layer_norm::Gradients { x: d_x, gamma: d_gamma, beta: d_beta } = gradients;
    [tensor(d_x, x.shape()), tensor(d_gamma, gamma.shape()), tensor(d_beta, gamma.shape())]
}

/// Gradients with respect to query, key and value.
pub fn attention_backward(inputs: &[FlexTensor; 3], heads: usize, gradient: &FlexTensor) -> [FlexTensor; 3] {
    let shape = attention_shape(gradient, heads);
    let [query, key, value] = inputs.each_ref().map(Rows::of);
    let inputs = [query.values(), key.values(), value.values()];
    let gradients = attention::backward(shape, inputs, Rows::of(gradient).values());
    gradients.map(|values| tensor(values, gradient.shape()))
}

/// Gradient with respect to x.
pub fn quick_gelu_backward(x: &FlexTensor, gradient: &FlexTensor) -> FlexTensor {
    let (rows, gradient) = (Rows::of(x), Rows::of(gradient));
    tensor(quick_gelu::backward(rows.values(), gradient.values()), x.shape())
}

fn attention_shape(tensor: &FlexTensor, heads: usize) -> attention::Shape {
    let [_, tokens, width] = tensor.shape().dims();
    attention::Shape { tokens, width, heads }
}

/// A tensor whose elements lie row by row.
struct Rows(FlexTensor);

impl Rows {
    fn of(tensor: &FlexTensor) -> Self {
        Self(tensor.to_contiguous())
    }

    fn values(&self) -> &[f32] {
        let start = self.0.layout().start_offset();
        &self.0.storage::<f32>()[start..start + self.0.shape().num_elements()]
    }
}

fn tensor(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}
