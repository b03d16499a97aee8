//! `config.json` of a CLIP model, as transformers writes and completes it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::side::Side;
use crate::Result;
use crate::encoder::vit::config::{check, config_error};
use crate::encoder::{Activation, Feature, Pooling, VitConfig};

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

/// Keys by which a text is recognised as a configuration.
const EXPECTED: [&str; 13] = [
    "model_type",
    "vision_config",
    "vision_config_dict",
    "hidden_size",
    "intermediate_size",
    "projection_dim",
    "num_hidden_layers",
    "num_attention_heads",
    "num_channels",
    "image_size",
    "patch_size",
    "hidden_act",
    "layer_norm_eps",
];

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

impl VitConfig {
    /// Reads the text of a `config.json`.
    ///
    /// Reads a whole CLIP model (`"model_type": "clip"`, whose `vision_config` is taken) and a lone image tower
    /// (`"clip_vision_model"`). Omitted keys get transformers' defaults.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Config`] if the text is not a JSON object, has none of the keys of such a file, describes
    /// another kind of model, or has values that no encoder can have.
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
}

impl VisionKeys {
    fn into_config(self) -> Result<VitConfig> {
        let config = VitConfig {
            image_size: self.image_size.pair(),
            trained_size: self.image_size.pair(),
            patch_size: self.patch_size.square("patch_size")?,
            overlap: 0,
            width: self.hidden_size,
            mlp_width: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            embed_dim: self.projection_dim,
            activation: activation(&self.hidden_act)?,
            feature: Feature::Projection,
            layer_norm_eps: self.layer_norm_eps,
            no_ln_pre: false,
            pooling: Pooling::ClassToken,
            camera_embedding: None,
        };
        if self.num_channels != 3 {
            return Err(config_error(format!("num_channels is {}, expected 3", self.num_channels)));
        }
        check(&config)?;
        Ok(config)
    }
}

/// The object that describes the image tower.
///
/// Old files have a `vision_config_dict` as well, which transformers prefers as a whole.
fn vision_section(root: &Value) -> Result<Value> {
    let Some(object) = root.as_object() else {
        return Err(config_error("it is not a JSON object"));
    };
    if !EXPECTED.iter().any(|key| object.contains_key(*key)) {
        return Err(no_configuration(object));
    }
    let model_type = match object.get("model_type") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.as_str()),
        Some(other) => return Err(config_error(format!("model_type is {other}, expected a string"))),
    };
    let nested = ["vision_config_dict", "vision_config"].into_iter().find_map(|key| object.get(key));
    match (model_type, nested.filter(|value| !value.is_null())) {
        (Some("clip") | None, Some(vision)) => Ok(vision.clone()),
        (Some("clip"), None) => Ok(Value::Object(Map::new())),
        (Some("clip_vision_model") | None, None) => Ok(root.clone()),
        (Some(other), _) => Err(config_error(format!(
            "model_type is \"{other}\", expected \"clip\" or \"clip_vision_model\""
        ))),
    }
}

fn no_configuration(object: &Map<String, Value>) -> crate::Error {
    if let Some(name) =
        object.get("architecture").and_then(Value::as_str).filter(|_| object.contains_key("pretrained_cfg"))
    {
        return config_error(format!(
            "it describes timm's {name}, expected a CLIP model of transformers or OpenCLIP"
        ));
    }
    let keys: Vec<&str> = object.keys().take(4).map(String::as_str).collect();
    let found =
        if keys.is_empty() { "it is empty".into() } else { format!("its keys are {} …", keys.join(", ")) };
    config_error(format!(
        "it describes no model: {found}, expected those of transformers (model_type, vision_config, hidden_size, …) or \
         of OpenCLIP (model_cfg, vision_cfg)"
    ))
}

/// In a whole CLIP model the projection's length stands beside the towers, not in them.
fn whole_model_projection(root: &Value) -> Result<Option<usize>> {
    if root.get("vision_config").or_else(|| root.get("vision_config_dict")).is_none() {
        return Ok(None);
    }
    match root.get("projection_dim") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(dim) => Ok(Some(dim as usize)),
            None => Err(config_error(format!("projection_dim is {value}, expected a number"))),
        },
    }
}

fn activation(name: &str) -> Result<Activation> {
    match name {
        "quick_gelu" => Ok(Activation::QuickGelu),
        "gelu" => Ok(Activation::Gelu),
        other => Err(config_error(format!("hidden_act is \"{other}\", expected \"quick_gelu\" or \"gelu\""))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_vision_config_is_openais_vit_b_32() {
        let config = VitConfig::from_json(r#"{"model_type": "clip", "vision_config": {}}"#).unwrap();
        assert_eq!((config.width, config.layers, config.heads), (768, 12, 12));
        assert_eq!((config.image_size, config.patch_size, config.embed_dim), ([224, 224], 32, 512));
        assert_eq!(config.activation, Activation::QuickGelu);
        assert_eq!(config.parameters(), 87_849_216);
    }

    #[test]
    fn the_projection_of_a_whole_model_stands_beside_its_towers() {
        let json = r#"{"projection_dim": 768, "vision_config": {"projection_dim": 512}}"#;
        assert_eq!(VitConfig::from_json(json).unwrap().embed_dim, 768);
    }

    #[test]
    fn a_vision_config_dict_is_preferred_as_transformers_does() {
        let json = r#"{"model_type": "clip", "vision_config": {"num_hidden_layers": 3, "patch_size": 16},
            "vision_config_dict": {"patch_size": 14}}"#;
        let config = VitConfig::from_json(json).unwrap();
        assert_eq!((config.patch_size, config.layers), (14, 12));
        let alone = r#"{"model_type": "clip", "vision_config_dict": {"patch_size": 14}}"#;
        assert_eq!(VitConfig::from_json(alone).unwrap().patch_size, 14);
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
            (r#"{"lr": 0.1, "epochs": 60}"#, "its keys are epochs, lr"),
            (
                r#"{"architecture": "vit_base_patch16", "pretrained_cfg": {}}"#,
                "it describes timm's vit_base_patch16",
            ),
            (r#"{"architectures": ["CLIPModel"]}"#, "its keys are architectures"),
            ("{}", "it is empty"),
            ("[]", "not a JSON object"),
            ("{", "not valid JSON"),
        ] {
            let message = VitConfig::from_json(json).unwrap_err().to_string();
            assert!(message.contains(named), "{json}: {message}");
        }
    }
}
