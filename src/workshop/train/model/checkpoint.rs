//! A trained encoder as transformers stores it, readable by this crate and by Python's
//! `CLIPVisionModelWithProjection.from_pretrained`.

use std::fs;
use std::path::Path;

use burn::nn::{LayerNorm, Linear};
use burn::tensor::{Device, Tensor};
use half::f16;
use serde_json::{Map, Value, json};

use crate::encoder::{
    Affine, BlockTensor, Naming, ResidualAttentionBlock, TowerPlan, TowerReader, VisionTransformer,
    VitConfig, VitTensor,
};
use crate::image::CLIP_MEAN_STD;
use crate::weights::{Dtype, Header};
use crate::workshop::train::files::{file_error, write, write_json};
use crate::{Error, Result};

/// Writes `model.safetensors` (F16), `config.json` and `preprocessor_config.json` into a folder.
///
/// # Errors
///
/// [`Error::File`] if a file cannot be written, [`Error::Device`] if the weights cannot be read.
pub fn write_checkpoint(folder: &Path, tower: &VisionTransformer, config: &VitConfig) -> Result<()> {
    write(&folder.join("model.safetensors"), &safetensors(tower, Dtype::F16)?)?;
    write_json(&folder.join("config.json"), &config_json(config))?;
    write_json(&folder.join("preprocessor_config.json"), &preprocessor_json(config.image_size[0]))
}

/// Reads weights that [`safetensors`] made.
///
/// # Errors
///
/// [`Error::File`] if the file cannot be read, [`Error::Checkpoint`] if it has other weights than
/// `config` asks for.
pub fn read_tower(path: &Path, config: &VitConfig, device: &Device) -> Result<VisionTransformer> {
    let bytes = fs::read(path).map_err(|source| file_error(path, source))?;
    let header = Header::parse(&bytes, bytes.len() as u64)?;
    let plan = TowerPlan::with_config(&header, config.clone())?;
    let mut reader = TowerReader::new(plan.clone(), device.clone());
    for tensor in plan.tensors() {
        let range = tensor.bytes.start as usize..tensor.bytes.end as usize;
        reader.insert(&tensor.name, &tensor.dtype, &bytes[range])?;
    }
    reader.finish(config)
}

/// The weights as a safetensors file.
///
/// # Errors
///
/// [`Error::Device`] if the weights cannot be read, [`Error::Training`] if one is not finite.
pub fn safetensors(tower: &VisionTransformer, dtype: Dtype) -> Result<Vec<u8>> {
    let mut file = File { dtype, header: Map::new(), bytes: Vec::new() };
    // PyTorch's loaders ask for this entry.
    file.header.insert("__metadata__".into(), json!({"format": "pt"}));
    file.tower(tower)?;
    let mut header = Value::Object(file.header).to_string();
    // Tensors are read in place: they begin at a multiple of 8 bytes.
    header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
    let length = (header.len() as u64).to_le_bytes();
    Ok([&length, header.as_bytes(), &file.bytes].concat())
}

/// A safetensors file that is being put together.
struct File {
    dtype: Dtype,
    header: Map<String, Value>,
    bytes: Vec<u8>,
}

impl File {
    fn tower(&mut self, tower: &VisionTransformer) -> Result<()> {
        let patch = tower.patch_size;
        let patches = tower.patch_embedding.weight.val().transpose(); // [W, 3·P·P]
        let [width, _] = patches.dims();
        let patches = patches.reshape([width, 3, patch, patch]);
        self.tensor(VitTensor::PatchEmbedding, patches)?;
        self.tensor(VitTensor::ClassToken, tower.class_embedding.val())?;
        self.tensor(VitTensor::PositionalEmbedding, tower.positional_embedding.val())?;
        self.layer_norm(VitTensor::LnPre, &tower.ln_pre)?;
        self.layer_norm(VitTensor::LnPost, &tower.ln_post)?;
        self.tensor(VitTensor::Projection, tower.proj.weight.val().transpose())?; // [out, in]
        tower.blocks.iter().enumerate().try_for_each(|(layer, block)| self.block(layer, block))
    }

    fn block(&mut self, layer: usize, block: &ResidualAttentionBlock) -> Result<()> {
        let at = |tensor: fn(Affine) -> BlockTensor| move |part| VitTensor::Block(layer, tensor(part));
        self.layer_norm(at(BlockTensor::Ln1), &block.ln_1)?;
        self.layer_norm(at(BlockTensor::Ln2), &block.ln_2)?;
        self.linear(at(BlockTensor::Query), &block.attn.query)?;
        self.linear(at(BlockTensor::Key), &block.attn.key)?;
        self.linear(at(BlockTensor::Value), &block.attn.value)?;
        self.linear(at(BlockTensor::AttentionOut), &block.attn.out)?;
        self.linear(at(BlockTensor::MlpIn), &block.mlp.c_fc)?;
        self.linear(at(BlockTensor::MlpOut), &block.mlp.c_proj)
    }

    fn layer_norm(&mut self, tensor: impl Fn(Affine) -> VitTensor, norm: &LayerNorm) -> Result<()> {
        self.tensor(tensor(Affine::Weight), norm.gamma.val())?;
        let bias = norm.beta.as_ref().map(|bias| self.tensor(tensor(Affine::Bias), bias.val()));
        bias.unwrap_or(Ok(()))
    }

    fn linear(&mut self, tensor: impl Fn(Affine) -> VitTensor, linear: &Linear) -> Result<()> {
        self.tensor(tensor(Affine::Weight), linear.weight.val().transpose())?; // [out, in]
        let bias = linear.bias.as_ref().map(|bias| self.tensor(tensor(Affine::Bias), bias.val()));
        bias.unwrap_or(Ok(()))
    }

    fn tensor<const D: usize>(&mut self, tensor: VitTensor, values: Tensor<D>) -> Result<()> {
        let name = Naming::Transformers.vit().name(tensor);
        let shape = values.dims();
        let values = values.into_data().try_into_vec::<f32>();
        let values = values.map_err(|cause| Error::Device(format!("{cause:?}")))?;
        if !values.iter().all(|value| value.is_finite()) {
            return Err(Error::Training(format!("the weights {name} are no longer finite")));
        }
        let start = self.bytes.len();
        match self.dtype {
            Dtype::F16 => self.bytes.extend(values.iter().flat_map(|x| f16::from_f32(*x).to_le_bytes())),
            _ => self.bytes.extend(values.iter().flat_map(|x| x.to_le_bytes())),
        }
        let offsets = [start, self.bytes.len()];
        let entry =
            json!({"dtype": format!("{:?}", self.dtype), "shape": shape.to_vec(), "data_offsets": offsets});
        self.header.insert(name, entry);
        Ok(())
    }
}

/// transformers' `CLIPVisionConfig`.
fn config_json(config: &VitConfig) -> Value {
    json!({
        "architectures": ["CLIPVisionModelWithProjection"],
        "model_type": "clip_vision_model",
        "hidden_size": config.width,
        "intermediate_size": config.mlp_width,
        "projection_dim": config.embed_dim,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_channels": 3,
        "image_size": config.image_size[0],
        "patch_size": config.patch_size,
        "hidden_act": config.activation,
        "layer_norm_eps": config.layer_norm_eps,
        "attention_dropout": 0.0,
        "torch_dtype": "float16",
    })
}

/// CLIP's own preprocessing at another size, in transformers' words.
fn preprocessor_json(image_size: usize) -> Value {
    let [mean, std] = CLIP_MEAN_STD;
    json!({
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": true,
        "do_resize": true,
        "size": {"shortest_edge": image_size},
        "resample": 3,
        "do_center_crop": true,
        "crop_size": {"height": image_size, "width": image_size},
        "do_rescale": true,
        "rescale_factor": 1.0 / 255.0,
        "do_normalize": true,
        "image_mean": mean,
        "image_std": std,
    })
}
