//! From the tensors of a checkpoint to the bare network, which can be trained.

use std::collections::HashMap;

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::family::NetworkTensor;
use crate::encoder::naming::source::{Arrangement, TensorSource};
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::tower_builder::missing;
use crate::encoder::vit::reference::{Attention, Mlp, ResidualAttentionBlock};
use crate::encoder::vit::tensor::{Affine, BlockTensor, VitTensor};
use crate::encoder::{Feature, Pooling, TowerPlan, VisionTransformer, VitConfig};
use crate::{Error, Result};

/// Collects tensors that are handed in one by one, in any order, and makes a [`VisionTransformer`] of them.
pub(crate) struct TowerReader {
    plan: TowerPlan,
    device: Device,
    tensors: HashMap<VitTensor, Tensor<1>>,
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
        let TensorSource { shape, parts, .. } = self.plan.source(name)?;
        let stored = StoredTensor::new(name, dtype, shape, bytes)?;
        let mut values = Vec::new();
        stored.for_each_row(0..shape[0], |row| values.extend_from_slice(row));
        let values =
            Tensor::<1>::from_data(TensorData::new(values, [shape.iter().product::<usize>()]), &self.device);
        for (tensor, arrangement) in parts {
            let NetworkTensor::Vit(tensor) = tensor else { continue };
            if self.tensors.insert(*tensor, arrangement.take(values.clone(), shape)).is_some() {
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
    pub fn finish(mut self, config: &VitConfig) -> Result<VisionTransformer> {
        let VitConfig { width, embed_dim, patch_size, layers, .. } = *config;
        if *config != plain(config) {
            return Err(Error::Config(format!(
                "the network is not CLIP's own ({config:?}), expected one that can be trained: patches side by side, \
                 a layer norm before the blocks, and the projected class token"
            )));
        }
        Ok(VisionTransformer {
            patch_embedding: self
                .projection(VitTensor::PatchEmbedding, [width, 3 * patch_size * patch_size])?,
            class_embedding: self.param(VitTensor::ClassToken, [width])?,
            positional_embedding: self.param(VitTensor::PositionalEmbedding, [config.tokens(), width])?,
            ln_pre: self.layer_norm(VitTensor::LnPre, config)?,
            blocks: (0..layers).map(|layer| self.block(layer, config)).collect::<Result<_>>()?,
            ln_post: self.layer_norm(VitTensor::LnPost, config)?,
            proj: self.projection(VitTensor::Projection, [embed_dim, width])?,
            patch_size,
        })
    }

    fn block(&mut self, layer: usize, config: &VitConfig) -> Result<ResidualAttentionBlock> {
        let VitConfig { width, mlp_width, heads, activation, .. } = *config;
        Ok(ResidualAttentionBlock {
            ln_1: self.layer_norm(|part| VitTensor::Block(layer, BlockTensor::Ln1(part)), config)?,
            attn: Attention {
                query: self
                    .linear(|part| VitTensor::Block(layer, BlockTensor::Query(part)), [width, width])?,
                key: self.linear(|part| VitTensor::Block(layer, BlockTensor::Key(part)), [width, width])?,
                value: self
                    .linear(|part| VitTensor::Block(layer, BlockTensor::Value(part)), [width, width])?,
                out: self.linear(
                    |part| VitTensor::Block(layer, BlockTensor::AttentionOut(part)),
                    [width, width],
                )?,
                heads,
            },
            ln_2: self.layer_norm(|part| VitTensor::Block(layer, BlockTensor::Ln2(part)), config)?,
            mlp: Mlp {
                c_fc: self
                    .linear(|part| VitTensor::Block(layer, BlockTensor::MlpIn(part)), [mlp_width, width])?,
                c_proj: self
                    .linear(|part| VitTensor::Block(layer, BlockTensor::MlpOut(part)), [width, mlp_width])?,
                activation,
            },
        })
    }

    fn layer_norm(&mut self, tensor: impl Fn(Affine) -> VitTensor, config: &VitConfig) -> Result<LayerNorm> {
        let width = config.width;
        let mut norm = LayerNormConfig::new(width).with_epsilon(config.layer_norm_eps).init(&self.device);
        norm.gamma = self.param(tensor(Affine::Weight), [width])?;
        norm.beta = Some(self.param(tensor(Affine::Bias), [width])?);
        Ok(norm)
    }

    /// `shape` is PyTorch's `[out, in]`.
    fn linear(&mut self, tensor: impl Fn(Affine) -> VitTensor, shape: [usize; 2]) -> Result<Linear> {
        let mut linear = self.projection(tensor(Affine::Weight), shape)?;
        linear.bias = Some(self.param(tensor(Affine::Bias), [shape[0]])?);
        Ok(linear)
    }

    fn projection(&mut self, tensor: VitTensor, shape: [usize; 2]) -> Result<Linear> {
        let weight = self.take(tensor, shape)?.transpose(); // [in, out]
        Ok(Linear { weight: Param::from_tensor(weight), bias: None })
    }

    fn param<const D: usize>(&mut self, tensor: VitTensor, shape: [usize; D]) -> Result<Param<Tensor<D>>> {
        Ok(Param::from_tensor(self.take(tensor, shape)?))
    }

    fn take<const D: usize>(&mut self, tensor: VitTensor, shape: [usize; D]) -> Result<Tensor<D>> {
        match self.tensors.remove(&tensor) {
            Some(values) => Ok(values.reshape(shape)),
            None => Err(missing(&format!("{tensor:?}"), &shape)),
        }
    }
}

impl Arrangement {
    /// The tensor of the network, row-major.
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
fn plain(config: &VitConfig) -> VitConfig {
    VitConfig {
        overlap: 0,
        feature: Feature::Projection,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
        ..config.clone()
    }
}
