//! What kind of network an encoder is, and its shape.

use serde::Serialize;

use crate::Result;
use crate::encoder::configs::open_clip_json::read_open_clip;
use crate::encoder::resnet::config::LastStage;
use crate::encoder::{ResNetConfig, VisionConfig};

/// Kind and shape of an image encoder.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Architecture {
    /// CLIP's Vision Transformer.
    Transformer(VisionConfig),
    /// CLIP's modified ResNet.
    ResNet(ResNetConfig),
}

impl Architecture {
    /// Reads the text of a `open_clip_config.json`.
    ///
    /// Source: mlfoundations/open_clip@v3.2.0 `src/open_clip/model.py`, `CLIPVisionCfg` with its defaults.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Config`] if the text is no such file, or describes another kind of image tower.
    pub fn from_open_clip_json(json: &str) -> Result<Self> {
        read_open_clip(json)
    }

    /// Height and width of the input, in pixels.
    pub fn image_size(&self) -> [usize; 2] {
        match self {
            Self::Transformer(config) => config.image_size,
            Self::ResNet(config) => [config.image_size; 2],
        }
    }

    /// Height and width that the weights were trained with.
    pub fn trained_size(&self) -> [usize; 2] {
        match self {
            Self::Transformer(config) => config.trained_size,
            Self::ResNet(config) => [config.image_size; 2],
        }
    }

    /// Length of the embedding.
    pub fn embed_dim(&self) -> usize {
        match self {
            Self::Transformer(config) => config.features(),
            Self::ResNet(config) => config.embed_dim,
        }
    }

    /// Bytes of the largest of the tensors between two operations, for each image.
    pub fn largest_activation(&self) -> usize {
        let numbers = match self {
            Self::Transformer(config) => config.tokens() * (3 * config.width).max(config.mlp_width),
            // The windows of the stem's second and third convolution.
            Self::ResNet(ResNetConfig { image_size, width, .. }) => (image_size / 2).pow(2) * 9 * width / 2,
        };
        size_of::<f32>() * numbers
    }

    /// Number of weights.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Transformer(config) => config.parameters(),
            Self::ResNet(config) => config.parameters(),
        }
    }

    /// Its depth in words: "12 layers".
    pub(crate) fn layers(&self) -> String {
        match self {
            Self::Transformer(config) => counted(config.layers, "layer"),
            Self::ResNet(ResNetConfig { layers: [a, b, c, d], .. }) => format!("{a}, {b}, {c}, {d} blocks"),
        }
    }

    /// In words: "vision transformer: 12 layers, width 768, 12 heads, quick_gelu".
    pub fn description(&self) -> String {
        match self {
            Self::Transformer(VisionConfig { width, heads, activation, .. }) => format!(
                "vision transformer: {}, width {width}, {}, {}",
                self.layers(),
                counted(*heads, "head"),
                activation.name()
            ),
            Self::ResNet(ResNetConfig { width, heads, last_stage, .. }) => format!(
                "modified ResNet: {}, width {width}, {}{}",
                self.layers(),
                counted(*heads, "head"),
                match last_stage {
                    LastStage::Halves => "",
                    LastStage::Keeps => ", last stage not halved",
                }
            ),
        }
    }

    /// The shape of a Vision Transformer, if it is one.
    pub fn transformer(&self) -> Option<&VisionConfig> {
        match self {
            Self::Transformer(config) => Some(config),
            Self::ResNet(_) => None,
        }
    }

    /// The shape of a ResNet, if it is one.
    pub fn resnet(&self) -> Option<&ResNetConfig> {
        match self {
            Self::Transformer(_) => None,
            Self::ResNet(config) => Some(config),
        }
    }
}

impl From<VisionConfig> for Architecture {
    fn from(config: VisionConfig) -> Self {
        Self::Transformer(config)
    }
}

impl From<ResNetConfig> for Architecture {
    fn from(config: ResNetConfig) -> Self {
        Self::ResNet(config)
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
