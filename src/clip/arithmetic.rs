//! What the CPU computes the blocks of an encoder with.

use serde::{Deserialize, Serialize};

use super::Architecture;
use super::inference::Assumption;

/// Numbers that the linear layers of the blocks are computed with on the CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// F32.
    #[default]
    F32,
    /// Weights of 8 bits and activations of 16.
    I8,
}

impl Arithmetic {
    /// Its name in [`super::Choices`].
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::I8 => "i8",
        }
    }
}

/// The numbers as something that can be chosen; nothing of a ResNet.
pub(super) fn assumption(config: &Architecture, arithmetic: Arithmetic) -> Option<Assumption> {
    config.transformer().map(|_| Assumption {
        field: "arithmetic",
        value: arithmetic.name().into(),
        choices: [Arithmetic::F32, Arithmetic::I8].map(|choice| choice.name().into()).into(),
        reason: "8-bit weights take a quarter of the memory and are faster; embeddings change slightly. On WebGPU it has no effect."
            .into(),
    })
}
