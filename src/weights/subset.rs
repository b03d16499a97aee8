//! A smaller safetensors file out of a large weight file.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::header::METADATA;
use super::{Header, TensorInfo};

/// How to make a safetensors file out of some tensors of another file.
#[derive(Clone, Debug)]
pub struct Subset {
    /// The beginning of the new file. Its length is a multiple of 8.
    pub header: Vec<u8>,
    /// Bytes of the old file; one after another after `header`, they make the new file.
    ///
    /// Ascending; neighbours are merged. They overlap only where tensors of a torch file share bytes.
    pub blocks: Vec<Range<u64>>,
}

impl Header {
    /// A file with only those of this file's tensors that are in `names`, under their names.
    ///
    /// ```
    /// # use reid_web::weights::{Header, TensorInfo};
    /// let tensor = |name: &str, bytes| TensorInfo { name: name.into(), dtype: "U8".into(), shape: vec![4], bytes };
    /// let tensors = vec![tensor("a", 100..104), tensor("b", 104..108), tensor("c", 108..112)];
    /// let header = Header { tensors, unusable: vec![] };
    /// assert_eq!(header.subset(&["a", "b"]).blocks, [100..108]);
    /// assert_eq!(header.subset(&["c", "a"]).blocks, [100..104, 108..112]);
    /// ```
    pub fn subset<'a>(&'a self, names: &[&str]) -> Subset {
        let chosen = self.tensors.iter().filter(|tensor| names.contains(&tensor.name.as_str()));
        let mut blocks: Vec<Range<u64>> = Vec::new();
        chosen.clone().for_each(|tensor| append(&mut blocks, tensor.bytes.clone()));
        let entry = |TensorInfo { name, dtype, shape, bytes }: &'a TensorInfo| {
            (name.as_str(), dtype.as_str(), shape.as_slice(), bytes.end - bytes.start)
        };
        Subset { header: header_of(chosen.map(entry)), blocks }
    }
}

/// The beginning of a safetensors file: name, number format, shape and bytes of each tensor, in their order.
pub(super) fn header_of<'a>(tensors: impl Iterator<Item = (&'a str, &'a str, &'a [usize], u64)>) -> Vec<u8> {
    // PyTorch's loaders ask for this entry.
    let mut entries = Map::from_iter([(METADATA.to_owned(), json!({"format": "pt"}))]);
    let mut start = 0;
    for (name, dtype, shape, length) in tensors {
        let entry = json!({"dtype": dtype, "shape": shape, "data_offsets": [start, start + length]});
        entries.insert(name.into(), entry);
        start += length;
    }
    with_length(&Value::Object(entries).to_string())
}

fn append(blocks: &mut Vec<Range<u64>>, bytes: Range<u64>) {
    match blocks.last_mut() {
        _ if bytes.is_empty() => (),
        Some(last) if last.end == bytes.start => last.end = bytes.end,
        _ => blocks.push(bytes),
    }
}

/// The length of the JSON, then the JSON followed by spaces: tensors are read in place and begin at a multiple of 8
/// bytes.
fn with_length(json: &str) -> Vec<u8> {
    let length = json.len().next_multiple_of(8);
    let mut header = (length as u64).to_le_bytes().to_vec();
    header.extend(json.as_bytes());
    header.resize(8 + length, b' ');
    header
}
