//! The families of image encoders. This folder is the only place that knows all of them: the compiler leads whoever
//! adds one through it.

pub(super) mod inference;
pub(super) mod network;

use serde::Serialize;

use super::resnet::config::{LastStage, ResNetConfig};
use super::vit::config::VitConfig;
use super::vit::tensor::VitTensor;

/// A family of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Vision Transformers.
    Vit,
    /// CLIP's modified ResNets.
    ResNet,
}

impl Family {
    /// For messages, with its article.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Vit => "a Vision Transformer",
            Self::ResNet => "a ResNet",
        }
    }
}

/// A tensor of a network of any family.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NetworkTensor {
    /// Of a Vision Transformer.
    Vit(VitTensor),
    /// Of a ResNet, under the name that OpenAI gave it: there is no other convention.
    ResNet(String),
}

/// Family and shape of an image encoder.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Architecture {
    /// A Vision Transformer.
    Vit(VitConfig),
    /// CLIP's modified ResNet.
    ResNet(ResNetConfig),
}

impl Architecture {
    /// Height and width of the input, in pixels.
    pub fn image_size(&self) -> [usize; 2] {
        match self {
            Self::Vit(config) => config.image_size,
            Self::ResNet(config) => [config.image_size; 2],
        }
    }

    /// Height and width that the weights were trained with.
    pub fn trained_size(&self) -> [usize; 2] {
        match self {
            Self::Vit(config) => config.trained_size,
            Self::ResNet(config) => [config.image_size; 2],
        }
    }

    /// Length of the embedding.
    pub fn embed_dim(&self) -> usize {
        match self {
            Self::Vit(config) => config.output_dim(),
            Self::ResNet(config) => config.embed_dim,
        }
    }

    /// Bytes of the largest of the tensors between two operations, for each image.
    pub fn largest_activation(&self) -> usize {
        let values = match self {
            Self::Vit(config) => config.tokens() * (3 * config.width).max(config.mlp_width),
            // The windows of the stem's second and third convolution.
            Self::ResNet(ResNetConfig { image_size, width, .. }) => (image_size / 2).pow(2) * 9 * width / 2,
        };
        size_of::<f32>() * values
    }

    /// Number of weights.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Vit(config) => config.parameters(),
            Self::ResNet(config) => config.parameters(),
        }
    }

    /// Its depth in words: "12 layers".
    pub(crate) fn layers(&self) -> String {
        match self {
            Self::Vit(config) => counted(config.layers, "layer"),
            Self::ResNet(ResNetConfig { layers: [a, b, c, d], .. }) => format!("{a}, {b}, {c}, {d} blocks"),
        }
    }

    /// In words: "vision transformer: 12 layers, width 768, 12 heads, quick_gelu".
    pub fn description(&self) -> String {
        match self {
            Self::Vit(VitConfig { width, heads, activation, .. }) => format!(
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
    pub fn vit(&self) -> Option<&VitConfig> {
        match self {
            Self::Vit(config) => Some(config),
            Self::ResNet(_) => None,
        }
    }

    /// The shape of a ResNet, if it is one.
    pub fn resnet(&self) -> Option<&ResNetConfig> {
        match self {
            Self::Vit(_) => None,
            Self::ResNet(config) => Some(config),
        }
    }

    /// The family that it belongs to.
    pub(super) fn family(&self) -> Family {
        match self {
            Self::Vit(_) => Family::Vit,
            Self::ResNet(_) => Family::ResNet,
        }
    }
}

impl From<VitConfig> for Architecture {
    fn from(config: VitConfig) -> Self {
        Self::Vit(config)
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
