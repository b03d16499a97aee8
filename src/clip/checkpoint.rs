//! From the tensors of a checkpoint to an encoder.

use std::collections::{BTreeMap, HashMap};

use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor, TensorData};
use half::{bf16, f16};

use super::vision_transformer::{Attention, Mlp, ResidualAttentionBlock};
use super::{ImageEncoder, VisionConfig, VisionTransformer};
use crate::weights::{Dtype, Header, TensorInfo};
use crate::{Error, Result};

/// Builds an [`ImageEncoder`] from tensors that are handed in one by one, in any order.
///
/// The layout is that of transformers' `CLIPVisionModelWithProjection`; the text tower of a whole CLIP
/// model is left out. Half-precision weights become F32.
pub struct TowerBuilder {
    config: VisionConfig,
    device: Device,
    /// Where the weights wait until they are packed.
    staging: Device,
    expected: BTreeMap<String, Vec<usize>>,
    tensors: HashMap<String, Tensor<1>>,
}

impl TowerBuilder {
    /// Starts an encoder of the shape `config` on `device`.
    pub fn new(config: VisionConfig, device: Device) -> Self {
        let expected = expected_tensors(&config);
        let staging = if device.is_autodiff() { device.clone() } else { Device::flex() };
        Self { config, device, staging, expected, tensors: HashMap::new() }
    }

    /// The tensors of a file that the encoder needs, in the order of the file.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that is missing, unknown, or of another shape,
    /// number format or length than expected.
    pub fn wanted<'header>(&self, header: &'header Header) -> Result<Vec<&'header TensorInfo>> {
        let mut wanted = Vec::new();
        for tensor in header.tensors.iter().filter(|tensor| !is_outside_tower(&tensor.name)) {
            self.check(tensor)?;
            wanted.push(tensor);
        }
        let is_there = |name: &String| wanted.iter().any(|tensor| tensor.name == *name);
        match self.expected.iter().find(|(name, _)| !is_there(name)) {
            None => Ok(wanted),
            Some((name, shape)) => Err(missing(name, shape, header.tensors.len())),
        }
    }

    fn check(&self, tensor: &TensorInfo) -> Result<()> {
        let TensorInfo { name, dtype, shape, bytes } = tensor;
        let expected = self.expected_shape(name)?;
        if shape != expected {
            return Err(Error::Checkpoint(format!(
                "tensor {name} has the shape {shape:?}; config.json asks for {expected:?}"
            )));
        }
        let dtype = parse_dtype(name, dtype)?;
        check_length(name, dtype, expected, bytes.end - bytes.start)
    }

    fn expected_shape(&self, name: &str) -> Result<&Vec<usize>> {
        self.expected.get(name).ok_or_else(|| {
            Error::Checkpoint(format!(
                "tensor {name} does not belong to a CLIP image encoder of {} layers in transformers' layout \
                 (vision_model.…, visual_projection.weight)",
                self.config.layers
            ))
        })
    }

    /// Hands in one tensor.
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
        let shape = self.expected_shape(name)?;
        check_length(name, dtype, shape, bytes.len() as u64)?;
        let values = to_f32(dtype, bytes);
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let value = values[at];
            return Err(Error::Checkpoint(format!(
                "tensor {name} holds {value} at element {at}; weights must be finite"
            )));
        }
        let data = TensorData::new(values, [shape.iter().product::<usize>()]);
        let tensor = Tensor::from_data(data, &self.staging);
        match self.tensors.insert(name.to_owned(), tensor) {
            None => Ok(()),
            Some(_) => Err(Error::Checkpoint(format!("tensor {name} is there twice"))),
        }
    }

    /// Puts the encoder together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(mut self) -> Result<ImageEncoder> {
        let model = self.tower()?;
        ImageEncoder::new(model, self.config, self.device)
    }

    /// The bare network, on the CPU; its tensors are taken out of the builder.
    pub(crate) fn tower(&mut self) -> Result<VisionTransformer> {
        let VisionConfig { width, embed_dim, patch_size, layers, .. } = self.config;
        Ok(VisionTransformer {
            patch_embedding: self.projection(
                "vision_model.embeddings.patch_embedding.weight",
                [width, 3 * patch_size * patch_size],
            )?,
            class_embedding: self.param("vision_model.embeddings.class_embedding", [width])?,
            positional_embedding: self
                .param("vision_model.embeddings.position_embedding.weight", [self.config.tokens(), width])?,
            ln_pre: self.layer_norm("vision_model.pre_layrnorm")?,
            blocks: (0..layers).map(|layer| self.block(layer)).collect::<Result<_>>()?,
            ln_post: self.layer_norm("vision_model.post_layernorm")?,
            proj: self.projection("visual_projection.weight", [embed_dim, width])?,
            patch_size,
        })
    }

    fn block(&mut self, layer: usize) -> Result<ResidualAttentionBlock> {
        let VisionConfig { width, mlp_width, heads, activation, .. } = self.config;
        let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        Ok(ResidualAttentionBlock {
            ln_1: self.layer_norm(&at("layer_norm1"))?,
            attn: Attention {
                query: self.linear(&at("self_attn.q_proj"), [width, width])?,
                key: self.linear(&at("self_attn.k_proj"), [width, width])?,
                value: self.linear(&at("self_attn.v_proj"), [width, width])?,
                out: self.linear(&at("self_attn.out_proj"), [width, width])?,
                heads,
            },
            ln_2: self.layer_norm(&at("layer_norm2"))?,
            mlp: Mlp {
                c_fc: self.linear(&at("mlp.fc1"), [mlp_width, width])?,
                c_proj: self.linear(&at("mlp.fc2"), [width, mlp_width])?,
                activation,
            },
        })
    }

    fn layer_norm(&mut self, name: &str) -> Result<LayerNorm> {
        let width = self.config.width;
        let mut norm =
            LayerNormConfig::new(width).with_epsilon(self.config.layer_norm_eps).init(&self.staging);
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
            None => Err(missing(name, &shape, self.tensors.len())),
        }
    }
}

/// Name and shape of every tensor of the image tower, as transformers stores them.
fn expected_tensors(config: &VisionConfig) -> BTreeMap<String, Vec<usize>> {
    let VisionConfig { width, mlp_width, embed_dim, patch_size, .. } = *config;
    let mut tensors: Vec<(String, Vec<usize>)> = vec![
        ("vision_model.embeddings.class_embedding".into(), vec![width]),
        ("vision_model.embeddings.patch_embedding.weight".into(), vec![width, 3, patch_size, patch_size]),
        ("vision_model.embeddings.position_embedding.weight".into(), vec![config.tokens(), width]),
        ("visual_projection.weight".into(), vec![embed_dim, width]),
    ];
    let mut with_bias = |name: String, weight: Vec<usize>| {
        tensors.push((format!("{name}.bias"), vec![weight[0]]));
        tensors.push((format!("{name}.weight"), weight));
    };
    with_bias("vision_model.pre_layrnorm".into(), vec![width]);
    with_bias("vision_model.post_layernorm".into(), vec![width]);
    for layer in 0..config.layers {
        let at = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        for norm in ["layer_norm1", "layer_norm2"] {
            with_bias(at(norm), vec![width]);
        }
        for proj in ["q_proj", "k_proj", "v_proj", "out_proj"] {
            with_bias(at(&format!("self_attn.{proj}")), vec![width, width]);
        }
        with_bias(at("mlp.fc1"), vec![mlp_width, width]);
        with_bias(at("mlp.fc2"), vec![width, mlp_width]);
    }
    tensors.into_iter().collect()
}

/// Whether a tensor of a whole CLIP model has no part in the image encoder.
///
/// `position_ids` is a counter that old versions of transformers stored.
fn is_outside_tower(name: &str) -> bool {
    name == "logit_scale"
        || name == "vision_model.embeddings.position_ids"
        || name.starts_with("text_model.")
        || name.starts_with("text_projection.")
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

fn missing(name: &str, shape: &[usize], tensors: usize) -> Error {
    Error::Checkpoint(format!(
        "tensor {name} {shape:?}, which config.json asks for, is missing among {tensors} tensors; \
         accepted is transformers' layout"
    ))
}

fn to_f32(dtype: Dtype, bytes: &[u8]) -> Vec<f32> {
    match dtype {
        Dtype::F32 => bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
        Dtype::F16 => bytes.as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect(),
        Dtype::BF16 => bytes.as_chunks().0.iter().map(|two| bf16::from_le_bytes(*two).to_f32()).collect(),
    }
}
