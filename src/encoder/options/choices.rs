//! Choices by which assumptions about a model are corrected.

use serde::{Deserialize, Deserializer, Serialize};

use crate::encoder::resnet::config::LastStage;
use crate::encoder::vit::config::CameraUse;
use crate::encoder::{Activation, Arithmetic, Augmentation, Feature};
use crate::image::{CLIP_MEAN_STD, HALF_MEAN_STD, IMAGENET_MEAN_STD};
use crate::{Error, Result};

/// Corrections of assumptions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// Which image tower of the file: what comes before its names.
    pub tower: Option<String>,
    /// Pixels from one patch to the next.
    #[serde(deserialize_with = "number")]
    pub stride: Option<usize>,
    /// Whether embeddings of cameras are added.
    pub camera_embedding: Option<CameraUse>,
    /// What embeddings of cameras are multiplied with.
    #[serde(deserialize_with = "number")]
    pub camera_coefficient: Option<f32>,
    /// Non-linearity of the blocks.
    pub activation: Option<Activation>,
    /// Attention heads of a block, or of a ResNet's pooling.
    #[serde(deserialize_with = "number")]
    pub heads: Option<usize>,
    /// Whether the last stage of a ResNet halves height and width.
    pub last_stage: Option<LastStage>,
    /// What pixels are normalised with.
    pub mean_std: Option<MeanStd>,
    /// What the embedding is.
    pub feature: Option<Feature>,
    /// Height and width of the input: "256x128".
    pub image_size: Option<String>,
    /// How images are brought to the size of the input.
    pub resize: Option<ResizeMode>,
    /// Arithmetic on the CPU.
    pub arithmetic: Option<Arithmetic>,
    /// Test-time augmentation.
    pub augmentation: Option<Augmentation>,
}

impl Choices {
    /// - `json`: `{"activation": "gelu", "heads": 12, …}`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for an unknown field, and for a value that a field cannot have.
    pub(crate) fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|cause| Error::Config(format!("a choice is not understood ({cause})")))
    }
}

/// Mean and standard deviation that pixels are normalised with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeanStd {
    /// Of CLIP's training images.
    Clip,
    /// Of ImageNet.
    Imagenet,
    /// 0.5 and 0.5.
    Half,
}

impl MeanStd {
    /// Mean and standard deviation of red, green and blue.
    pub fn values(self) -> [[f64; 3]; 2] {
        match self {
            Self::Clip => CLIP_MEAN_STD,
            Self::Imagenet => IMAGENET_MEAN_STD,
            Self::Half => HALF_MEAN_STD,
        }
    }

    /// Its name in choices.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clip => "clip",
            Self::Imagenet => "imagenet",
            Self::Half => "half",
        }
    }
}

/// How an image is brought to the size of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The shortest side becomes the encoder's, and the rest is cropped.
    Shortest,
    /// Both sides become the encoder's, regardless of the proportions.
    Squash,
}

impl ResizeMode {
    /// Its name in choices.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shortest => "shortest",
            Self::Squash => "squash",
        }
    }
}

/// A number, which may be written as text.
fn number<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: std::str::FromStr + Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        Number(T),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(serde::de::Error::custom(format!("\"{text}\", expected a number"))),
        },
    }
}
