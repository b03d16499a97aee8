//! A configuration of whatever format.

use crate::Result;
use crate::encoder::configs::open_clip_json::{has_pixels, is_open_clip, read_open_clip};
use crate::encoder::{Architecture, VitConfig};

/// A configuration that comes with the weights, and the name of its file.
#[derive(Clone, Copy, Debug)]
pub struct ConfigFile<'a> {
    /// For messages.
    pub name: &'a str,
    /// transformers' `config.json`, `open_clip_config.json`, or one of OpenCLIP's model configurations.
    pub text: &'a str,
}

impl<'a> From<&'a str> for ConfigFile<'a> {
    fn from(text: &'a str) -> Self {
        Self { name: "config.json", text }
    }
}

impl ConfigFile<'_> {
    /// Reads the network that it describes.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Config`] if the text is not a configuration, or describes a network that is not supported.
    pub fn read(&self) -> Result<Architecture> {
        let found = match is_open_clip(self.text) {
            true => read_open_clip(self.text),
            false => VitConfig::from_json(self.text).map(Architecture::from),
        };
        found.map_err(|error| error.in_file(self.name))
    }

    /// Whether it says what to do with the pixels as well.
    pub(crate) fn has_pixels(&self) -> bool {
        has_pixels(self.text)
    }
}
