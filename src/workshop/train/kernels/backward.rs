//! The operations for Burn's autodiff: what is kept for the way back, and the way back.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};

use super::flex::{attention_backward, layer_norm_backward, quick_gelu_backward};
use super::operations::BlockOperations;

impl<C: CheckpointStrategy> BlockOperations for Autodiff<Flex, C> {
    fn block_layer_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let (x, gamma, beta) = (x.into_primitive(), gamma.into_primitive(), beta.into_primitive());
        let y = Flex::block_layer_norm(x.clone(), gamma.clone(), beta, epsilon);
        match (LayerNorm { epsilon }).prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish([x, gamma], y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn block_attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        heads: usize,
    ) -> FloatTensor<Self> {
        let nodes = [query.node(), key.node(), value.node()];
        let inputs = [query, key, value].map(|input| input.into_primitive());
        let [query, key, value] = inputs.clone();
        let mixed = Flex::block_attention(query, key, value, heads);
        match (Attention { heads }).prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(inputs, mixed),
            OpsKind::UnTracked(prepared) => prepared.finish(mixed),
        }
    }

    fn block_quick_gelu(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        let y = Flex::block_quick_gelu(x.clone());
        match QuickGelu.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(x, y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct LayerNorm {
    epsilon: f64,
}

impl Backward<Flex, 3> for LayerNorm {
    /// x and gamma.
    type State = [FlexTensor; 2];

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<Flex>(&ops.node);
        let [x, gamma] = &ops.state;
        let parts = layer_norm_backward(x, gamma, self.epsilon, &gradient);
        register(ops, gradients, parts);
    }
}

#[derive(Debug)]
struct Attention {
    heads: usize,
}

impl Backward<Flex, 3> for Attention {
    /// Query, key and value.
    type State = [FlexTensor; 3];

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<Flex>(&ops.node);
        let parts = attention_backward(&ops.state, self.heads, &gradient);
        register(ops, gradients, parts);
    }
}

#[derive(Debug)]
struct QuickGelu;

impl Backward<Flex, 1> for QuickGelu {
    /// x
    type State = FlexTensor;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<Flex>(&ops.node);
        let part = quick_gelu_backward(&ops.state, &gradient);
        register(ops, gradients, [part]);
    }
}

/// Hands each input its gradient, if it wants one.
fn register<S, const N: usize>(ops: Ops<S, N>, gradients: &mut Gradients, parts: [FlexTensor; N]) {
    for (parent, part) in ops.parents.into_iter().zip(parts) {
        if let Some(parent) = parent {
            gradients.register::<Flex>(parent.id, part);
        }
    }
}
