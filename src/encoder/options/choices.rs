//! What is assumed about a model, and the choices by which that is corrected.

use serde::{Deserialize, Deserializer, Serialize};

use crate::encoder::resnet::config::LastStage;
use crate::encoder::vit::cameras::CameraUse;
use crate::encoder::{Activation, Arithmetic, Augmentation, Feature};
use crate::image::{CLIP_MEAN_STD, HALF_MEAN_STD, IMAGENET_MEAN_STD};
use crate::{Error, Result};

/// Something about a model that was concluded, not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// Which of the [`Choices`] corrects it.
    pub field: &'static str,
    /// What was concluded.
    pub value: String,
    /// What it could be instead, this value among them.
    pub choices: Vec<String>,
    /// From what it was concluded: one sentence.
    pub reason: String,
}

/// Corrections of assumptions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// Which image tower of the file: what stands before its names.
    pub tower: Option<String>,
    /// Pixels from one patch to the next.
    #[serde(deserialize_with = "number")]
    pub stride: Option<usize>,
    /// Whether embeddings of cameras are added.
    pub camera_embedding: Option<CameraUse>,
    /// What they are multiplied with.
    #[serde(deserialize_with = "number")]
    pub camera_coefficient: Option<f32>,
    /// Non-linearity of the blocks.
    pub activation: Option<Activation>,
    /// Attention heads of a block, or of a ResNet's pooling.
    #[serde(deserialize_with = "number")]
    pub heads: Option<usize>,
    /// What the last stage of a ResNet does to height and width.
    pub last_stage: Option<LastStage>,
    /// What pixels are normalised with.
    pub mean_std: Option<MeanStd>,
    /// What the embedding is.
    pub feature: Option<Feature>,
    /// Height and width of the input: "256x128".
    pub image_size: Option<String>,
    /// How images get the size of the input.
    pub resize: Option<ResizeMode>,
    /// Numbers that the CPU computes with.
    pub arithmetic: Option<Arithmetic>,
    /// What is encoded besides the image itself.
    pub augmentation: Option<Augmentation>,
}

impl Choices {
    /// - `json`: `{"activation": "gelu", "heads": 12, …}`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for a field that there is not, and for a value that it cannot have.
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

    /// As choices call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clip => "clip",
            Self::Imagenet => "imagenet",
            Self::Half => "half",
        }
    }
}

/// How an image gets the size of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The shortest side to the encoder's, then what stands out is cut off.
    Shortest,
    /// Both sides to the encoder's, whatever that does to the proportions.
    Squash,
}

impl ResizeMode {
    /// As choices call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shortest => "shortest",
            Self::Squash => "squash",
        }
    }
}

/// A number, also written as text.
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
