//! CLIP's Vision Transformer on packed weights and fused operations: what runs when images are embedded.

use burn::nn::{LayerNorm, Linear};
use burn::tensor::{Device, Tensor};

use super::vision_transformer::{Attention, ResidualAttentionBlock, l2_normalise};
use super::{Activation, VisionTransformer};
use crate::kernels::{Finish, PackedLinear, PackedNorm, attention};
use crate::{Error, Result};

/// [`VisionTransformer`] in five operations a block.
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
    patch_size: usize,
}

#[derive(Debug)]
struct FusedBlock {
    ln_1: PackedNorm,
    /// `[W, 3W]`: queries, keys and values.
    in_proj: PackedLinear,
    out_proj: PackedLinear,
    heads: usize,
    ln_2: PackedNorm,
    c_fc: PackedLinear,
    activation: Finish,
    c_proj: PackedLinear,
}

impl FusedTransformer {
    /// Packs the weights of a tower; those of a block are given up as soon as they are packed.
    ///
    /// - `tower`: on the CPU
    /// - `epsilon`: of its layer norms
    /// - `device`: where the encoder shall run
    ///
    /// # Errors
    ///
    /// [`Error::Device`] if a weight cannot be read.
    pub fn new(tower: VisionTransformer, epsilon: f64, device: &Device) -> Result<Self> {
        let packing = Packing { epsilon, device };
        let class = numbers(tower.class_embedding.val())?;
        let mut places = numbers(tower.positional_embedding.val())?;
        places.iter_mut().zip(&class).for_each(|(place, class)| *place += class);
        let shape = [places.len() / class.len(), class.len()];
        Ok(Self {
            patch_embedding: packing.linear(&tower.patch_embedding)?,
            places: Tensor::<1>::from_data(places.as_slice(), device).reshape(shape),
            ln_pre: packing.norm(&tower.ln_pre)?,
            ln_post: packing.norm(&tower.ln_post)?,
            proj: packing.linear(&tower.proj)?,
            patch_size: tower.patch_size,
            blocks: tower.blocks.into_iter().map(|block| packing.block(&block)).collect::<Result<_>>()?,
        })
    }

    /// Encodes images.
    ///
    /// - `pixels`: `[B, 3, S, S]`, normalised
    /// - returns `[B, D]`, each row of length 1
    pub fn forward(&self, pixels: Tensor<4>) -> Tensor<2> {
        let tokens = self.patch_embedding.patches(pixels, self.places.clone(), self.patch_size); // [B, T, W]
        let [batch, count, width] = tokens.dims();
        let x = self.ln_pre.forward(tokens.reshape([batch * count, width])); // [B·T, W]
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x, batch)); // [B·T, W]
        let tokens = x.reshape([batch, count, width]);
        let class_tokens = tokens.narrow(1, 0, 1).squeeze_dim::<2>(1); // [B, W]
        l2_normalise(self.proj.forward(class_tokens, &self.ln_post, Finish::None)) // [B, D]
    }
}

impl FusedBlock {
    /// `[B·T, W]` → `[B·T, W]`
    fn forward(&self, x: Tensor<2>, batch: usize) -> Tensor<2> {
        let [rows, width] = x.dims();
        let qkv = self.in_proj.forward(x.clone(), &self.ln_1, Finish::None); // [B·T, 3W]
        let mixed = attention(qkv.reshape([batch, rows / batch, 3 * width]), self.heads); // [B, T, W]
        let x = self.out_proj.add_to(mixed.reshape([rows, width]), x);
        let hidden = self.c_fc.forward(x.clone(), &self.ln_2, self.activation); // [B·T, M]
        self.c_proj.add_to(hidden, x)
    }
}

/// What the layers are made with.
struct Packing<'a> {
    epsilon: f64,
    device: &'a Device,
}

impl Packing<'_> {
    fn block(&self, block: &ResidualAttentionBlock) -> Result<FusedBlock> {
        Ok(FusedBlock {
            ln_1: self.norm(&block.ln_1)?,
            in_proj: self.in_proj(&block.attn)?,
            out_proj: self.linear(&block.attn.out)?,
            heads: block.attn.heads,
            ln_2: self.norm(&block.ln_2)?,
            c_fc: self.linear(&block.mlp.c_fc)?,
            activation: match block.mlp.activation {
                Activation::QuickGelu => Finish::QuickGelu,
                Activation::Gelu => Finish::Gelu,
            },
            c_proj: self.linear(&block.mlp.c_proj)?,
        })
    }

    fn in_proj(&self, Attention { query, key, value, .. }: &Attention) -> Result<PackedLinear> {
        let parts = [query, key, value].map(parts).into_iter().collect::<Result<Vec<_>>>()?;
        let (weights, biases): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        Ok(PackedLinear::new(&weights.concat(), &biases.concat(), self.device))
    }

    fn linear(&self, layer: &Linear) -> Result<PackedLinear> {
        let (weight, bias) = parts(layer)?;
        Ok(PackedLinear::new(&weight, &bias, self.device))
    }

    fn norm(&self, norm: &LayerNorm) -> Result<PackedNorm> {
        let gamma = numbers(norm.gamma.val())?;
        let beta = norm.beta.as_ref().map(|beta| numbers(beta.val())).transpose()?;
        let beta = beta.unwrap_or_else(|| vec![0.0; gamma.len()]);
        Ok(PackedNorm::new(&gamma, &beta, self.epsilon, self.device))
    }
}

/// Weight `[out, in]` and bias `[out]`, zeros if there is none.
fn parts(layer: &Linear) -> Result<(Vec<f32>, Vec<f32>)> {
    let weight = layer.weight.val();
    let [_, out] = weight.dims();
    let bias = layer.bias.as_ref().map(|bias| numbers(bias.val())).transpose()?;
    Ok((numbers(weight.transpose())?, bias.unwrap_or_else(|| vec![0.0; out])))
}

pub(super) fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    tensor.into_data().try_into_vec::<f32>().map_err(|cause| Error::Device(format!("{cause:?}")))
}
