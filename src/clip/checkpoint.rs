//! From the tensors of a checkpoint to an encoder.

use std::collections::HashMap;

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};
use half::{bf16, f16};

use super::image_encoder::Network;
use super::layout::{Form, Source};
use super::resnet_builder::ResNetBuilder;
use super::vision_transformer::{Attention, Mlp, ResidualAttentionBlock};
use super::{Architecture, FusedTransformer, ImageEncoder, TowerPlan, VisionConfig, VisionTransformer};
use crate::weights::Dtype;
use crate::{Error, Result};

/// Builds an [`ImageEncoder`] from tensors that are handed in one by one, in any order.
///
/// Half-precision weights become F32.
pub struct TowerBuilder {
    plan: TowerPlan,
    device: Device,
    /// Where the weights wait until they are packed.
    staging: Device,
    /// Under their names in transformers' layout, or a ResNet's own.
    tensors: HashMap<String, Tensor<1>>,
}

impl TowerBuilder {
    /// Starts an encoder on `device`.
    pub fn new(plan: TowerPlan, device: Device) -> Self {
        let staging = if device.is_autodiff() { device.clone() } else { Device::flex() };
        Self { plan, device, staging, tensors: HashMap::new() }
    }

    /// Hands in one tensor of [`TowerPlan::tensors`].
    ///
    /// - `dtype`: as in the file's header, one of "F32", "F16", "BF16"
    /// - `bytes`: little-endian elements, row-major
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if the tensor is unknown, was handed in before, has another length than
    /// expected, or holds a value that is not finite.
    pub fn insert(&mut self, name: &str, dtype: &str, bytes: &[u8]) -> Result<()> {
        let dtype = parse_dtype(name, dtype)?;
        let Source { shape, parts, .. } = self.plan.source(name)?;
        check_length(name, dtype, shape, bytes.len() as u64)?;
        let values = to_f32(dtype, bytes);
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let value = values[at];
            return Err(Error::Checkpoint(format!(
                "tensor {name} holds {value} at element {at}; weights must be finite"
            )));
        }
        let values =
            Tensor::<1>::from_data(TensorData::new(values, [shape.iter().product::<usize>()]), &self.staging);
        for (part, form) in parts {
            if self.tensors.insert(part.clone(), form.take(values.clone(), shape)).is_some() {
                return Err(Error::Checkpoint(format!("tensor {name} is there twice")));
            }
        }
        Ok(())
    }

    /// Puts the encoder together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(mut self) -> Result<ImageEncoder> {
        let architecture = self.plan.config().clone();
        let network = match &architecture {
            Architecture::Transformer(config) => {
                let tower = self.tower(config)?;
                Network::Transformer(Box::new(FusedTransformer::new(
                    tower,
                    config.layer_norm_eps,
                    &self.device,
                )?))
            }
            Architecture::ResNet(config) => {
                let builder = ResNetBuilder { tensors: self.tensors, device: &self.device };
                Network::ResNet(Box::new(builder.build(config)?))
            }
        };
        Ok(ImageEncoder::new(network, architecture, self.device))
    }

    /// The bare network, on the CPU; its tensors are taken out of the builder.
    pub(crate) fn tower(&mut self, config: &VisionConfig) -> Result<VisionTransformer> {
        let VisionConfig { width, embed_dim, patch_size, layers, .. } = *config;
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
        let mut norm = LayerNormConfig::new(width).with_epsilon(config.layer_norm_eps).init(&self.staging);
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

fn parse_dtype(name: &str, dtype: &str) -> Result<Dtype> {
    Dtype::parse(dtype).ok_or_else(|| {
        Error::Checkpoint(format!("tensor {name} is stored as {dtype}; accepted are F32, F16 and BF16"))
    })
}

fn check_length(name: &str, dtype: Dtype, shape: &[usize], found: u64) -> Result<()> {
    let expected = (shape.iter().product::<usize>() * dtype.size()) as u64;
    if found == expected {
        return Ok(());
    }
    Err(Error::Checkpoint(format!(
        "tensor {name} has {found} bytes; {shape:?} in {dtype:?} takes {expected}"
    )))
}

pub(super) fn missing(name: &str, shape: &[usize]) -> Error {
    Error::Checkpoint(format!("tensor {name} {shape:?}, which the encoder needs, was not handed in"))
}

fn to_f32(dtype: Dtype, bytes: &[u8]) -> Vec<f32> {
    match dtype {
        Dtype::F32 => bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
        Dtype::F16 => bytes.as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect(),
        Dtype::BF16 => bytes.as_chunks().0.iter().map(|two| bf16::from_le_bytes(*two).to_f32()).collect(),
    }
}
