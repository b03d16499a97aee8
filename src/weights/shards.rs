//! Models saved in several files.
//!
//! transformers names them `model-00001-of-00002.safetensors` and writes an index beside them,
//! `model.safetensors.index.json`: `{"weight_map": {"tensor": "file", …}}`.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Header, refuse};
use crate::Result;

/// A file that is one of several parts of a model, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Before the number: "model".
    pub stem: String,
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The ending: "safetensors".
    pub ending: String,
}

impl Shard {
    /// Reads the name of a file, without folders; `None` if it is not one of several parts.
    ///
    /// ```
    /// # use reid_web::weights::Shard;
    /// let shard = Shard::of("model-00001-of-00002.safetensors").unwrap();
    /// assert_eq!((shard.number, shard.count), (1, 2));
    /// assert_eq!(shard.names(), ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]);
    /// assert_eq!(Shard::of("model.safetensors"), None);
    /// ```
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (before, ending) = name.rsplit_once('.')?;
        let (before, count) = before.rsplit_once("-of-")?;
        let (stem, number) = before.rsplit_once('-')?;
        let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_numbered = digits(number) && digits(count);
        let [number, count] = [number, count].map(|text| text.parse::<usize>().unwrap_or(0));
        let is_inside = is_numbered && (1..=count).contains(&number);
        is_inside.then(|| Self { stem: stem.into(), number, count, ending: ending.into() })
    }

    /// The names of all parts, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let Self { stem, count, ending, .. } = self;
        (1..=*count).map(|number| format!("{stem}-{number:05}-of-{count:05}.{ending}")).collect()
    }
}

#[derive(Deserialize)]
struct Index {
    weight_map: std::collections::HashMap<String, String>,
}

/// The files that an index names, in the order of their names.
///
/// # Errors
///
/// [`crate::Error::Checkpoint`] if the text is not an index.
pub fn index_parts(json: &str) -> Result<Vec<String>> {
    let Index { weight_map } = serde_json::from_str(json)
        .map_err(|cause| refuse(format!("it is no index of a model's parts ({cause})")))?;
    let parts: BTreeSet<String> = weight_map.into_values().collect();
    match parts.is_empty() {
        true => Err(refuse("its weight_map names no file")),
        false => Ok(parts.into_iter().collect()),
    }
}

impl Header {
    /// The headers of several files as that of one, in which each file follows the one before.
    ///
    /// - `parts`: each with the bytes of its file
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if two parts have a tensor of the same name.
    pub fn joined(parts: Vec<(Self, u64)>) -> Result<Self> {
        let (mut tensors, mut unusable, mut start) = (Vec::new(), Vec::new(), 0);
        for (part, file_bytes) in parts {
            tensors.extend(part.tensors.into_iter().map(|mut tensor| {
                tensor.bytes = start + tensor.bytes.start..start + tensor.bytes.end;
                tensor
            }));
            unusable.extend(part.unusable);
            start += file_bytes;
        }
        Self::new(tensors, unusable)
    }
}
