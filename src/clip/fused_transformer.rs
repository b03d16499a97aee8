//! CLIP's Vision Transformer on packed weights and fused operations: what runs when images are embedded.

use burn::tensor::Tensor;

use super::layer::Neck;
use super::layers::Layers;
use super::{Activation, Feature, VisionConfig};
use crate::Result;
use crate::kernels::{BlockLinear, Finish, PackedLinear, PackedNorm, attention};

/// [`super::VisionTransformer`] in five operations a block.
///
/// Shapes as there: B images, S pixels a side, T tokens, W `width`, D `embed_dim`.
#[derive(Debug)]
pub struct FusedTransformer {
    patch_embedding: PackedLinear,
    /// `[T, W]`; the class embedding is a part of the first.
    places: Tensor<2>,
    ln_pre: PackedNorm,
    blocks: Vec<FusedBlock>,
    ln_post: PackedNorm,
    proj: PackedLinear,
    head: Head,
    patch_size: usize,
}

/// What becomes of the class token.
#[derive(Debug)]
enum Head {
    Projection,
    Concatenated,
    Neck(Box<Neck>),
}

#[derive(Debug)]
struct FusedBlock {
    ln_1: PackedNorm,
    /// `[W, 3W]`: queries, keys and values.
    in_proj: BlockLinear,
    out_proj: BlockLinear,
    heads: usize,
    ln_2: PackedNorm,
    c_fc: BlockLinear,
    activation: Finish,
    c_proj: BlockLinear,
}

impl FusedTransformer {
    /// Puts the network together.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] names a layer that is not complete.
    pub(super) fn new(config: &VisionConfig, layers: &mut Layers) -> Result<Self> {
        Ok(Self {
            patch_embedding: layers.projection("vision_model.embeddings.patch_embedding")?,
            places: layers.places()?,
            ln_pre: layers.norm("vision_model.pre_layrnorm")?,
            blocks: (0..config.layers)
                .map(|layer| FusedBlock::new(config, layers, layer))
                .collect::<Result<_>>()?,
            ln_post: layers.norm("vision_model.post_layernorm")?,
            proj: layers.projection("visual_projection")?,
            head: match config.feature {
                Feature::Projection => Head::Projection,
                Feature::Concatenated => Head::Concatenated,
                Feature::Neck => Head::Neck(Box::new(layers.neck()?)),
            },
            patch_size: config.patch_size,
        })
    }

    /// Number of weights that take 2 bytes.
    pub fn half_weights(&self) -> usize {
        let blocks = self.linears().map(BlockLinear::half_weights);
        blocks.chain([&self.patch_embedding, &self.proj].map(PackedLinear::half_weights)).sum()
    }

    /// Number of weights that take 1 byte.
    pub fn integer_weights(&self) -> usize {
        self.linears().map(BlockLinear::integer_weights).sum()
    }

    /// Those of the blocks.
    fn linears(&self) -> impl Iterator<Item = &BlockLinear> {
        self.blocks.iter().flat_map(FusedBlock::linears)
    }

    /// Encodes images.
    ///
    /// - `pixels`: `[B, 3, S, S]`, normalised
    /// - returns `[B, D]` of any length, D = [`VisionConfig::features`]
    pub fn forward(&self, pixels: Tensor<4>) -> Tensor<2> {
        let tokens = self.patch_embedding.patches(pixels, self.places.clone(), self.patch_size); // [B, T, W]
        let [batch, count, width] = tokens.dims();
        let x = self.ln_pre.forward(tokens.reshape([batch * count, width])); // [B·T, W]
        let class_tokens = match self.blocks.split_last() {
            Some((last, others)) => {
                let x = others.iter().fold(x, |x, block| block.forward(x, batch)); // [B·T, W]
                last.class_tokens(x, batch)
            }
            None => first_tokens(x, batch),
        };
        self.head(class_tokens) // [B, D]
    }

    /// `[B, W]` → `[B, D]`
    fn head(&self, class_tokens: Tensor<2>) -> Tensor<2> {
        let projection = self.proj.forward(class_tokens.clone(), &self.ln_post, Finish::None);
        let both = || Tensor::cat(vec![self.ln_post.forward(class_tokens), projection.clone()], 1);
        match &self.head {
            Head::Projection => projection,
            Head::Concatenated => both(),
            Head::Neck(neck) => both() * neck.scale.clone() + neck.shift.clone(),
        }
    }
}

impl FusedBlock {
    fn new(config: &VisionConfig, layers: &mut Layers, layer: usize) -> Result<Self> {
        let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        Ok(Self {
            ln_1: layers.norm(&at("layer_norm1"))?,
            in_proj: layers.linear(&at("self_attn"))?,
            out_proj: layers.linear(&at("self_attn.out_proj"))?,
            heads: config.heads,
            ln_2: layers.norm(&at("layer_norm2"))?,
            c_fc: layers.linear(&at("mlp.fc1"))?,
            activation: match config.activation {
                Activation::QuickGelu => Finish::QuickGelu,
                Activation::Gelu => Finish::Gelu,
            },
            c_proj: layers.linear(&at("mlp.fc2"))?,
        })
    }

    fn linears(&self) -> [&BlockLinear; 4] {
        [&self.in_proj, &self.out_proj, &self.c_fc, &self.c_proj]
    }

    /// `[B·T, W]` → `[B·T, W]`
    fn forward(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let mixed = self.mix(x.clone(), batch);
        self.change(mixed, x)
    }

    /// What [`FusedBlock::forward`] makes of the class tokens, for which the other tokens count in the attention
    /// only: `[B·T, W]` → `[B, W]`
    fn class_tokens(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let mixed = self.mix(x.clone(), batch);
        self.change(first_tokens(mixed, batch), first_tokens(x, batch))
    }

    /// Attention before its projection: `[B·T, W]` → `[B·T, W]`
    fn mix(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let [rows, width] = x.dims();
        let qkv = self.in_proj.forward(x, &self.ln_1, Finish::None); // [B·T, 3W]
        let mixed = attention(qkv.reshape([batch, rows / batch, 3 * width]), self.heads); // [B, T, W]
        mixed.reshape([rows, width])
    }

    /// What each token becomes by itself: `[M, W]`, `[M, W]` → `[M, W]`
    fn change(&self, mixed: Tensor<2>, x: Tensor<2>) -> Tensor<2> {
        let x = self.out_proj.add_to(mixed, x);
        let hidden = self.c_fc.forward(x.clone(), &self.ln_2, self.activation); // [M, 4W]
        self.c_proj.add_to(hidden, x)
    }
}

/// `[B·T, W]` → `[B, W]`
fn first_tokens(x: Tensor<2>, batch: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    x.reshape([batch, rows / batch, width]).narrow(1, 0, 1).squeeze_dim(1)
}
