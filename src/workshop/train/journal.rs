//! What is written down while an encoder is trained.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::workshop::train::files::file_error;
use crate::workshop::train::{Step, Validation};
use crate::{Error, Result};

/// One line of a journal.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// Some steps.
    Steps {
        /// The last of them; its loss is their mean.
        #[serde(flatten)]
        step: Step,
        /// Of the loss.
        temperature: f32,
        /// Images trained on in a second of wall clock, drawing and waiting included.
        images_per_second: f64,
    },
    /// A validation after `step` steps.
    Validation {
        /// Steps done.
        step: u64,
        /// What it came to.
        #[serde(flatten)]
        validation: Validation,
    },
}

impl Entry {
    /// For people.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Steps { step, temperature, images_per_second } => format!(
                "step {:6}  loss {:.4} (contrastive {:.4})  {images_per_second:6.1} images/s  learning rate {:.2e}  \
                 gradient {:.2}  temperature {temperature:.4}",
                step.step, step.loss, step.contrastive, step.learning_rate, step.gradient_norm
            ),
            Self::Validation { step, validation } => format!(
                "step {step:6}  Rank-1 {:.4}  mAP {:.4}  ({} queries, gallery {})",
                validation.rank_1, validation.mean_average_precision, validation.queries, validation.gallery
            ),
        }
    }
}

/// A file of entries, one JSON object a line; a continued training appends.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or makes the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|source| file_error(path, source))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Appends an entry.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be written.
    pub fn write(&mut self, entry: &Entry) -> Result<()> {
        let line = serde_json::to_string(entry).map_err(|cause| Error::Training(cause.to_string()))?;
        writeln!(self.file, "{line}").map_err(|source| file_error(&self.path, source))
    }
}
