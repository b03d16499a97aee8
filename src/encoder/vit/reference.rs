//! CLIP's Vision Transformer.
//!
//! Source: openai/CLIP@dcba3cb `clip/model.py` (`VisionTransformer`, `ResidualAttentionBlock`); the names
//! of the parts are taken from there.

use burn::module::{Module, Param};
use burn::nn::{LayerNorm, Linear};
use burn::tensor::activation::{gelu, sigmoid, softmax};
use burn::tensor::{Device, Tensor};

use crate::encoder::Activation;

/// Image encoder: pixels to unit-length embeddings.
///
/// Shapes: B images, S pixels a side, P pixels a side of a patch, G = S / P patches a side,
/// T = G² + 1 tokens, W `width`, D `embed_dim`.
#[derive(Module, Debug)]
pub struct VisionTransformer {
    /// `[3·P·P, W]`, no bias: a convolution whose stride is its kernel.
    pub patch_embedding: Linear,
    /// `[W]`
    pub class_embedding: Param<Tensor<1>>,
    /// `[T, W]`
    pub positional_embedding: Param<Tensor<2>>,
    /// Before the blocks.
    pub ln_pre: LayerNorm,
    /// In the order of computation.
    pub blocks: Vec<ResidualAttentionBlock>,
    /// On the class token, after the blocks.
    pub ln_post: LayerNorm,
    /// `[W, D]`, no bias.
    pub proj: Linear,
    /// P
    pub patch_size: usize,
}

impl VisionTransformer {
    /// Encodes images.
    ///
    /// - `pixels`: `[B, 3, S, S]`, normalised
    /// - returns `[B, D]`, each row of length 1
    pub fn forward(&self, pixels: Tensor<4>) -> Tensor<2> {
        let x = self.embed(pixels); // [B, T, W]
        let x = self.ln_pre.forward(x);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x)); // [B, T, W]
        let class_token = x.narrow(1, 0, 1).squeeze_dim::<2>(1); // [B, W]
        let embedding = self.proj.forward(self.ln_post.forward(class_token)); // [B, D]
        l2_normalise(embedding)
    }

    /// Class token and patches plus the positional embedding: `[B, 3, S, S]` → `[B, T, W]`.
    pub(crate) fn embed(&self, pixels: Tensor<4>) -> Tensor<3> {
        let patches = self.patch_embedding.forward(self.patches(pixels)); // [B, G·G, W]
        let [batch, _, width] = patches.dims();
        let class = self.class_embedding.val().reshape([1, 1, width]).expand([batch, 1, width]);
        let tokens = Tensor::cat(vec![class, patches], 1); // [B, T, W]
        tokens + self.positional_embedding.val().unsqueeze()
    }

    /// Cuts images into flat patches: `[B, 3, S, S]` → `[B, G·G, 3·P·P]`, rows first.
    fn patches(&self, pixels: Tensor<4>) -> Tensor<3> {
        let [batch, channels, height, width] = pixels.dims();
        let patch = self.patch_size;
        let [down, across] = [height, width].map(|side| side / patch);
        pixels
            .narrow(2, 0, down * patch)
            .narrow(3, 0, across * patch)
            .reshape([batch, channels, down, patch, across, patch])
            .permute([0, 2, 4, 1, 3, 5]) // [B, G, G, 3, P, P]
            .reshape([batch, down * across, channels * patch * patch])
    }

    /// The device that the weights are on.
    pub fn device(&self) -> Device {
        self.class_embedding.device()
    }
}

/// One pre-norm transformer block.
#[derive(Module, Debug)]
pub struct ResidualAttentionBlock {
    /// Before the attention.
    pub ln_1: LayerNorm,
    /// Every token attends to every token.
    pub attn: Attention,
    /// Before the MLP.
    pub ln_2: LayerNorm,
    /// Every token on its own.
    pub mlp: Mlp,
}

impl ResidualAttentionBlock {
    /// `[B, T, W]` → `[B, T, W]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let x = x.clone() + self.attn.forward(self.ln_1.forward(x));
        x.clone() + self.mlp.forward(self.ln_2.forward(x))
    }
}

/// Multi-head self-attention.
#[derive(Module, Debug)]
pub struct Attention {
    /// `[W, W]`
    pub query: Linear,
    /// `[W, W]`
    pub key: Linear,
    /// `[W, W]`
    pub value: Linear,
    /// `[W, W]`
    pub out: Linear,
    /// H, divides W.
    pub heads: usize,
}

impl Attention {
    /// `[B, T, W]` → `[B, T, W]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, tokens, width] = x.dims();
        let scale = ((width / self.heads) as f64).powf(-0.5);
        let query = self.split(self.query.forward(x.clone())) * scale;
        let key = self.split(self.key.forward(x.clone()));
        let value = self.split(self.value.forward(x));
        let weights = softmax(query.matmul(key.transpose()), 3); // [B, H, T, T]
        let mixed = weights.matmul(value); // [B, H, T, W/H]
        self.out.forward(mixed.swap_dims(1, 2).reshape([batch, tokens, width]))
    }

    /// `[B, T, W]` → `[B, H, T, W/H]`
    fn split(&self, x: Tensor<3>) -> Tensor<4> {
        let [batch, tokens, width] = x.dims();
        x.reshape([batch, tokens, self.heads, width / self.heads]).swap_dims(1, 2)
    }
}

/// The two linear layers of a block.
#[derive(Module, Debug)]
pub struct Mlp {
    /// `[W, M]`
    pub c_fc: Linear,
    /// `[M, W]`
    pub c_proj: Linear,
    /// Between them.
    #[module(skip)]
    pub activation: Activation,
}

impl Mlp {
    /// `[B, T, W]` → `[B, T, W]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let x = self.c_fc.forward(x); // [B, T, M]
        let x = match self.activation {
            Activation::QuickGelu => x.clone() * sigmoid(x * 1.702),
            Activation::Gelu => gelu(x),
        };
        self.c_proj.forward(x)
    }
}

/// Scales each row to length 1: `[B, D]` → `[B, D]`.
pub(crate) fn l2_normalise(x: Tensor<2>) -> Tensor<2> {
    let length = (x.clone() * x.clone()).sum_dim(1).sqrt(); // [B, 1]
    x / length
}
