//! CLIP's Vision Transformer on packed weights and fused operations: what runs when images are embedded.

use burn::tensor::Tensor;

use crate::Result;
use crate::encoder::vit::builder::VitBuilder;
use crate::encoder::vit::layer::Neck;
use crate::encoder::vit::tensor::{BlockLayer, VitLayer};
use crate::encoder::{Activation, CameraEmbedding, Feature, Pooling, VitConfig};
use crate::kernels::{self, BlockLinear, Finish, PackedLinear, PackedNorm};

/// [`crate::encoder::VisionTransformer`] in five operations a block.
///
/// Shapes as there: B images, S pixels a side, T tokens, W `width`, M `mlp_width`, D `embed_dim`, C cameras.
#[derive(Debug)]
pub struct FusedTransformer {
    patch_embedding: PackedLinear,
    /// `[T, W]`; the class embedding is added to the first row.
    positional_embedding: Tensor<2>,
    cameras: Option<Cameras>,
    ln_pre: Option<PackedNorm>,
    blocks: Vec<FusedBlock>,
    pooling: Pooling,
    ln_post: PackedNorm,
    /// Where there is none, the embedding is what is pooled.
    proj: Option<PackedLinear>,
    head: Head,
    patch_size: usize,
    stride: usize,
}

/// What is added to the class token of an image, by its camera.
#[derive(Debug)]
struct Cameras {
    /// `[C, W]`
    embeddings: Tensor<2>,
    coefficient: f32,
}

/// What follows the pooling.
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
    pub(crate) fn new(config: &VitConfig, layers: &mut VitBuilder) -> Result<Self> {
        Ok(Self {
            patch_embedding: layers.projection(VitLayer::PatchEmbedding)?,
            positional_embedding: layers.embeddings(VitLayer::Tokens)?,
            cameras: Cameras::new(config, layers)?,
            ln_pre: match config.has_ln_pre() {
                true => Some(layers.norm(VitLayer::LnPre)?),
                false => None,
            },
            blocks: (0..config.layers)
                .map(|layer| FusedBlock::new(config, layers, layer))
                .collect::<Result<_>>()?,
            ln_post: layers.norm(VitLayer::LnPost)?,
            pooling: config.pooling,
            proj: match config.has_projection() {
                true => Some(layers.projection(VitLayer::Projection)?),
                false => None,
            },
            head: match config.feature {
                Feature::Projection | Feature::Pooled => Head::Projection,
                Feature::Concatenated => Head::Concatenated,
                Feature::Neck => Head::Neck(Box::new(layers.neck()?)),
            },
            patch_size: config.patch_size,
            stride: config.stride(),
        })
    }

    /// Number of weights that take 2 bytes.
    pub fn half_weights(&self) -> usize {
        let blocks = self.linears().map(BlockLinear::half_weights);
        let others = [Some(&self.patch_embedding), self.proj.as_ref()].into_iter().flatten();
        blocks.chain(others.map(PackedLinear::half_weights)).sum()
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
    /// - `cameras`: of each image, where the network has embeddings of cameras
    /// - returns `[B, D]` of any length, D = [`VitConfig::output_dim`]
    pub fn forward(&self, pixels: Tensor<4>, cameras: &[usize]) -> Tensor<2> {
        let tokens = self.patch_embedding.patches(
            pixels,
            self.positional_embedding.clone(),
            [self.patch_size, self.stride],
        ); // [B, T, W]
        let tokens = self.cameras.iter().fold(tokens, |tokens, all| all.add_to(tokens, cameras));
        let [batch, count, width] = tokens.dims();
        let x = tokens.reshape([batch * count, width]); // [B·T, W]
        let x = self.ln_pre.iter().fold(x, |x, norm| norm.forward(x));
        match self.pooling {
            Pooling::ClassToken => self.head(self.class_tokens(x, batch)),
            Pooling::NormOfMean => self.head(mean_of_patches(self.all_tokens(x, batch), batch)),
            Pooling::MeanOfNorms => {
                let x = self.ln_post.forward(self.all_tokens(x, batch));
                self.head_of_normed(mean_of_patches(x, batch))
            }
        } // [B, D]
    }

    /// What the blocks make of the class tokens: `[B·T, W]` → `[B, W]`
    fn class_tokens(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        match self.blocks.split_last() {
            Some((last, others)) => {
                let x = others.iter().fold(x, |x, block| block.forward(x, batch)); // [B·T, W]
                last.class_tokens(x, batch)
            }
            None => first_tokens(x, batch),
        }
    }

    /// `[B·T, W]` → `[B·T, W]`
    fn all_tokens(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        self.blocks.iter().fold(x, |x, block| block.forward(x, batch))
    }

    /// `[B, W]` → `[B, D]`
    fn head(&self, class_tokens: Tensor<2>) -> Tensor<2> {
        let Some(proj) = &self.proj else { return self.ln_post.forward(class_tokens) };
        let projection = proj.forward(class_tokens.clone(), &self.ln_post, Finish::None);
        match &self.head {
            Head::Projection => projection,
            Head::Concatenated | Head::Neck(_) => self.beside(self.ln_post.forward(class_tokens), projection),
        }
    }

    /// `[B, W]` after the layer norm → `[B, D]`
    fn head_of_normed(&self, pooled: Tensor<2>) -> Tensor<2> {
        let Some(proj) = &self.proj else { return pooled };
        let projection = proj.apply(pooled.clone(), Finish::None);
        match &self.head {
            Head::Projection => projection,
            Head::Concatenated | Head::Neck(_) => self.beside(pooled, projection),
        }
    }

    /// `[B, W]`, `[B, D]` → `[B, W + D]`
    fn beside(&self, pooled: Tensor<2>, projection: Tensor<2>) -> Tensor<2> {
        let both = Tensor::cat(vec![pooled, projection], 1);
        match &self.head {
            Head::Neck(neck) => both * neck.scale.clone() + neck.shift.clone(),
            Head::Projection | Head::Concatenated => both,
        }
    }
}

impl Cameras {
    fn new(config: &VitConfig, layers: &mut VitBuilder) -> Result<Option<Self>> {
        let Some(CameraEmbedding { coefficient, .. }) = config.camera_embedding else { return Ok(None) };
        Ok(Some(Self { embeddings: layers.embeddings(VitLayer::CameraEmbedding)?, coefficient }))
    }

    /// Adds to each class token the embedding of the image's camera: `[B, T, W]` → `[B, T, W]`
    fn add_to(&self, tokens: Tensor<3>, cameras: &[usize]) -> Tensor<3> {
        let [batch, count, width] = tokens.dims();
        let rows = cameras.iter().map(|camera| self.embeddings.clone().narrow(0, *camera, 1));
        let added = Tensor::cat(rows.collect(), 0) * self.coefficient; // [B, W]
        let class = tokens.clone().narrow(1, 0, 1) + added.reshape([batch, 1, width]);
        Tensor::cat(vec![class, tokens.narrow(1, 1, count - 1)], 1)
    }
}

impl FusedBlock {
    fn new(config: &VitConfig, layers: &mut VitBuilder, layer: usize) -> Result<Self> {
        let at = |part: BlockLayer| VitLayer::Block(layer, part);
        Ok(Self {
            ln_1: layers.norm(at(BlockLayer::Ln1))?,
            in_proj: layers.linear(at(BlockLayer::AttentionIn))?,
            out_proj: layers.linear(at(BlockLayer::AttentionOut))?,
            heads: config.heads,
            ln_2: layers.norm(at(BlockLayer::Ln2))?,
            c_fc: layers.linear(at(BlockLayer::MlpIn))?,
            activation: match config.activation {
                Activation::QuickGelu => Finish::QuickGelu,
                Activation::Gelu => Finish::Gelu,
            },
            c_proj: layers.linear(at(BlockLayer::MlpOut))?,
        })
    }

    fn linears(&self) -> [&BlockLinear; 4] {
        [&self.in_proj, &self.out_proj, &self.c_fc, &self.c_proj]
    }

    /// `[B·T, W]` → `[B·T, W]`
    fn forward(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let mixed = self.attention(x.clone(), batch);
        self.mlp(mixed, x)
    }

    /// What [`FusedBlock::forward`] makes of the class tokens, for which the other tokens count in the attention
    /// only: `[B·T, W]` → `[B, W]`
    fn class_tokens(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let mixed = self.attention(x.clone(), batch);
        self.mlp(first_tokens(mixed, batch), first_tokens(x, batch))
    }

    /// Attention before its projection: `[B·T, W]` → `[B·T, W]`
    fn attention(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let [rows, width] = x.dims();
        let qkv = self.in_proj.forward(x, &self.ln_1, Finish::None); // [B·T, 3W]
        let mixed = kernels::attention(qkv.reshape([batch, rows / batch, 3 * width]), self.heads); // [B, T, W]
        mixed.reshape([rows, width])
    }

    /// The projection of the attention and the MLP, for R rows: `[R, W]`, `[R, W]` → `[R, W]`
    fn mlp(&self, mixed: Tensor<2>, x: Tensor<2>) -> Tensor<2> {
        let x = self.out_proj.add_to(mixed, x);
        let hidden = self.c_fc.forward(x.clone(), &self.ln_2, self.activation); // [R, M]
        self.c_proj.add_to(hidden, x)
    }
}

/// `[B·T, W]` → `[B, W]`
fn first_tokens(x: Tensor<2>, batch: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    x.reshape([batch, rows / batch, width]).narrow(1, 0, 1).squeeze_dim(1)
}

/// `[B·T, W]` → `[B, W]`, without the class tokens
fn mean_of_patches(x: Tensor<2>, batch: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    let count = rows / batch;
    x.reshape([batch, count, width]).narrow(1, 1, count - 1).mean_dim(1).squeeze_dim(1)
}
