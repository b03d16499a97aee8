//! What an interrupted `embed` has done: `<out>.partial`, by which the next one continues.
//!
//! The first line tells what made the embeddings; each other one is the SHA-256 of an image file – with its camera, if
//! the model takes cameras into account – and its embedding. So it does not matter where a file lies or how it is
//! called, and a file that was changed is embedded again. While it is written it is locked.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Outcome;
use crate::model::Model;
use crate::output::console::{images, note};
use crate::output::files::named;

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

    /// Opens a journal, with what is known by it.
    ///
    /// - `is_ours`: this run has begun it, so that one of other settings is started over
    ///
    /// Errors if another process writes it – both would write the same result – and, with the file left as it is, if
    /// another model or other settings have begun it, or if it is no journal.
    pub fn open(path: PathBuf, model: &Model, is_ours: bool) -> Outcome<(Self, Known)> {
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
        let head = head(model.device, &model.info, model.fell_back);
        let (known, bytes) = match is_ours {
            true => (Known::new(), 0),
            false => journal.read(&head)?,
        };
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

    /// Whether a journal was begun by a model on a device.
    ///
    /// - `info`, `fell_back`: as in [`Model`]
    pub fn is_begun_by(path: &Path, device: &str, info: &Value, fell_back: bool) -> bool {
        let mut line = String::new();
        let read = File::open(path).and_then(|file| BufReader::new(file).read_line(&mut line));
        read.is_ok() && line == format!("{}\n", head(device, info, fell_back))
    }

    /// The embeddings of a journal, and how many bytes of it are whole lines.
    ///
    /// Errors if it does not begin with the head.
    fn read(&self, head: &str) -> Outcome<(Known, u64)> {
        let (mut lines, mut line) = (BufReader::new(&self.file), Vec::new());
        let mut next = |line: &mut Vec<u8>| {
            line.clear();
            lines
                .read_until(b'\n', line)
                .map(|_| line.pop_if(|end| *end == b'\n').is_some())
                .map_err(named(&self.path))
        };
        match next(&mut line)? {
            true if line == head.as_bytes() => {}
            // Empty, or cut off in its first line.
            false if head.as_bytes().starts_with(&line) => return Ok((Known::new(), 0)),
            _ => return Err(self.refuse(&line, head)),
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

    /// - `line`: with which it begins instead of `head`
    fn refuse(&self, line: &[u8], head: &str) -> Box<dyn Error> {
        let path = self.path.display();
        let found: Value = serde_json::from_slice(line).unwrap_or_default();
        let expected: Value = serde_json::from_str(head).unwrap_or_default();
        if found["journal"].is_null() {
            return format!(
                "{path}: this is no journal of an interrupted run, and would be overwritten; choose another --out, \
                 or remove it"
            )
            .into();
        }
        format!(
            "{path}: begun with other settings ({}); use the same ones, choose another --out, or remove it to \
             start over",
            differing(&found, &expected).join(", ")
        )
        .into()
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

fn head(device: &str, info: &Value, fell_back: bool) -> String {
    let mut head = json!({ "journal": env!("CARGO_PKG_VERSION"), "device": device, "model": info });
    if fell_back {
        head["fellBack"] = json!(true);
    }
    head.to_string()
}

/// What two heads say differently.
fn differing(found: &Value, expected: &Value) -> Vec<String> {
    let of = |head: &Value| {
        let mut all = head["model"].as_object().cloned().unwrap_or_default();
        all.insert("version".to_owned(), head["journal"].clone());
        all.insert("device".to_owned(), head["device"].clone());
        all.insert("8-bit weights".to_owned(), head["fellBack"].clone());
        all
    };
    let (found, expected) = (of(found), of(expected));
    let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    names.into_iter().filter(|name| found.get(*name) != expected.get(*name)).cloned().collect()
}

fn line(shot: &Shot, embedding: &[f32]) -> Outcome<String> {
    let entry = Entry { shot: shot.clone(), embedding: embedding.to_vec() };
    Ok(format!("{}\n", serde_json::to_string(&entry)?))
}
