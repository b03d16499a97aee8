//! Loading an encoder and embedding images for JavaScript.

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::to_js;
use crate::clip::{self, ImageEncoder, TowerBuilder, VisionConfig};
use crate::weights::{Header, TensorInfo};

/// Bytes from the beginning of a safetensors file to its first tensor.
///
/// `prefix` is the first 8 bytes of the file or more.
#[wasm_bindgen(js_name = headerLength)]
pub fn header_length(prefix: &[u8], file_bytes: f64) -> Result<f64, JsError> {
    Ok(Header::length(prefix, file_bytes as u64)? as f64)
}

/// An encoder under construction.
#[wasm_bindgen(js_name = TowerBuilder)]
pub struct JsTowerBuilder(TowerBuilder);

#[wasm_bindgen(js_class = TowerBuilder)]
impl JsTowerBuilder {
    /// On the CPU.
    #[wasm_bindgen(js_name = onCpu)]
    pub fn on_cpu(config_json: &str) -> Result<JsTowerBuilder, JsError> {
        Self::on(config_json, Device::flex())
    }

    /// On WebGPU.
    #[cfg(feature = "gpu")]
    #[wasm_bindgen(js_name = onWebGpu)]
    pub async fn on_webgpu(config_json: String) -> Result<JsTowerBuilder, JsError> {
        Self::on(&config_json, clip::webgpu_device().await?)
    }

    fn on(config_json: &str, device: Device) -> Result<JsTowerBuilder, JsError> {
        Ok(Self(TowerBuilder::new(VisionConfig::from_json(config_json)?, device)))
    }

    /// The tensors of a file that the encoder needs: `[{name, dtype, start, end}]`, bytes in the file.
    pub fn wanted(&self, header: &[u8], file_bytes: f64) -> Result<JsValue, JsError> {
        let header = Header::parse(header, file_bytes as u64)?;
        let wanted = self.0.wanted(&header)?;
        to_js(&wanted.into_iter().map(Part::from).collect::<Vec<_>>())
    }

    /// Hands in one tensor.
    pub fn insert(&mut self, name: &str, dtype: &str, bytes: &[u8]) -> Result<(), JsError> {
        Ok(self.0.insert(name, dtype, bytes)?)
    }

    /// Puts the encoder together.
    pub fn finish(self) -> Result<JsEncoder, JsError> {
        Ok(JsEncoder(self.0.finish()?))
    }
}

/// Where a tensor is in its file.
#[derive(Serialize)]
struct Part {
    name: String,
    dtype: String,
    start: u64,
    end: u64,
}

impl From<&TensorInfo> for Part {
    fn from(tensor: &TensorInfo) -> Self {
        Self {
            name: tensor.name.clone(),
            dtype: tensor.dtype.clone(),
            start: tensor.bytes.start,
            end: tensor.bytes.end,
        }
    }
}

/// A loaded encoder.
#[wasm_bindgen(js_name = Encoder)]
pub struct JsEncoder(ImageEncoder);

/// What the page shows of an encoder.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EncoderInfo<'config> {
    parameters: usize,
    bytes: usize,
    #[serde(flatten)]
    config: &'config VisionConfig,
}

#[wasm_bindgen(js_class = Encoder)]
impl JsEncoder {
    /// Shape and size of the network.
    pub fn info(&self) -> Result<JsValue, JsError> {
        let config = self.0.config();
        let parameters = config.parameters();
        to_js(&EncoderInfo { parameters, bytes: parameters * size_of::<f32>(), config })
    }

    /// Embeds images: `[B, 3, S, S]` → `[B, D]`, rows of length 1.
    pub async fn embed(&self, pixels: Vec<f32>) -> Result<Vec<f32>, JsError> {
        Ok(self.0.embed(pixels).await?)
    }
}

/// Two images for the self-check, `[2, 3, S, S]`.
#[wasm_bindgen(js_name = knownImages)]
pub fn known_images(image_size: usize) -> Vec<f32> {
    clip::known_images(image_size)
}

/// The lower cosine between the embeddings of the known images on the CPU and on another device.
#[wasm_bindgen(js_name = agreement)]
pub fn agreement(trusted: &[f32], found: &[f32]) -> Result<f32, JsError> {
    Ok(clip::agreement(trusted, found)?)
}
