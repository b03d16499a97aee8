//! The header of a safetensors file, read without the tensors behind it.
//!
//! The `safetensors` crate wants the whole file in memory; a page that streams a checkpoint has only
//! its beginning.
//!
//! Format: 8 bytes little-endian length N, N bytes of JSON, then the tensors' bytes.
//! Source: huggingface/safetensors README "Format".

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Headers beyond this are refused, as the format's own reader does.
pub const MAX_HEADER_BYTES: u64 = 100_000_000;

/// Number format of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Dtype {
    /// IEEE single precision.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of an IEEE single.
    BF16,
}

impl Dtype {
    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }

    /// The format that a safetensors header calls `name`; `None` if it is none of these.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "F32" => Some(Self::F32),
            "F16" => Some(Self::F16),
            "BF16" => Some(Self::BF16),
            _ => None,
        }
    }
}

/// One tensor of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Key of the tensor.
    pub name: String,
    /// Number format, as the file calls it.
    pub dtype: String,
    /// Lengths of its axes, outermost first.
    pub shape: Vec<usize>,
    /// Where its bytes are in the file.
    pub bytes: Range<u64>,
}

/// The tensors of a file, in the order of their bytes.
#[derive(Clone, Debug)]
pub struct Header {
    /// In the order of their bytes.
    pub tensors: Vec<TensorInfo>,
    /// Tensors that are there but cannot be read as they are, and why: `(name, reason)`.
    pub unusable: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

impl Header {
    /// Bytes from the beginning of the file to the first tensor.
    ///
    /// - `prefix`: the first 8 bytes of the file or more
    /// - `file_bytes`: length of the file
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if the file is too short or the length cannot be that of a header.
    pub fn length(prefix: &[u8], file_bytes: u64) -> Result<u64> {
        let Some(length) = prefix.first_chunk::<8>() else {
            return Err(refuse(format!("the file ends after {file_bytes} bytes, inside its header")));
        };
        let length = u64::from_le_bytes(*length);
        if length > MAX_HEADER_BYTES {
            return Err(refuse(format!(
                "it says that its header has {length} bytes; a safetensors file begins with the length of \
                 its header, at most {MAX_HEADER_BYTES}"
            )));
        }
        if 8 + length > file_bytes {
            return Err(refuse(format!(
                "its header has {length} bytes, but the file ends after {file_bytes}: it is truncated"
            )));
        }
        Ok(8 + length)
    }

    /// Reads a header.
    ///
    /// - `bytes`: the beginning of the file, [`Header::length`] bytes or more
    /// - `file_bytes`: length of the file
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if the header is malformed, or a tensor lies outside the file or over
    /// another one.
    pub fn parse(bytes: &[u8], file_bytes: u64) -> Result<Self> {
        let data_start = Self::length(bytes, file_bytes)?;
        let Some(json) = bytes.get(8..data_start as usize) else {
            return Err(refuse(format!("only {} bytes of its header are there", bytes.len())));
        };
        let entries: BTreeMap<String, serde_json::Value> = serde_json::from_slice(json)
            .map_err(|cause| refuse(format!("its header is not valid JSON ({cause})")))?;
        let mut tensors = entries
            .into_iter()
            .filter(|(name, _)| name != "__metadata__")
            .map(|(name, entry)| tensor_info(name, entry, data_start, file_bytes))
            .collect::<Result<Vec<_>>>()?;
        tensors.sort_by_key(|tensor| (tensor.bytes.start, tensor.bytes.end));
        refuse_overlap(&tensors)?;
        Ok(Self { tensors, unusable: Vec::new() })
    }
}

fn tensor_info(
    name: String,
    entry: serde_json::Value,
    data_start: u64,
    file_bytes: u64,
) -> Result<TensorInfo> {
    let Entry { dtype, shape, data_offsets: [start, end] } = serde_json::from_value(entry)
        .map_err(|cause| refuse(format!("the header's entry for {name} is malformed ({cause})")))?;
    let outside = || {
        refuse(format!(
            "tensor {name} should lie at bytes {start} to {end} after the header, but the file ends \
             {} bytes after it: it is truncated or its header is wrong",
            file_bytes - data_start
        ))
    };
    if start > end {
        return Err(outside());
    }
    let last = data_start.checked_add(end).filter(|last| *last <= file_bytes).ok_or_else(outside)?;
    let shape = shape
        .into_iter()
        .map(|length| usize::try_from(length).ok())
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| refuse(format!("tensor {name} has an axis too long for this machine")))?;
    Ok(TensorInfo { name, dtype, shape, bytes: data_start + start..last })
}

fn refuse_overlap(tensors: &[TensorInfo]) -> Result<()> {
    for pair in tensors.windows(2) {
        if pair[1].bytes.start < pair[0].bytes.end {
            return Err(refuse(format!("tensors {} and {} overlap in the file", pair[0].name, pair[1].name)));
        }
    }
    Ok(())
}

fn refuse(found: String) -> Error {
    Error::Checkpoint(found)
}
