//! Which files of a folder are a model: its weights, in one file or several, and what lies beside them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use reid_web::weights::{
    Header, HeaderReader, Shard, WeightName, index_parts, looks_like_weights, weight_name,
};
use serde_json::Value;

use super::Outcome;

const INDEX: &str = ".index.json";
/// Bytes by which a file is judged whose name leaves it open.
const HEAD_BYTES: u64 = 64;

/// A text with its file's name.
pub struct Text {
    pub name: String,
    pub text: String,
}

/// The parts of the model in a folder, or of which a file is one.
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
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
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

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn read_index(path: &Path) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(index_parts(&text).map_err(|error| error.in_file(&path.display().to_string()))?)
}

/// The paths of all parts, each of which is there.
fn present(folder: &Path, names: &[String]) -> Outcome<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    match paths.iter().find(|path| !path.is_file()) {
        None => Ok(paths),
        Some(missing) => {
            Err(format!("{} is missing: the model has {} parts", missing.display(), paths.len()).into())
        }
    }
}

/// The configuration beside a weight file: OpenCLIP's first if that is named so.
pub fn config(weights: &Path) -> Option<Text> {
    let mut names = ["config.json", "open_clip_config.json"];
    if name_of(weights).to_ascii_lowercase().contains("open_clip") {
        names.reverse();
    }
    names.into_iter().find_map(|name| text(folder_of(weights), name))
}

/// What to do with the pixels. transformers 5 writes it into `processor_config.json`, as its `image_processor`.
pub fn preprocessor(weights: &Path) -> Option<Text> {
    let folder = folder_of(weights);
    let has_images = |text: &Text| {
        serde_json::from_str::<Value>(&text.text).is_ok_and(|json| json.get("image_processor").is_some())
    };
    let nested = text(folder, "processor_config.json").filter(has_images);
    nested.or_else(|| text(folder, "preprocessor_config.json"))
}

fn text(folder: &Path, name: &str) -> Option<Text> {
    let text = fs::read_to_string(folder.join(name)).ok()?;
    Some(Text { name: folder.join(name).display().to_string(), text })
}

pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The weights of a model, as if its parts were one file.
pub struct Weights {
    /// Each with where it begins.
    parts: Vec<(File, u64)>,
    pub header: Header,
    /// As messages call them.
    pub name: String,
}

impl Weights {
    /// Opens the parts and reads what they hold.
    pub fn open(paths: &[PathBuf]) -> Outcome<Self> {
        let (mut parts, mut headers, mut start) = (Vec::new(), Vec::new(), 0);
        for path in paths {
            let name = path.display().to_string();
            let mut file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
            let file_bytes = file.metadata()?.len();
            headers.push((header(&mut file, file_bytes, &name)?, file_bytes));
            parts.push((file, start));
            start += file_bytes;
        }
        let name = paths.first().map_or_else(String::new, |path| path.display().to_string());
        Ok(Self { parts, header: Header::joined(headers)?, name })
    }

    /// - `range`: counted through all parts; within one
    pub fn bytes(&mut self, Range { start, end }: Range<u64>) -> Outcome<Vec<u8>> {
        let part = self.parts.iter_mut().rev().find(|(_, first)| *first <= start);
        let (file, first) = part.ok_or("the model has no parts")?;
        read(file, start - *first..end - *first)
    }
}

fn header(file: &mut File, file_bytes: u64, name: &str) -> Outcome<Header> {
    let mut reader = HeaderReader::new(file_bytes);
    while let Some(range) = reader.next() {
        let bytes = read(file, range).map_err(|error| format!("{name}: {error}"))?;
        reader.give(&bytes).map_err(|error| error.in_file(name))?;
    }
    Ok(reader.finish().map_err(|error| error.in_file(name))?)
}

fn read(file: &mut File, range: Range<u64>) -> Outcome<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(range.end - range.start)?];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
