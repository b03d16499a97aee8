//! Files that a training reads and writes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{Error, Result};

/// Writes to a second file and renames it, so that an interrupted training leaves the old file intact.
///
/// # Errors
///
/// [`Error::File`] if the file cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes).map_err(|source| file_error(&unfinished, source))?;
    fs::rename(&unfinished, path).map_err(|source| file_error(path, source))
}

/// Writes a file of indented JSON, as [`write`] does.
///
/// # Errors
///
/// As there.
pub(crate) fn write_json(path: &Path, value: &Value) -> Result<()> {
    write(path, format!("{value:#}\n").as_bytes())
}

/// An error about this file.
pub(crate) fn file_error(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: path.display().to_string(), source }
}
