use std::collections::HashMap;

use serde::{Deserialize, Deserializer};

use super::imported_set::read_label_columns;
use super::{ExchangeError, ImportedImage, ImportedSet, Matrix};
use crate::dataset::Set;

/// The page's export of embeddings; what is not listed is ignored, such as the model.
#[derive(Deserialize)]
struct Export {
    images: Vec<ExportedImage>,
}

#[derive(Deserialize)]
struct ExportedImage {
    path: String,
    set: Option<Set>,
    identity: Option<Text>,
    camera: Option<Text>,
    content: Option<String>,
    embedding: Vec<Value>,
}

/// A label; other programs write numbers as such.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(serde_json::Number),
}

impl Text {
    fn into_string(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A number, or the `null` that JSON has for NaN and infinity.
struct Value(f32);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or(f32::NAN)))
    }
}

/// Reads the page's own export of embeddings back, to the bit.
///
/// - `json`: `{"model": …, "images": [{"path", "set", "identity", "camera", "content", "embedding"}]}`, `content` the
///   file's SHA-256
///
/// # Errors
///
/// Other JSON, by line and column; embeddings of different lengths, with a value that is no number, or of
/// zeros, by the path of the image; a path that its set has already, unless `content` says that it is another file.
///
/// ```
/// let json = br#"{"images": [{"path": "a.jpg", "set": "query", "identity": "1", "embedding": [0, 2]}]}"#;
/// let imported = reid_web::exchange::read_export(json)?;
/// assert_eq!((imported.embeddings, imported.rescaled), (vec![0.0, 1.0], 1));
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn read_export(json: &[u8]) -> Result<ImportedSet, ExchangeError> {
    let Export { images } = serde_json::from_slice(without_mark(json))?;
    let columns = images.first().map_or(0, |image| image.embedding.len());
    let mut values = Vec::with_capacity(images.len() * columns);
    let mut labels = Vec::with_capacity(images.len());
    for image in images {
        check_length(&image, columns)?;
        values.extend(image.embedding.iter().map(|value| value.0));
        labels.push(label(image));
    }
    read_label_columns(&mut labels);
    check_repeated(&labels)?;
    let paths: Vec<String> = labels.iter().map(|image| image.path.clone()).collect();
    let matrix = Matrix { values, rows: labels.len(), columns };
    ImportedSet::new(labels, matrix, |row| format!("{} (image {} of the export)", paths[row], row + 1))
}

/// What an export says of the model that made it; `None` if nothing.
///
/// ```
/// # use reid_web::exchange::model_of_export;
/// assert_eq!(model_of_export(br#"{"model": {"name": "ViT"}, "images": []}"#).unwrap()["name"], "ViT");
/// assert_eq!(model_of_export(br#"{"model": null, "images": []}"#), None);
/// ```
#[must_use]
pub fn model_of_export(json: &[u8]) -> Option<serde_json::Value> {
    #[derive(Deserialize)]
    struct Model {
        model: Option<serde_json::Value>,
    }
    serde_json::from_slice::<Model>(without_mark(json)).ok()?.model
}

/// Without the byte order mark that some editors put before UTF-8.
fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

fn check_length(image: &ExportedImage, expected: usize) -> Result<(), ExchangeError> {
    let found = image.embedding.len();
    if found == expected {
        return Ok(());
    }
    Err(ExchangeError::Length { place: image.path.clone(), found, expected })
}

/// Files that were dropped one by one may have the same name, and other content.
fn check_repeated(images: &[ImportedImage]) -> Result<(), ExchangeError> {
    let mut known: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, image) in images.iter().enumerate() {
        let same_path = known.entry((image.set, &image.path)).or_default();
        let is_same = |&first: &usize| match (&images[first].content, &image.content) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        if let Some(first) = same_path.iter().copied().find(is_same) {
            let path = image.path.clone();
            return Err(ExchangeError::Repeated { path, first: first + 1, again: index + 1 });
        }
        same_path.push(index);
    }
    Ok(())
}

fn label(image: ExportedImage) -> ImportedImage {
    let ExportedImage { path, set, identity, camera, content, .. } = image;
    let [identity, camera] = [identity, camera].map(|label| label.map(Text::into_string));
    ImportedImage { path, set, identity, camera, content }
}
