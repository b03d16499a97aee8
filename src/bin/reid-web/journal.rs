//! What an interrupted `embed` has done: `<out>.partial`, by which the next one continues.
//!
//! The first line tells what made the embeddings; each other one is the SHA-256 of an image file – with its camera, if
//! the model takes cameras into account – and its embedding. So it does not matter where a file lies or how it is called,
//! and a file that was changed is embedded again. While it is written it is locked.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Outcome;
use super::console::{images, note};
use super::files::named;
use super::model::Model;

/// What an embedding is of: two files of the same content have the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shot {
    /// SHA-256 of the file.
    pub content: String,
    /// The camera's index, if the model takes cameras into account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<usize>,
}

pub type Known = HashMap<Shot, Vec<f32>>;

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    shot: Shot,
    embedding: Vec<f32>,
}

pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Where that of a result is.
    pub fn path(out: &Path) -> PathBuf {
        let mut name = out.as_os_str().to_owned();
        name.push(".partial");
        name.into()
    }

    /// Opens a journal, with what is known by it. One of another model or program is started over.
    ///
    /// Errors if another process writes it: both would write the same result.
    pub fn open(path: PathBuf, model: &Model) -> Outcome<(Self, Known)> {
        let file =
            OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(named(&path))?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(format!(
                "{}: another run is writing it; wait, or choose another --out",
                path.display()
            )
            .into());
        }
        let mut journal = Self { path, file };
        let head = head(model);
        let (known, bytes) = journal.read(&head)?;
        if !known.is_empty() {
            note(format_args!("continuing after {}, from {}", images(known.len()), journal.path.display()));
        }
        // Without what was cut off at its end, or is of no use.
        journal.file.set_len(bytes).map_err(named(&journal.path))?;
        if bytes == 0 {
            journal.write(&format!("{head}\n"))?;
        }
        Ok((journal, known))
    }

    /// The embeddings of a journal that begins like this, and how many bytes of it are whole lines; none of another one.
    fn read(&self, head: &str) -> Outcome<(Known, u64)> {
        let (mut lines, mut line) = (BufReader::new(&self.file), Vec::new());
        let mut next = |line: &mut Vec<u8>| {
            line.clear();
            lines.read_until(b'\n', line).map(|_| line.pop() == Some(b'\n')).map_err(named(&self.path))
        };
        let is_whole = next(&mut line)?;
        if !is_whole || line != head.as_bytes() {
            if !line.is_empty() {
                let path = self.path.display();
                note(format_args!("{path}: written by another model or version; starting over"));
            }
            return Ok((Known::new(), 0));
        }
        let (mut known, mut bytes) = (Known::new(), line.len() as u64 + 1);
        while next(&mut line)? {
            if let Ok(Entry { shot, embedding }) = serde_json::from_slice(&line) {
                known.insert(shot, embedding);
            }
            bytes += line.len() as u64 + 1;
        }
        Ok((known, bytes))
    }

    /// Adds an embedding, at once and for good.
    pub fn add(&mut self, shot: &Shot, embedding: &[f32]) -> Outcome<()> {
        self.write(&line(shot, embedding)?)
    }

    /// Removes it: the result is written.
    pub fn remove(&self) -> Outcome<()> {
        fs::remove_file(&self.path).map_err(named(&self.path))
    }

    fn write(&mut self, text: &str) -> Outcome<()> {
        self.file.write_all(text.as_bytes()).map_err(named(&self.path))
    }
}

fn head(model: &Model) -> String {
    json!({ "journal": env!("CARGO_PKG_VERSION"), "device": model.device, "model": model.info }).to_string()
}

fn line(shot: &Shot, embedding: &[f32]) -> Outcome<String> {
    let entry = Entry { shot: shot.clone(), embedding: embedding.to_vec() };
    Ok(format!("{}\n", serde_json::to_string(&entry)?))
}
