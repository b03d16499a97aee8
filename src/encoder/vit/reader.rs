//! From the tensors of a checkpoint to the bare network, which can be trained.

use std::collections::HashMap;

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::naming::layout::{Form, Source};
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::tower_builder::missing;
use crate::encoder::vit::reference::{Attention, Mlp, ResidualAttentionBlock};
use crate::encoder::{Feature, Pooling, TowerPlan, VisionConfig, VisionTransformer};
use crate::{Error, Result};

/// Collects tensors that are handed in one by one, in any order, and makes a [`VisionTransformer`] of them.
pub(crate) struct TowerReader {
    plan: TowerPlan,
    device: Device,
    /// Under their names in transformers' layout.
    tensors: HashMap<String, Tensor<1>>,
}

impl TowerReader {
    /// Starts a network on `device`.
    pub fn new(plan: TowerPlan, device: Device) -> Self {
        Self { plan, device, tensors: HashMap::new() }
    }

    /// Hands in one tensor, as [`crate::encoder::TowerBuilder::insert`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn insert(&mut self, name: &str, dtype: &str, bytes: &[u8]) -> Result<()> {
        let Source { shape, parts, .. } = self.plan.source(name)?;
        let stored = StoredTensor::new(name, dtype, shape, bytes)?;
        let mut values = Vec::new();
        stored.for_each_row(0..shape[0], |row| values.extend_from_slice(row));
        let values =
            Tensor::<1>::from_data(TensorData::new(values, [shape.iter().product::<usize>()]), &self.device);
        for (part, form) in parts {
            if self.tensors.insert(part.clone(), form.take(values.clone(), shape)).is_some() {
                return Err(Error::Checkpoint(format!("tensor {name} appears twice")));
            }
        }
        Ok(())
    }

    /// Puts the network together.
    ///
    /// - `config`: that of the plan
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(mut self, config: &VisionConfig) -> Result<VisionTransformer> {
        let VisionConfig { width, embed_dim, patch_size, layers, .. } = *config;
        if *config != plain(config) {
            return Err(Error::Config(format!(
                "the network is not CLIP's own ({config:?}), expected one that can be trained: patches side by side, a layer norm \
                 before the blocks, and the projected class token"
            )));
        }
        Ok(VisionTransformer {
            patch_embedding: self.projection(
                "vision_model.embeddings.patch_embedding.weight",
                [width, 3 * patch_size * patch_size],
            )?,
            class_embedding: self.param("vision_model.embeddings.class_embedding", [width])?,
            positional_embedding: self
                .param("vision_model.embeddings.position_embedding.weight", [config.tokens(), width])?,
            ln_pre: self.layer_norm("vision_model.pre_layrnorm", config)?,
            blocks: (0..layers).map(|layer| self.block(layer, config)).collect::<Result<_>>()?,
            ln_post: self.layer_norm("vision_model.post_layernorm", config)?,
            proj: self.projection("visual_projection.weight", [embed_dim, width])?,
            patch_size,
        })
    }

    fn block(&mut self, layer: usize, config: &VisionConfig) -> Result<ResidualAttentionBlock> {
        let VisionConfig { width, mlp_width, heads, activation, .. } = *config;
        let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        Ok(ResidualAttentionBlock {
            ln_1: self.layer_norm(&at("layer_norm1"), config)?,
            attn: Attention {
                query: self.linear(&at("self_attn.q_proj"), [width, width])?,
                key: self.linear(&at("self_attn.k_proj"), [width, width])?,
                value: self.linear(&at("self_attn.v_proj"), [width, width])?,
                out: self.linear(&at("self_attn.out_proj"), [width, width])?,
                heads,
            },
            ln_2: self.layer_norm(&at("layer_norm2"), config)?,
            mlp: Mlp {
                c_fc: self.linear(&at("mlp.fc1"), [mlp_width, width])?,
                c_proj: self.linear(&at("mlp.fc2"), [width, mlp_width])?,
                activation,
            },
        })
    }

    fn layer_norm(&mut self, name: &str, config: &VisionConfig) -> Result<LayerNorm> {
        let width = config.width;
        let mut norm = LayerNormConfig::new(width).with_epsilon(config.layer_norm_eps).init(&self.device);
        norm.gamma = self.param(&format!("{name}.weight"), [width])?;
        norm.beta = Some(self.param(&format!("{name}.bias"), [width])?);
        Ok(norm)
    }

    /// `shape` is PyTorch's `[out, in]`.
    fn linear(&mut self, name: &str, shape: [usize; 2]) -> Result<Linear> {
        let mut linear = self.projection(&format!("{name}.weight"), shape)?;
        linear.bias = Some(self.param(&format!("{name}.bias"), [shape[0]])?);
        Ok(linear)
    }

    fn projection(&mut self, name: &str, shape: [usize; 2]) -> Result<Linear> {
        let weight = self.take(name, shape)?.transpose(); // [in, out]
        Ok(Linear { weight: Param::from_tensor(weight), bias: None })
    }

    fn param<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Param<Tensor<D>>> {
        Ok(Param::from_tensor(self.take(name, shape)?))
    }

    fn take<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Tensor<D>> {
        match self.tensors.remove(name) {
            Some(tensor) => Ok(tensor.reshape(shape)),
            None => Err(missing(name, &shape)),
        }
    }
}

impl Form {
    /// The tensor of the encoder, row-major.
    ///
    /// - `values`: of the file's tensor
    fn take(&self, values: Tensor<1>, shape: &[usize]) -> Tensor<1> {
        match self {
            Self::Whole => values,
            Self::Rows(rows) => {
                let row = shape[1..].iter().product::<usize>();
                values.narrow(0, rows.start * row, rows.len() * row)
            }
            Self::Transposed => values.reshape([shape[0], shape[1]]).transpose().reshape([-1]),
        }
    }
}

/// The same shape as CLIP has it.
fn plain(config: &VisionConfig) -> VisionConfig {
    VisionConfig {
        overlap: 0,
        feature: Feature::Projection,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
        ..config.clone()
    }
}
