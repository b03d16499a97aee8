//! Reading a checkpoint's `preprocessor_config.json`, `processor_config.json` or `open_clip_config.json`.
//!
//! Sources: huggingface/transformers@v5.23 `models/clip/image_processing_pil_clip.py`;
//! mlfoundations/open_clip `src/open_clip/transform.py`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::image::Preprocessor;
use crate::image::preprocess::normalization::Normalization;
use crate::image::preprocess::{CropRounding, Resize, Target};
use crate::image::resize::Axes;
use crate::image::resize::filter::Filter;
use crate::{Error, Result};

/// transformers' settings; what is left out is as CLIP has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TransformersConfig {
    do_resize: Option<bool>,
    size: Option<Value>,
    resample: Option<Value>,
    do_center_crop: Option<bool>,
    crop_size: Option<Value>,
    do_rescale: Option<bool>,
    rescale_factor: Option<f64>,
    do_normalize: Option<bool>,
    image_mean: Option<[f64; 3]>,
    image_std: Option<[f64; 3]>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Settings of other processors that change pixels, and the values with which they do not.
const NEUTRAL: [(&str, &[&str]); 6] = [
    ("do_pad", &["false", "null"]),
    ("pad_size", &["null"]),
    ("crop_pct", &["null"]),
    ("do_thumbnail", &["false", "null"]),
    ("do_flip_channel_order", &["false", "null"]),
    ("offset", &["false", "null"]),
];

/// OpenCLIP's settings, `preprocess_cfg` in its `open_clip_config.json`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct OpenClipConfig {
    size: Option<Value>,
    mean: Option<[f64; 3]>,
    std: Option<[f64; 3]>,
    interpolation: Option<String>,
    resize_mode: Option<String>,
    mode: Option<String>,
}

/// Names by which a text is recognised as transformers' settings.
const EXPECTED: [&str; 11] = [
    "image_processor_type",
    "feature_extractor_type",
    "do_resize",
    "do_rescale",
    "size",
    "resample",
    "do_center_crop",
    "crop_size",
    "do_normalize",
    "image_mean",
    "image_std",
];

impl Preprocessor {
    /// Reads the settings of a checkpoint.
    ///
    /// Accepts transformers' `preprocessor_config.json` in both its dialects (`"size": 224` and
    /// `"size": {"shortest_edge": 224}`, also `{"height": …, "width": …}`) and OpenCLIP's
    /// `open_clip_config.json`. Settings that are left out are CLIP's.
    ///
    /// - `image_size`: height and width of the encoder's input, in pixels
    /// - errors: a setting that is not understood, or an output that is not of that size
    ///
    /// ```
    /// # use reid_web::image::Preprocessor;
    /// let preprocessor = Preprocessor::from_json(r#"{"size": {"shortest_edge": 256}}"#, [224, 224])?;
    /// assert_eq!(
    ///     preprocessor.description(),
    ///     "shortest side to 256 (bicubic), centre crop 224 × 224, CLIP's mean and std"
    /// );
    /// # Ok::<(), reid_web::Error>(())
    /// ```
    pub fn from_json(json: &str, [height, width]: [u32; 2]) -> Result<Self> {
        let image_size = Axes { x: width, y: height };
        let mut value: Value = parse(serde_json::from_str(json))?;
        if let Some(open_clip) = value.get_mut("preprocess_cfg").map(Value::take) {
            return from_open_clip(&from_value(open_clip)?, image_size);
        }
        let value = value.get_mut("image_processor").map(Value::take).unwrap_or(value);
        if !EXPECTED.iter().any(|name| value.get(name).is_some()) {
            return Err(Error::Preprocessor(
                "it does not say what to do with the pixels, expected do_resize, size, image_mean, …"
                    .to_owned(),
            ));
        }
        from_transformers(&from_value(value)?, image_size)
    }
}

fn from_transformers(config: &TransformersConfig, image_size: Axes<u32>) -> Result<Preprocessor> {
    check_neutral(&config.others)?;
    let target = match &config.size {
        Some(size) => target_of("size", size)?,
        None => Target::ShortestSide(image_size.x.max(image_size.y)),
    };
    let filter = config.resample.as_ref().map_or(Ok(Filter::Bicubic), filter_of)?;
    let crops = config.do_center_crop.unwrap_or(true);
    if let Some(size) = config.crop_size.as_ref().filter(|_| crops) {
        check_side("crop_size", target_of("crop_size", size)?, image_size)?;
    }
    let scale =
        if config.do_rescale.unwrap_or(true) { config.rescale_factor.unwrap_or(1.0 / 255.0) } else { 1.0 };
    let normalizes = config.do_normalize.unwrap_or(true);
    let (mean, std) = (config.image_mean, config.image_std);
    checked(Preprocessor {
        resize: config.do_resize.unwrap_or(true).then_some(Resize { target, filter }),
        crop: crops.then_some(CropRounding::Down),
        normalization: normalization(scale, mean, std, normalizes)?,
        output_size: image_size,
    })
}

fn from_open_clip(config: &OpenClipConfig, image_size: Axes<u32>) -> Result<Preprocessor> {
    if let Some(size) = &config.size {
        check_side("size", target_of("size", size)?, image_size)?;
    }
    if let Some(mode) = config.mode.as_deref().filter(|mode| *mode != "RGB") {
        return Err(unsupported("mode", mode, "\"RGB\""));
    }
    let filter = match config.interpolation.as_deref().unwrap_or("bicubic") {
        "bicubic" => Filter::Bicubic,
        "bilinear" => Filter::Bilinear,
        other => {
            return Err(unsupported("interpolation", other, "\"bicubic\" or \"bilinear\""));
        }
    };
    let (target, crop) = match config.resize_mode.as_deref().unwrap_or("shortest") {
        "shortest" => (Target::ShortestSide(image_size.x.max(image_size.y)), Some(CropRounding::TiesToEven)),
        "squash" => (Target::Sides(image_size), None),
        other => {
            return Err(unsupported("resize_mode", other, "\"shortest\" or \"squash\""));
        }
    };
    checked(Preprocessor {
        resize: Some(Resize { target, filter }),
        crop,
        normalization: normalization(1.0 / 255.0, config.mean, config.std, true)?,
        output_size: image_size,
    })
}

/// Refuses settings that CLIP's processor does not have and that would change pixels.
fn check_neutral(others: &Map<String, Value>) -> Result<()> {
    let odd = NEUTRAL.iter().find_map(|(name, values)| {
        let value = others.get(*name).filter(|value| !values.contains(&value.to_string().as_str()))?;
        Some((name, value, values[0]))
    });
    odd.map_or(Ok(()), |(name, value, neutral)| Err(unsupported(name, value, neutral)))
}

/// A size in any of its spellings: a number, `[height, width]`, or an object.
fn target_of(field: &str, size: &Value) -> Result<Target> {
    let side = |value: &Value| value.as_u64().and_then(|side| u32::try_from(side).ok());
    let sides = |y: &Value, x: &Value| Some(Target::Sides(Axes { x: side(x)?, y: side(y)? }));
    let target = match size {
        Value::Number(_) => side(size).map(Target::ShortestSide),
        Value::Array(pair) => match pair.as_slice() {
            [height, width] => sides(height, width),
            _ => None,
        },
        Value::Object(object) if object.contains_key("longest_edge") => None,
        _ => match (size.get("shortest_edge"), size.get("height"), size.get("width")) {
            (Some(shortest), None, None) => side(shortest).map(Target::ShortestSide),
            (None, Some(height), Some(width)) => sides(height, width),
            _ => None,
        },
    };
    let accepted = "a number, {\"shortest_edge\"} or {\"height\", \"width\"}, in pixels";
    target.filter(is_sane).ok_or_else(|| unsupported(field, size, accepted))
}

/// Sides that an image can be resized to in reasonable memory.
fn is_sane(target: &Target) -> bool {
    let range = 1..=4096;
    match target {
        Target::ShortestSide(side) => range.contains(side),
        Target::Sides(Axes { x, y }) => range.contains(x) && range.contains(y),
    }
}

/// The number of a Pillow filter.
fn filter_of(resample: &Value) -> Result<Filter> {
    match resample.as_u64() {
        Some(1) => Ok(Filter::Lanczos),
        Some(2) => Ok(Filter::Bilinear),
        Some(3) => Ok(Filter::Bicubic),
        Some(4) => Ok(Filter::Box),
        _ => {
            let accepted = "1 (Lanczos), 2 (bilinear), 3 (bicubic) or 4 (box)";
            Err(unsupported("resample", resample, accepted))
        }
    }
}

fn normalization(
    scale: f64,
    mean: Option<[f64; 3]>,
    std: Option<[f64; 3]>,
    normalizes: bool,
) -> Result<Normalization> {
    if !normalizes {
        return Ok(Normalization { scale, mean: [0.0; 3], std: [1.0; 3] });
    }
    let clip = Normalization::clip();
    let (mean, std) = (mean.unwrap_or(clip.mean), std.unwrap_or(clip.std));
    if std.iter().any(|&std| std as f32 == 0.0) {
        return Err(unsupported("std", format!("{std:?}"), "numbers other than 0"));
    }
    Ok(Normalization { scale, mean, std })
}

/// Without a crop only a resize to the encoder's size fits the encoder.
fn checked(preprocessor: Preprocessor) -> Result<Preprocessor> {
    if preprocessor.crop.is_some() {
        return Ok(preprocessor);
    }
    match preprocessor.resize.map(|resize| resize.target) {
        Some(target @ Target::Sides(_)) => {
            check_side("size", target, preprocessor.output_size).map(|()| preprocessor)
        }
        _ => Err(Error::Preprocessor(
            "it neither crops nor stretches, so images keep their aspect, \
             expected \"do_center_crop\": true or a size of {\"height\", \"width\"}"
                .to_owned(),
        )),
    }
}

/// The output must be the encoder's input.
fn check_side(field: &str, target: Target, image_size: Axes<u32>) -> Result<()> {
    let found = match target {
        Target::ShortestSide(side) => Axes { x: side, y: side },
        Target::Sides(sides) => sides,
    };
    if found == image_size {
        return Ok(());
    }
    Err(Error::Preprocessor(format!(
        "\"{field}\" makes images of {} × {} pixels, expected the encoder's {} × {}",
        found.x, found.y, image_size.x, image_size.y
    )))
}

fn unsupported(field: &str, found: impl std::fmt::Display, accepted: &str) -> Error {
    Error::Preprocessor(format!("\"{field}\" is {found}, expected {accepted}"))
}

fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    parse(serde_json::from_value(value))
}

fn parse<T>(parsed: serde_json::Result<T>) -> Result<T> {
    parsed.map_err(|error| Error::Preprocessor(error.to_string()))
}
