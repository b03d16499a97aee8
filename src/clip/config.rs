//! `config.json` of a CLIP model, as transformers writes and completes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::resnet_config::{self, LastStage};
use super::{Architecture, ResNetConfig};
use crate::{Error, Result};

/// The non-linearity between the two linear layers of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `x · sigmoid(1.702 x)`, of OpenAI's models.
    #[default]
    QuickGelu,
    /// `x · Φ(x)` with the exact error function, of most OpenCLIP models.
    Gelu,
}

impl Activation {
    /// As configurations call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::QuickGelu => "quick_gelu",
            Self::Gelu => "gelu",
        }
    }
}

/// What of a network the embedding is.
///
/// CLIP-ReID and CLIP-HandID call batch norms behind an encoder its neck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// The class token after its layer norm, projected: CLIP's embedding.
    #[default]
    Projection,
    /// The class token after its layer norm, then its projection.
    Concatenated,
    /// The same, each behind a batch norm.
    Neck,
}

impl Feature {
    /// As choices call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Projection => "projection",
            Self::Concatenated => "concatenated",
            Self::Neck => "neck",
        }
    }
}

/// Shape of a CLIP Vision Transformer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisionConfig {
    /// Height and width of the input, in pixels.
    pub image_size: [usize; 2],
    /// Those that the weights were trained with: for others the positional embedding is interpolated.
    pub trained_size: [usize; 2],
    /// Pixels a side of one patch; a remainder of the image at the right and bottom is not looked at.
    pub patch_size: usize,
    /// Length of a token.
    pub width: usize,
    /// Length of a token between the two linear layers of a block.
    pub mlp_width: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Attention heads of a block; divides `width`.
    pub heads: usize,
    /// Length of the projected class token.
    pub embed_dim: usize,
    /// What the embedding is.
    #[serde(default)]
    pub feature: Feature,
    /// Non-linearity of the blocks.
    pub activation: Activation,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f64,
}

/// The keys of transformers' `CLIPVisionConfig` that shape the network, with its defaults.
///
/// Source: huggingface/transformers v5.23.0 `models/clip/configuration_clip.py`.
#[derive(Deserialize)]
#[serde(default)]
struct VisionKeys {
    hidden_size: usize,
    intermediate_size: usize,
    projection_dim: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_channels: usize,
    image_size: Side,
    patch_size: Side,
    hidden_act: String,
    layer_norm_eps: f64,
}

impl Default for VisionKeys {
    fn default() -> Self {
        Self {
            hidden_size: 768,
            intermediate_size: 3072,
            projection_dim: 512,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            num_channels: 3,
            image_size: Side::Square(224),
            patch_size: Side::Square(32),
            hidden_act: "quick_gelu".into(),
            layer_norm_eps: 1e-5,
        }
    }
}

/// A side length, written as a number or as height and width.
#[derive(Deserialize)]
#[serde(untagged)]
enum Side {
    Square(usize),
    Pair([usize; 2]),
}

impl VisionConfig {
    /// Reads the text of a `config.json`.
    ///
    /// Accepted are a whole CLIP model (`"model_type": "clip"`, whose `vision_config` is taken) and a
    /// lone image tower (`"clip_vision_model"`). Omitted keys get transformers' defaults.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the text is no JSON object, describes another kind of model, or has values
    /// that no encoder can have.
    pub fn from_json(json: &str) -> Result<Self> {
        let root: Value = serde_json::from_str(json)
            .map_err(|cause| config_error(format!("it is not valid JSON ({cause})")))?;
        let vision = vision_section(&root)?;
        let mut keys = VisionKeys::deserialize(&vision)
            .map_err(|cause| config_error(format!("a value has the wrong kind: {cause}")))?;
        if let Some(dim) = whole_model_projection(&root)? {
            keys.projection_dim = dim;
        }
        keys.into_config()
    }

    /// Patches along height and width of the image.
    pub fn grid(&self) -> [usize; 2] {
        self.image_size.map(|side| side / self.patch_size)
    }

    /// Patches that the positional embedding in the file has places for.
    pub fn trained_grid(&self) -> [usize; 2] {
        self.trained_size.map(|side| side / self.patch_size)
    }

    /// Tokens of one image: its patches and the class token.
    pub fn tokens(&self) -> usize {
        self.grid().iter().product::<usize>() + 1
    }

    /// Number of weights; running statistics are none.
    pub fn parameters(&self) -> usize {
        let block = 4 * (self.width + 1) * self.width
            + (self.width + 1) * self.mlp_width
            + (self.mlp_width + 1) * self.width
            + 4 * self.width;
        let embeddings = (3 * self.patch_size * self.patch_size + 1 + self.tokens()) * self.width;
        let neck = if self.feature == Feature::Neck { 2 * self.features() } else { 0 };
        embeddings + self.layers * block + 4 * self.width + self.embed_dim * self.width + neck
    }

    /// Length of the embedding.
    pub fn features(&self) -> usize {
        match self.feature {
            Feature::Projection => self.embed_dim,
            Feature::Concatenated | Feature::Neck => self.width + self.embed_dim,
        }
    }
}

impl VisionKeys {
    fn into_config(self) -> Result<VisionConfig> {
        let config = VisionConfig {
            image_size: self.image_size.pair(),
            trained_size: self.image_size.pair(),
            patch_size: self.patch_size.square("patch_size")?,
            width: self.hidden_size,
            mlp_width: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            embed_dim: self.projection_dim,
            activation: activation(&self.hidden_act)?,
            feature: Feature::Projection,
            layer_norm_eps: self.layer_norm_eps,
        };
        if self.num_channels != 3 {
            let found = self.num_channels;
            return Err(config_error(format!("num_channels is {found}; accepted is 3")));
        }
        check(&config)?;
        Ok(config)
    }
}

/// `open_clip_config.json`; the settings for the pixels are read elsewhere.
#[derive(Deserialize)]
struct OpenClipRoot {
    model_cfg: OpenClipModel,
}

#[derive(Deserialize)]
struct OpenClipModel {
    embed_dim: usize,
    #[serde(default)]
    quick_gelu: bool,
    vision_cfg: OpenClipVision,
}

#[derive(Deserialize)]
#[serde(default)]
struct OpenClipVision {
    layers: Value,
    width: usize,
    head_width: usize,
    mlp_ratio: f64,
    patch_size: Side,
    image_size: Side,
    timm_model_name: Option<String>,
}

impl Default for OpenClipVision {
    fn default() -> Self {
        Self {
            layers: 12.into(),
            width: 768,
            head_width: 64,
            mlp_ratio: 4.0,
            patch_size: Side::Square(16),
            image_size: Side::Square(224),
            timm_model_name: None,
        }
    }
}

/// Reads the text of a `open_clip_config.json`.
pub(super) fn read_open_clip(json: &str) -> Result<Architecture> {
    let root: OpenClipRoot = serde_json::from_str(json)
        .map_err(|cause| config_error(format!("it is no open_clip_config.json ({cause})")))?;
    root.model_cfg.into_architecture()
}

impl OpenClipModel {
    fn into_architecture(self) -> Result<Architecture> {
        let OpenClipVision { layers, width, head_width, mlp_ratio, patch_size, image_size, timm_model_name } =
            self.vision_cfg;
        if let Some(name) = timm_model_name {
            return Err(config_error(format!(
                "the image tower is timm's {name}; accepted are OpenCLIP's own Vision Transformers and ResNets"
            )));
        }
        let Some(layers) = layers.as_u64() else {
            let config = ResNetConfig {
                image_size: image_size.square("image_size")?,
                width,
                layers: resnet_config::read_layers(&layers)?,
                heads: width.saturating_mul(32).checked_div(head_width).unwrap_or(0),
                embed_dim: self.embed_dim,
                last_stage: LastStage::Halves,
            };
            resnet_config::check(&config)?;
            return Ok(config.into());
        };
        let config = VisionConfig {
            image_size: image_size.pair(),
            trained_size: image_size.pair(),
            patch_size: patch_size.square("patch_size")?,
            width,
            mlp_width: (width as f64 * mlp_ratio) as usize,
            layers: layers as usize,
            heads: width.checked_div(head_width).unwrap_or(0),
            embed_dim: self.embed_dim,
            activation: if self.quick_gelu { Activation::QuickGelu } else { Activation::Gelu },
            feature: Feature::Projection,
            layer_norm_eps: 1e-5,
        };
        check(&config)?;
        Ok(config.into())
    }
}

impl Side {
    /// Height and width.
    fn pair(&self) -> [usize; 2] {
        match *self {
            Self::Square(side) => [side, side],
            Self::Pair(pair) => pair,
        }
    }

    fn square(&self, key: &str) -> Result<usize> {
        match *self {
            Self::Square(side) => Ok(side),
            Self::Pair([height, width]) if height == width => Ok(height),
            Self::Pair([height, width]) => {
                Err(config_error(format!("{key} is {height} × {width}; accepted are squares")))
            }
        }
    }
}

/// The object that describes the image tower.
fn vision_section(root: &Value) -> Result<Value> {
    let Some(object) = root.as_object() else {
        return Err(config_error("it is not a JSON object".into()));
    };
    let model_type = match object.get("model_type") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.as_str()),
        Some(other) => return Err(config_error(format!("model_type is {other}, not a string"))),
    };
    let nested = object.get("vision_config").filter(|value| !value.is_null());
    match (model_type, nested) {
        (Some("clip") | None, Some(vision)) => Ok(vision.clone()),
        (Some("clip"), None) => Ok(Value::Object(serde_json::Map::new())),
        (Some("clip_vision_model") | None, None) => Ok(root.clone()),
        (Some(other), _) => Err(config_error(format!(
            "model_type is \"{other}\"; accepted are \"clip\" and \"clip_vision_model\""
        ))),
    }
}

/// In a whole CLIP model the projection's length stands beside the towers, not in them.
fn whole_model_projection(root: &Value) -> Result<Option<usize>> {
    if root.get("vision_config").is_none() {
        return Ok(None);
    }
    match root.get("projection_dim") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(dim) => Ok(Some(dim as usize)),
            None => Err(config_error(format!("projection_dim is {value}, not a number"))),
        },
    }
}

fn activation(name: &str) -> Result<Activation> {
    match name {
        "quick_gelu" => Ok(Activation::QuickGelu),
        "gelu" => Ok(Activation::Gelu),
        other => {
            Err(config_error(format!("hidden_act is \"{other}\"; accepted are \"quick_gelu\" and \"gelu\"")))
        }
    }
}

/// Beyond these no encoder has been published, and sizes derived from them could overflow.
const LARGEST: usize = 1 << 14;

pub(super) fn check(config: &VisionConfig) -> Result<()> {
    let sizes = [
        ("image_size", config.image_size[0]),
        ("image_size", config.image_size[1]),
        ("image_size", config.trained_size[0]),
        ("image_size", config.trained_size[1]),
        ("patch_size", config.patch_size),
        ("hidden_size", config.width),
        ("intermediate_size", config.mlp_width),
        ("num_hidden_layers", config.layers),
        ("num_attention_heads", config.heads),
        ("projection_dim", config.embed_dim),
    ];
    for (key, size) in sizes {
        if !(1..=LARGEST).contains(&size) {
            return Err(config_error(format!("{key} is {size}; accepted are 1 to {LARGEST}")));
        }
    }
    let VisionConfig { patch_size, width, heads, layer_norm_eps: eps, .. } = *config;
    let sides = config.image_size.into_iter().chain(config.trained_size);
    if let Some(side) = sides.into_iter().find(|side| patch_size > *side) {
        return Err(config_error(format!("patch_size {patch_size} is larger than image_size {side}")));
    }
    if width % heads != 0 {
        return Err(config_error(format!(
            "hidden_size {width} is not a multiple of num_attention_heads {heads}"
        )));
    }
    if !(eps.is_finite() && eps >= 0.0) {
        return Err(config_error(format!("layer_norm_eps is {eps}; accepted are numbers from 0")));
    }
    Ok(())
}

fn config_error(found: String) -> Error {
    Error::Config(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_vision_config_is_openais_vit_b_32() {
        let config = VisionConfig::from_json(r#"{"model_type": "clip", "vision_config": {}}"#).unwrap();
        assert_eq!((config.width, config.layers, config.heads), (768, 12, 12));
        assert_eq!((config.image_size, config.patch_size, config.embed_dim), ([224, 224], 32, 512));
        assert_eq!(config.activation, Activation::QuickGelu);
        assert_eq!(config.parameters(), 87_849_216);
    }

    #[test]
    fn the_projection_of_a_whole_model_stands_beside_its_towers() {
        let json = r#"{"projection_dim": 768, "vision_config": {"projection_dim": 512}}"#;
        assert_eq!(VisionConfig::from_json(json).unwrap().embed_dim, 768);
    }

    #[test]
    fn what_is_no_clip_image_encoder_is_named() {
        for (json, named) in [
            (r#"{"model_type": "bert"}"#, "\"bert\""),
            (r#"{"model_type": "clip_text_model"}"#, "\"clip_text_model\""),
            (r#"{"hidden_act": "relu"}"#, "hidden_act is \"relu\""),
            (r#"{"hidden_size": 100}"#, "not a multiple of num_attention_heads"),
            (r#"{"patch_size": 448}"#, "larger than image_size"),
            (r#"{"patch_size": 0}"#, "patch_size is 0"),
            (r#"{"patch_size": [16, 32]}"#, "16 × 32"),
            (r#"{"num_channels": 1}"#, "num_channels is 1"),
            (r#"{"hidden_size": "wide"}"#, "wrong kind"),
            ("[]", "not a JSON object"),
            ("{", "not valid JSON"),
        ] {
            let message = VisionConfig::from_json(json).unwrap_err().to_string();
            assert!(message.contains(named), "{json}: {message}");
        }
    }
}
