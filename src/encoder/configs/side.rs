//! Side lengths in configurations.

use serde::Deserialize;

use crate::Result;
use crate::encoder::vit::config::config_error;

/// A side length, written as a number or as height and width.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Side {
    Square(usize),
    Pair([usize; 2]),
}

impl Side {
    /// Height and width.
    pub fn pair(&self) -> [usize; 2] {
        match *self {
            Self::Square(side) => [side, side],
            Self::Pair(pair) => pair,
        }
    }

    /// The side of a square.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Config`] if height and width differ.
    pub fn square(&self, key: &str) -> Result<usize> {
        match *self {
            Self::Square(side) => Ok(side),
            Self::Pair([height, width]) if height == width => Ok(height),
            Self::Pair([height, width]) => {
                Err(config_error(format!("{key} is {height} × {width}, expected a square")))
            }
        }
    }
}
