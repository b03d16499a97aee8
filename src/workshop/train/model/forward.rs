//! The encoder's way forward as it is trained: [`VisionTransformer::forward`] on the operations of
//! [`crate::workshop::train::kernels`], with the tokens of all images in one matrix.

use burn::nn::LayerNorm;
use burn::tensor::Tensor;
use burn::tensor::activation::gelu;

use crate::encoder::{Activation, Attention, Mlp, ResidualAttentionBlock, VisionTransformer, l2_normalise};
use crate::workshop::train::kernels::{attention, layer_norm, quick_gelu};

/// Encodes images, so that the gradients are found fast on the CPU.
///
/// - `pixels`: `[B, 3, S, S]`, normalised
/// - `epsilon`: added to the variance in layer norms, [`VitConfig::layer_norm_eps`]
/// - returns `[B, D]`, each row of length 1, as [`VisionTransformer::forward`] does
///
/// [`VitConfig::layer_norm_eps`]: crate::encoder::VitConfig::layer_norm_eps
pub fn forward(tower: &VisionTransformer, pixels: Tensor<4>, epsilon: f64) -> Tensor<2> {
    l2_normalise(encode(tower, pixels, epsilon).embeddings)
}

/// What the encoder makes of B images of P patches.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// `[B, D]`, not yet normalised.
    pub embeddings: Tensor<2>,
    /// `[B, W]`, the class tokens before the projection.
    pub class_tokens: Tensor<2>,
    /// `[B, P, W]`, as the last block leaves them.
    pub patches: Tensor<3>,
}

/// As [`forward`], with what lies before the embedding.
pub fn encode(tower: &VisionTransformer, pixels: Tensor<4>, epsilon: f64) -> Encoded {
    let x = tower.embed(pixels);
    let [batch, tokens, width] = x.dims();
    let x = normalised(&tower.ln_pre, x.reshape([batch * tokens, width]), epsilon); // [B·T, W]
    let block = |x, block| forward_block(block, x, batch, epsilon);
    let x = tower.blocks.iter().fold(x, block); // [B·T, W]
    let x = x.reshape([batch, tokens, width]);
    let class_tokens = x.clone().narrow(1, 0, 1).reshape([batch, width]);
    let class_tokens = normalised(&tower.ln_post, class_tokens, epsilon); // [B, W]
    let embeddings = tower.proj.forward(class_tokens.clone()); // [B, D]
    Encoded { embeddings, class_tokens, patches: x.narrow(1, 1, tokens - 1) }
}

/// `[B·T, W]` → `[B·T, W]`
fn forward_block(block: &ResidualAttentionBlock, x: Tensor<2>, batch: usize, epsilon: f64) -> Tensor<2> {
    let x = x.clone() + forward_attention(&block.attn, normalised(&block.ln_1, x, epsilon), batch);
    x.clone() + forward_mlp(&block.mlp, normalised(&block.ln_2, x, epsilon))
}

/// `[B·T, W]` → `[B·T, W]`
fn forward_attention(attn: &Attention, x: Tensor<2>, batch: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    let images = |x: Tensor<2>| x.reshape([batch, rows / batch, width]); // [B, T, W]
    let query = images(attn.query.forward(x.clone()));
    let key = images(attn.key.forward(x.clone()));
    let value = images(attn.value.forward(x));
    let mixed = attention(query, key, value, attn.heads); // [B, T, W]
    attn.out.forward(mixed.reshape([rows, width]))
}

/// `[B·T, W]` → `[B·T, W]`
fn forward_mlp(mlp: &Mlp, x: Tensor<2>) -> Tensor<2> {
    let x = mlp.c_fc.forward(x); // [B·T, M]
    let x = match mlp.activation {
        Activation::QuickGelu => quick_gelu(x),
        Activation::Gelu => gelu(x),
    };
    mlp.c_proj.forward(x)
}

/// `[N, W]` → `[N, W]`
fn normalised(norm: &LayerNorm, x: Tensor<2>, epsilon: f64) -> Tensor<2> {
    match &norm.beta {
        Some(beta) => layer_norm(x, norm.gamma.val(), beta.val(), epsilon),
        None => norm.forward(x),
    }
}
