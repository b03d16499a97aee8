//! What an interrupted `embed` has done: `<out>.partial`, by which the next one continues.
//!
//! The first line tells what made the embeddings; each other one is the SHA-256 of an image file – with its
//! camera, if the model takes cameras into account – and its embedding. So it does not matter where a file lies or how it is called, and a file that was changed is embedded again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Outcome;
use super::console::{images, note};
use super::files::{named, write};
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

    /// Opens a journal, with what is known by it. One of another model or program is begun anew.
    pub fn open(path: PathBuf, model: &Model) -> Outcome<(Self, Known)> {
        let head = head(model);
        let known = read(&path, &head)?;
        if !known.is_empty() {
            note(format_args!("continuing after {}, from {}", images(known.len()), path.display()));
        }
        // Without what was cut off at its end, or is of no use.
        let lines = known.iter().map(|(shot, embedding)| line(shot, embedding));
        let lines = lines.collect::<Outcome<String>>()?;
        write(Some(&path), format!("{head}\n{lines}").as_bytes())?;
        let file = OpenOptions::new().append(true).open(&path).map_err(named(&path))?;
        Ok((Self { path, file }, known))
    }

    /// Adds an embedding, at once and for good.
    pub fn add(&mut self, shot: &Shot, embedding: &[f32]) -> Outcome<()> {
        self.file.write_all(line(shot, embedding)?.as_bytes()).map_err(named(&self.path))
    }
}

fn head(model: &Model) -> String {
    json!({ "journal": env!("CARGO_PKG_VERSION"), "device": model.device, "model": model.info }).to_string()
}

fn line(shot: &Shot, embedding: &[f32]) -> Outcome<String> {
    let entry = Entry { shot: shot.clone(), embedding: embedding.to_vec() };
    Ok(format!("{}\n", serde_json::to_string(&entry)?))
}

/// The embeddings of a journal that begins like this; a line that was cut off is left out.
fn read(path: &Path, head: &str) -> Outcome<Known> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Known::new()),
        Err(error) => return Err(named(path)(error)),
    };
    let mut lines = BufReader::new(file).split(b'\n');
    if lines.next().transpose().map_err(named(path))?.as_deref() != Some(head.as_bytes()) {
        note(format_args!("{}: written by another model or version; starting over", path.display()));
        return Ok(Known::new());
    }
    let mut known = Known::new();
    for line in lines {
        if let Ok(Entry { shot, embedding }) = serde_json::from_slice(&line.map_err(named(path))?) {
            known.insert(shot, embedding);
        }
    }
    Ok(known)
}
