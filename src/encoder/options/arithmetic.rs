//! The arithmetic of an encoder's blocks on the CPU.

use serde::{Deserialize, Serialize};

use crate::encoder::Architecture;
use crate::encoder::options::assumption::Assumption;
use crate::{Error, Result};

/// What the linear layers of the blocks are computed with on the CPU.
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
    /// Its name in [`crate::encoder::Choices`].
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::I8 => "i8",
        }
    }

    /// What is offered on this processor: integers only where they were measured to be at least as fast as F32.
    pub fn offered() -> &'static [Self] {
        match cfg!(any(target_arch = "wasm32", target_arch = "x86_64")) {
            true => &[Self::F32, Self::I8],
            false => &[Self::F32],
        }
    }

    /// # Errors
    ///
    /// [`Error::Config`] if it is not offered here.
    pub(crate) fn check(self) -> Result<()> {
        match Self::offered().contains(&self) {
            true => Ok(()),
            false => Err(Error::Config(format!(
                "arithmetic {} is slower than f32 on this processor ({}), so only f32 is offered",
                self.name(),
                std::env::consts::ARCH
            ))),
        }
    }
}

/// The arithmetic as something that can be chosen; a ResNet has no choice.
pub(crate) fn assumption(config: &Architecture, arithmetic: Arithmetic) -> Option<Assumption> {
    let is_choice = Arithmetic::offered().len() > 1;
    config.vit().filter(|_| is_choice).map(|_| Assumption {
        field: "arithmetic",
        value: arithmetic.name().into(),
        choices: Arithmetic::offered().iter().map(|choice| choice.name().into()).collect(),
        reason: "8-bit weights take a quarter of the memory and are faster; embeddings change slightly. No effect \
                 on WebGPU."
            .into(),
    })
}
