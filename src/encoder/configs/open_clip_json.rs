//! `open_clip_config.json`, and OpenCLIP's model configurations without the settings for the pixels.
//!
//! Source: mlfoundations/open_clip@89fb801 `src/open_clip/model.py` (`CLIPVisionCfg`, `_build_vision_tower`).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::side::Side;
use crate::Result;
use crate::encoder::resnet::config::{self, LastStage};
use crate::encoder::vit::config::{check, config_error};
use crate::encoder::{Activation, Architecture, Feature, Pooling, ResNetConfig, VitConfig};

/// `model_cfg`, or a configuration that is nothing else.
#[derive(Deserialize)]
struct Model {
    embed_dim: usize,
    #[serde(default)]
    quick_gelu: bool,
}

/// The keys of `vision_cfg` that give the shape; what is left out or null is OpenCLIP's default.
#[derive(Deserialize)]
struct Vision {
    layers: Option<Value>,
    width: Option<usize>,
    head_width: Option<usize>,
    mlp_ratio: Option<f64>,
    patch_size: Option<Side>,
    image_size: Option<Side>,
    norm_kwargs: Option<Map<String, Value>>,
    no_ln_pre: Option<bool>,
    final_ln_after_pool: Option<bool>,
    pool_type: Option<String>,
    global_average_pool: Option<bool>,
}

/// Other keys, and the values with which they change nothing.
const NEUTRAL: [(&str, &[&str]); 22] = [
    ("act_kwargs", &["null", "{}"]),
    ("attentional_pool", &["false", "null"]),
    ("block_type", &["null", "\"default\""]),
    ("in_chans", &["3"]),
    ("input_patchnorm", &["false"]),
    ("ls_init_value", &["null"]),
    ("pos_embed_type", &["\"learnable\""]),
    ("qk_norm", &["false"]),
    ("scale_attn", &["false"]),
    ("scale_attn_inner", &["false"]),
    ("scale_fc", &["false"]),
    ("scale_heads", &["false"]),
    ("scaled_cosine_attn", &["false"]),
    ("timm_model_name", &["null", "\"\""]),
    // These count in training, or with a key above.
    ("attn_pooler_heads", ANY),
    ("attn_pooler_queries", ANY),
    ("dropout", ANY),
    ("image_seq_len", ANY),
    ("n_queries", ANY),
    ("output_tokens", ANY),
    ("patch_dropout", ANY),
    ("timm_drop", ANY),
];
/// Any value.
const ANY: &[&str] = &[];
/// What a timm tower would be made with, where there is none.
const OF_TIMM: &str = "timm_";

/// Whether a text is one of OpenCLIP's.
pub(crate) fn is_open_clip(json: &str) -> bool {
    let value = serde_json::from_str::<Value>(json);
    value.is_ok_and(|config| ["model_cfg", "vision_cfg"].iter().any(|key| config.get(*key).is_some()))
}

/// Whether such a text says what to do with the pixels.
pub(crate) fn has_pixels(json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok_and(|config| config.get("preprocess_cfg").is_some())
}

/// Reads one of OpenCLIP's configurations.
///
/// # Errors
///
/// [`crate::Error::Config`] if it is not one, or describes another kind of image tower.
pub(crate) fn read_open_clip(json: &str) -> Result<Architecture> {
    let root: Value = serde_json::from_str(json)
        .map_err(|cause| config_error(format!("it is not valid JSON ({cause})")))?;
    let model = root.get("model_cfg").unwrap_or(&root);
    let Some(vision) = model.get("vision_cfg").and_then(Value::as_object) else {
        let keys = model.as_object().map(|keys| keys.keys().cloned().collect::<Vec<_>>().join(", "));
        return Err(config_error(format!(
            "it has no vision_cfg, so it describes no image tower (its keys are {})",
            keys.unwrap_or_default()
        )));
    };
    if let Some(name) = vision.get("timm_model_name").and_then(Value::as_str).filter(|name| !name.is_empty())
    {
        return Err(config_error(format!(
            "the image tower is timm's {name}, expected OpenCLIP's own Vision Transformer or ResNet"
        )));
    }
    vision.iter().try_for_each(|(key, value)| check_neutral(key, value))?;
    let model = Model::deserialize(model).map_err(|cause| config_error(cause.to_string()))?;
    let shape = Vision::deserialize(&Value::Object(vision.clone()))
        .map_err(|cause| config_error(format!("a value in vision_cfg has the wrong kind: {cause}")))?;
    match &shape.layers {
        Some(layers) if !layers.is_u64() => resnet(&model, &shape, layers),
        _ => transformer(&model, &shape),
    }
}

/// Refuses a key that would make another network.
fn check_neutral(key: &str, value: &Value) -> Result<()> {
    const SHAPE: [&str; 11] = [
        "layers",
        "width",
        "head_width",
        "mlp_ratio",
        "patch_size",
        "image_size",
        "norm_kwargs",
        "no_ln_pre",
        "final_ln_after_pool",
        "pool_type",
        "global_average_pool",
    ];
    if SHAPE.contains(&key) {
        return Ok(());
    }
    let known = NEUTRAL.iter().find(|(name, _)| *name == key).map(|(_, values)| *values);
    let known = known.or(key.starts_with(OF_TIMM).then_some(ANY));
    match known {
        Some(values) if values.is_empty() || values.contains(&value.to_string().as_str()) => Ok(()),
        Some(values) => {
            Err(config_error(format!("{key} is {value}, which is not supported, expected {}", values[0])))
        }
        None => Err(config_error(format!("{key} is {value}, but a vision_cfg with such a key is not known"))),
    }
}

fn resnet(model: &Model, shape: &Vision, layers: &Value) -> Result<Architecture> {
    let (width, head_width) = (shape.width.unwrap_or(768), shape.head_width.unwrap_or(64));
    let config = ResNetConfig {
        image_size: shape.image_size.as_ref().map_or(Ok(224), |side| side.square("image_size"))?,
        width,
        layers: config::read_layers(layers)?,
        heads: width.saturating_mul(32).checked_div(head_width).unwrap_or(0),
        embed_dim: model.embed_dim,
        last_stage: LastStage::Halves,
    };
    config::check(&config)?;
    Ok(config.into())
}

fn transformer(model: &Model, shape: &Vision) -> Result<Architecture> {
    let (width, head_width) = (shape.width.unwrap_or(768), shape.head_width.unwrap_or(64));
    let image_size = shape.image_size.as_ref().map_or([224, 224], Side::pair);
    let config = VitConfig {
        image_size,
        trained_size: image_size,
        patch_size: shape.patch_size.as_ref().map_or(Ok(16), |side| side.square("patch_size"))?,
        overlap: 0,
        width,
        mlp_width: (width as f64 * shape.mlp_ratio.unwrap_or(4.0)) as usize,
        layers: shape.layers.as_ref().and_then(Value::as_u64).unwrap_or(12) as usize,
        heads: width.checked_div(head_width).unwrap_or(0),
        embed_dim: model.embed_dim,
        activation: if model.quick_gelu { Activation::QuickGelu } else { Activation::Gelu },
        feature: Feature::Projection,
        layer_norm_eps: epsilon(shape.norm_kwargs.as_ref())?,
        no_ln_pre: shape.no_ln_pre.unwrap_or(false),
        pooling: pooling(shape)?,
        camera_embedding: None,
    };
    check(&config)?;
    Ok(config.into())
}

/// Of layer norms.
fn epsilon(norm_kwargs: Option<&Map<String, Value>>) -> Result<f64> {
    let Some(norm_kwargs) = norm_kwargs else { return Ok(1e-5) };
    if let Some((key, value)) = norm_kwargs.iter().find(|(key, _)| *key != "eps") {
        return Err(config_error(format!("norm_kwargs has {key} = {value}, expected eps alone")));
    }
    match norm_kwargs.get("eps") {
        None => Ok(1e-5),
        Some(eps) => {
            eps.as_f64().ok_or_else(|| config_error(format!("norm_kwargs.eps is {eps}, expected a number")))
        }
    }
}

/// `global_average_pool` is what older versions called `"pool_type": "avg"`.
fn pooling(shape: &Vision) -> Result<Pooling> {
    let is_last = shape.final_ln_after_pool.unwrap_or(false);
    let pool_type = match (shape.pool_type.as_deref(), shape.global_average_pool) {
        (Some(pool_type), _) => pool_type,
        (None, Some(true)) => "avg",
        (None, _) => "tok",
    };
    match (pool_type, is_last) {
        // The norm of one token is the same before and after it is taken.
        ("tok", _) => Ok(Pooling::ClassToken),
        ("avg", false) => Ok(Pooling::MeanOfNorms),
        ("avg", true) => Ok(Pooling::NormOfMean),
        (other, _) => Err(config_error(format!(
            "pool_type is \"{other}\", which is not supported, expected \"tok\" or \"avg\""
        ))),
    }
}
