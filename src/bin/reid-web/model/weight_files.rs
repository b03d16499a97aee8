//! Which files of a folder are a model: its weights, in one file or several, and what lies beside them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use reid_web::weights::{
    Header, HeaderReader, Shard, WeightName, index_parts, looks_like_weights, weight_name,
};
use serde_json::Value;

use crate::Outcome;
use crate::output::files::{named, without_mark};

const INDEX: &str = ".index.json";
const CONFIGS: [&str; 2] = ["config.json", "open_clip_config.json"];
const PREPROCESSORS: [&str; 2] = ["processor_config.json", "preprocessor_config.json"];
/// Bytes by which a file is judged whose name leaves it open.
const HEAD_BYTES: u64 = 64;

/// A text with its file's name.
pub struct Text {
    pub name: String,
    pub text: String,
}

/// The parts of the model in a folder, or of the model that a file is a part of.
pub fn parts(model: &Path) -> Outcome<Vec<PathBuf>> {
    if model.is_dir() {
        return only_model(model);
    }
    let folder = folder_of(model);
    let name = name_of(model);
    if name.ends_with(INDEX) {
        return present(folder, &read_index(model)?);
    }
    match Shard::of(&name) {
        Some(shard) => present(folder, &shard.names()),
        None => Ok(vec![model.to_owned()]),
    }
}

/// The one model of a folder.
fn only_model(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect).map_err(named(folder))?;
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = Vec::into_iter(entries).map(name).collect();
    names.sort();
    let mut models: BTreeSet<Vec<String>> = BTreeSet::new();
    for index in names.iter().filter(|name| name.ends_with(INDEX)) {
        models.insert(read_index(&folder.join(index))?);
    }
    for name in names.iter().filter(|name| is_weights(&folder.join(name))) {
        if !models.iter().any(|parts| parts.contains(name)) {
            models.insert(Shard::of(name).map_or_else(|| vec![name.clone()], |shard| shard.names()));
        }
    }
    let models: Vec<Vec<String>> = models.into_iter().collect();
    match models.as_slice() {
        [one] => present(folder, one),
        [] => Err(format!(
            "{}: no weight file (.safetensors, .pt, .pth, .bin, .ckpt or .pth.tar)",
            folder.display()
        )
        .into()),
        many => Err(format!(
            "{}: {} weight files ({}); name one of them",
            folder.display(),
            many.len(),
            many.iter().map(|parts| parts[0].as_str()).collect::<Vec<_>>().join(", ")
        )
        .into()),
    }
}

/// By its name, and by its first bytes where that leaves it open.
fn is_weights(path: &Path) -> bool {
    match weight_name(&name_of(path)) {
        Some(WeightName::Weights) => path.is_file(),
        Some(WeightName::Perhaps) => path.is_file() && head(path).is_ok_and(|head| looks_like_weights(&head)),
        None => false,
    }
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn read_index(path: &Path) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(path).map_err(named(path))?;
    Ok(index_parts(without_mark(&text)).map_err(|error| error.in_file(&path.display().to_string()))?)
}

/// The paths of all parts; every file exists.
fn present(folder: &Path, names: &[String]) -> Outcome<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    match paths.iter().find(|path| !path.is_file()) {
        None => Ok(paths),
        Some(missing) => {
            Err(format!("{} is missing: the model has {} parts", missing.display(), paths.len()).into())
        }
    }
}

/// All files of a model that may be read, whether they are there or not.
pub fn all_files(model: &Path) -> Vec<PathBuf> {
    let parts = parts(model).unwrap_or_default();
    let folder = if model.is_dir() { model } else { folder_of(model) };
    let texts = CONFIGS.iter().chain(&PREPROCESSORS).map(|name| folder.join(name));
    [model.to_owned()].into_iter().chain(parts).chain(texts).collect()
}

/// The configuration beside a weight file: OpenCLIP's first if that is named so.
pub fn config(weights: &Path) -> Outcome<Option<Text>> {
    let mut names = CONFIGS;
    if name_of(weights).to_ascii_lowercase().contains("open_clip") {
        names.reverse();
    }
    let [first, second] = names.map(|name| folder_of(weights).join(name));
    text(&first)?.map_or_else(|| text(&second), |found| Ok(Some(found)))
}

/// What to do with the pixels. transformers 5 writes it into `processor_config.json`, as its `image_processor`.
pub fn preprocessor(weights: &Path) -> Outcome<Option<Text>> {
    let [nested, plain] = PREPROCESSORS.map(|name| folder_of(weights).join(name));
    match text(&nested)? {
        Some(nested) if says_pixels(&nested.text) => Ok(Some(nested)),
        _ => text(&plain),
    }
}

/// Older versions of transformers wrote some that do not. A text that is no JSON is not passed over.
fn says_pixels(json: &str) -> bool {
    serde_json::from_str::<Value>(json).map_or(true, |json| json.get("image_processor").is_some())
}

/// `None` if there is no such file; one that cannot be read is an error.
fn text(path: &Path) -> Outcome<Option<Text>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Text { name: path.display().to_string(), text: without_mark(&text).to_owned() })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(named(path)(error)),
    }
}

pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The weights of a model, as if its parts were one file.
pub struct Weights {
    parts: Vec<Part>,
    pub header: Header,
    /// As messages call them.
    pub name: String,
}

struct Part {
    file: File,
    path: PathBuf,
    /// Where it begins, counted through all parts.
    start: u64,
}

impl Weights {
    /// Opens the parts and reads what they hold.
    pub fn open(paths: &[PathBuf]) -> Outcome<Self> {
        let (mut parts, mut headers, mut start) = (Vec::new(), Vec::new(), 0);
        for path in paths {
            let file = File::open(path).map_err(named(path))?;
            let file_bytes = file.metadata().map_err(named(path))?.len();
            let mut part = Part { file, path: path.clone(), start };
            headers.push((part.header(file_bytes)?, file_bytes));
            parts.push(part);
            start += file_bytes;
        }
        let name = paths.first().map_or_else(String::new, |path| path.display().to_string());
        let header = Header::joined(headers).map_err(|error| error.in_file(&name))?;
        Ok(Self { parts, header, name })
    }

    /// - `range`: counted through all parts; within one
    pub fn bytes(&mut self, Range { start, end }: Range<u64>) -> Outcome<Vec<u8>> {
        let part = self.parts.iter_mut().rev().find(|part| part.start <= start);
        let part = part.ok_or("the model has no parts")?;
        part.read(start - part.start..end - part.start)
    }
}

impl Part {
    fn header(&mut self, file_bytes: u64) -> Outcome<Header> {
        let name = self.path.display().to_string();
        let mut reader = HeaderReader::new(file_bytes);
        while let Some(range) = reader.next() {
            reader.give(&self.read(range)?).map_err(|error| error.in_file(&name))?;
        }
        Ok(reader.finish().map_err(|error| error.in_file(&name))?)
    }

    /// - `range`: of its own bytes
    fn read(&mut self, range: Range<u64>) -> Outcome<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(range.end - range.start)?];
        let found = self.file.seek(SeekFrom::Start(range.start));
        found.and_then(|_| self.file.read_exact(&mut bytes)).map_err(named(&self.path))?;
        Ok(bytes)
    }
}
