//! How published weight files name the tensors of an image tower: a table for each convention.

pub(super) mod clip_reid;
pub(super) mod openai;
pub(super) mod source;
pub(super) mod transformers;
pub(crate) mod vit_names;
pub(super) mod wrappers;

use super::Architecture;
use super::family::Family;
use super::resnet::tensors;
use source::TensorSource;
use vit_names::VitNames;

/// A convention for the names of an image tower's tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// transformers': `vision_model.…`, `visual_projection.weight`.
    Transformers,
    /// OpenAI's and OpenCLIP's: `visual.…`, queries, keys and values in one tensor, `proj` transposed.
    OpenAi,
}

impl Naming {
    /// Its name for JavaScript and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transformers => "transformers",
            Self::OpenAi => "openai",
        }
    }

    /// The tensors of a file that holds such a network; `None` if the convention has no names for its family.
    ///
    /// - `prefix`: before all names of the tower
    pub fn sources(self, config: &Architecture, prefix: &str) -> Option<Vec<TensorSource>> {
        match (self, config) {
            (_, Architecture::Vit(config)) => Some(self.vit().sources(config, prefix)),
            (Self::OpenAi, Architecture::ResNet(config)) => Some(tensors::sources(config, prefix)),
            (Self::Transformers, Architecture::ResNet(_)) => None,
        }
    }

    /// The names of a Vision Transformer's tensors.
    pub(crate) fn vit(self) -> &'static VitNames {
        match self {
            Self::Transformers => &transformers::VIT,
            Self::OpenAi => &openai::VIT,
        }
    }

    /// Whether a tensor of a file has no part in the image tower.
    ///
    /// - `name`: without wrappers
    pub(super) fn is_outside(self, family: Family, name: &str, prefix: &str) -> bool {
        let Some(name) = name.strip_prefix(prefix) else { return true };
        match (self, family) {
            (Self::Transformers, _) => transformers::is_outside(name),
            (Self::OpenAi, Family::Vit) => openai::is_outside_vit(name, prefix),
            (Self::OpenAi, Family::ResNet) => openai::is_outside_resnet(name, prefix),
        }
    }
}
