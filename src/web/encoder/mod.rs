//! Loading an encoder and embedding images for JavaScript.

mod checkpoint_reader;
mod checks;
mod peak;

use std::ops::Range;

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{JsError, to_js};
use crate::encoder::{Assumption, CameraEmbedding, ConfigFile, ImageEncoder, TowerBuilder, TowerPlan};
use crate::weights::{self, TensorInfo};
use crate::{Error, Result};
use checkpoint_reader::{JsCheckpointReader, Span};

/// The image tower of a weight file.
#[wasm_bindgen(js_name = TowerPlan)]
pub struct JsTowerPlan {
    plan: TowerPlan,
    /// The weight file's name.
    file: String,
}

/// What the page shows of a plan.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanInfo<'plan> {
    layout: &'static str,
    preprocessor: &'plan str,
    assumptions: &'plan [Assumption],
}

#[wasm_bindgen(js_class = TowerPlan)]
impl JsTowerPlan {
    /// - `reader`: done; it is used up
    /// - `config`: text of `config.json` or `open_clip_config.json`, if there is one
    /// - `choices`: corrections of the assumptions, as JSON
    /// - `config_name`: what messages call the file of `config`
    /// - `pixels_name`: the file that says what to do with the pixels, if there is one: nothing is assumed about them
    ///   then
    #[wasm_bindgen(constructor)]
    pub fn new(
        reader: JsCheckpointReader,
        config: Option<String>,
        choices: Option<String>,
        config_name: Option<String>,
        pixels_name: Option<String>,
    ) -> Result<JsTowerPlan, JsError> {
        let file = reader.file().to_owned();
        let name = config_name.as_deref().unwrap_or("config.json");
        let config = config.as_deref().map(|text| ConfigFile { name, text });
        let plan = TowerPlan::new(&reader.header()?, config, choices.as_deref());
        let plan = plan.map_err(|error| of_weights(error, &file))?;
        let plan = match pixels_name {
            Some(name) => plan.with_own_pixels(&name)?,
            None => plan,
        };
        Ok(Self { plan, file })
    }

    /// What the page shows of it.
    #[wasm_bindgen(unchecked_return_type = "PlanInfo")]
    pub fn info(&self) -> Result<JsValue, JsError> {
        to_js(&PlanInfo {
            layout: self.plan.naming().name(),
            preprocessor: self.plan.preprocessor(),
            assumptions: self.plan.assumptions(),
        })
    }

    /// The tensors that the encoder needs, in the order of the file.
    #[wasm_bindgen(unchecked_return_type = "WeightPart[]")]
    pub fn parts(&self) -> Result<JsValue, JsError> {
        to_js(&self.plan.tensors().iter().map(Part::from).collect::<Vec<_>>())
    }

    /// These and the tensors that the encoder would need with other choices, likewise.
    #[wasm_bindgen(js_name = keptParts, unchecked_return_type = "WeightPart[]")]
    pub fn kept_parts(&self) -> Result<JsValue, JsError> {
        to_js(&self.plan.kept_tensors().iter().map(Part::from).collect::<Vec<_>>())
    }

    /// The beginning of a safetensors file with nothing but the kept tensors, under their names.
    pub fn header(&self) -> Vec<u8> {
        self.plan.subset().header
    }

    /// The beginning of such a file with F32 as F16; `toHalf` of each kept part follows it.
    #[wasm_bindgen(js_name = halfHeader)]
    pub fn half_header(&self) -> Vec<u8> {
        self.plan.half_header()
    }

    /// Bytes of the file which, following `header` in this order, make that smaller file.
    #[wasm_bindgen(unchecked_return_type = "Span[]")]
    pub fn blocks(&self) -> Result<JsValue, JsError> {
        let blocks = self.plan.subset().blocks.into_iter();
        to_js(&blocks.map(|Range { start, end }| Span { start, end }).collect::<Vec<_>>())
    }
}

/// An encoder under construction.
#[wasm_bindgen(js_name = TowerBuilder)]
pub struct JsTowerBuilder {
    builder: TowerBuilder,
    /// The weight file's name.
    file: String,
}

#[wasm_bindgen(js_class = TowerBuilder)]
impl JsTowerBuilder {
    /// On the CPU.
    #[wasm_bindgen(js_name = onCpu)]
    pub fn on_cpu(plan: JsTowerPlan) -> JsTowerBuilder {
        Self { builder: TowerBuilder::new(plan.plan, Device::flex()), file: plan.file }
    }

    /// On WebGPU.
    ///
    /// - `half_weights`: keep the weights of linear layers as F16 also if the file has them as F32 or BF16
    #[cfg(feature = "gpu")]
    #[wasm_bindgen(js_name = onWebGpu)]
    pub async fn on_webgpu(plan: JsTowerPlan, half_weights: Option<bool>) -> Result<JsTowerBuilder, JsError> {
        let device = crate::encoder::webgpu_device().await?;
        let builder = match half_weights {
            Some(true) => TowerBuilder::with_half_weights(plan.plan, device),
            _ => TowerBuilder::new(plan.plan, device),
        };
        Ok(Self { builder, file: plan.file })
    }

    /// Hands in one tensor.
    pub fn insert(&mut self, name: &str, dtype: &str, bytes: &[u8]) -> Result<(), JsError> {
        Ok(self.builder.insert(name, dtype, bytes).map_err(|error| of_weights(error, &self.file))?)
    }

    /// Puts the encoder together.
    pub fn finish(self) -> Result<JsEncoder, JsError> {
        Ok(JsEncoder(self.builder.finish().map_err(|error| of_weights(error, &self.file))?))
    }
}

/// An error about weights with their file's name; others name theirs already.
fn of_weights(error: Error, file: &str) -> Error {
    match error {
        Error::Checkpoint(_) => error.in_file(file),
        other => other,
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
struct EncoderInfo {
    parameters: usize,
    /// Length of an embedding.
    features: usize,
    /// Of the weights.
    bytes: usize,
    /// Of the largest tensor between two operations, for each image.
    largest_activation: usize,
    /// Number formats of weights and arithmetic.
    precision: &'static str,
    /// In words.
    architecture: String,
    /// Height and width of the input, in pixels.
    image_size: [usize; 2],
    /// Those that the weights were trained with.
    trained_size: [usize; 2],
    /// Whether each image needs its camera.
    needs_camera: bool,
}

#[wasm_bindgen(js_class = Encoder)]
impl JsEncoder {
    /// Shape and size of the network.
    #[wasm_bindgen(unchecked_return_type = "EncoderInfo")]
    pub fn info(&self) -> Result<JsValue, JsError> {
        let config = self.0.config();
        to_js(&EncoderInfo {
            parameters: config.parameters(),
            features: config.embed_dim(),
            bytes: self.0.bytes(),
            largest_activation: config.largest_activation(),
            precision: self.0.precision(),
            architecture: config.description(),
            image_size: config.image_size(),
            trained_size: config.trained_size(),
            needs_camera: self.0.cameras().is_some(),
        })
    }

    /// The names of the ways in which its device can compute its linear layers.
    pub fn kernels(&self) -> Vec<String> {
        self.0.kernels().into_iter().map(|kernel| kernel.name().into()).collect()
    }

    /// Uses one of them from now on; unknown names are ignored. Returns the number formats of weights and arithmetic.
    #[wasm_bindgen(js_name = setKernel)]
    pub fn set_kernel(&mut self, name: &str) -> String {
        if let Some(kernel) = self.0.kernels().into_iter().find(|kernel| kernel.name() == name) {
            self.0.set_kernel(kernel);
        }
        self.0.precision().into()
    }

    /// Embeds images: `[B, 3, H, W]` → `[B, D]`, rows of length 1.
    ///
    /// - `cameras`: the label of each image's camera, "" if unknown; only where it `needsCamera`
    pub async fn embed(&self, pixels: Vec<f32>, cameras: Option<Vec<String>>) -> Result<Vec<f32>, JsError> {
        let labels = cameras.unwrap_or_default();
        let known = |label: &String| Some(label.clone()).filter(|label| !label.is_empty());
        let index =
            |all: CameraEmbedding| labels.iter().map(move |label| all.index_of(known(label).as_deref()));
        let cameras = self.0.cameras().into_iter().flat_map(index).collect::<Result<Vec<_>>>()?;
        Ok(self.0.embed_with_cameras(pixels, &cameras).await?)
    }

    /// Embeds images that only check or measure it, whatever their cameras.
    #[wasm_bindgen(js_name = embedAsACheck)]
    pub async fn embed_as_a_check(&self, pixels: Vec<f32>) -> Result<Vec<f32>, JsError> {
        Ok(self.0.embed_as_a_check(pixels).await?)
    }
}

/// The elements of a tensor, F32 rounded to F16.
#[wasm_bindgen(js_name = toHalf)]
pub fn to_half(name: &str, dtype: &str, bytes: &[u8]) -> Result<Vec<u8>, JsError> {
    Ok(weights::to_half(name, dtype, bytes)?)
}
