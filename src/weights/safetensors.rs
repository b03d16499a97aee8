//! The header of a safetensors file, read without the tensors that follow it.
//!
//! The `safetensors` crate wants the whole file in memory; a page that streams a checkpoint has only
//! its beginning.
//!
//! Format: 8 bytes little-endian length N, N bytes of JSON, then the tensors' bytes.
//! Source: huggingface/safetensors README "Format".

use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::header::METADATA;
use super::{Header, TensorInfo, refuse};
use crate::Result;

/// Larger headers are refused, as by the format's own reader.
pub const MAX_HEADER_BYTES: u64 = 100_000_000;

/// The JSON of a header. Entries keep the order of the file, and repeated names.
struct Entries(Vec<(String, Entry)>);

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with an entry for each tensor")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == METADATA {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                    let entry = map.next_value().map_err(|cause| {
                        A::Error::custom(format!("the header's entry for {name} is malformed: {cause}"))
                    })?;
                    entries.push((name, entry));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Header {
    /// Bytes from the beginning of a safetensors file to its first tensor.
    ///
    /// - `prefix`: the first 8 bytes of the file or more
    /// - `file_bytes`: length of the file
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if the file is too short or the length cannot be that of a header.
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

    /// Reads the header of a safetensors file.
    ///
    /// - `bytes`: the beginning of the file, [`Header::length`] bytes or more
    /// - `file_bytes`: length of the file
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if the header is malformed, or a tensor appears twice, lies outside
    /// the file, overlaps another one, or has a length that does not fit its shape.
    pub fn parse(bytes: &[u8], file_bytes: u64) -> Result<Self> {
        let data_start = Self::length(bytes, file_bytes)?;
        let Some(json) = bytes.get(8..data_start as usize) else {
            return Err(refuse(format!("only {} bytes of its header are there", bytes.len())));
        };
        let Entries(entries) = serde_json::from_slice(json)
            .map_err(|cause| refuse(format!("its header is not valid JSON for safetensors ({cause})")))?;
        let tensors = entries
            .into_iter()
            .map(|(name, entry)| tensor_info(name, entry, data_start, file_bytes))
            .collect::<Result<Vec<_>>>()?;
        let header = Self::new(tensors, Vec::new())?;
        refuse_overlap(&header.tensors)?;
        Ok(header)
    }
}

fn tensor_info(name: String, entry: Entry, data_start: u64, file_bytes: u64) -> Result<TensorInfo> {
    let Entry { dtype, shape, data_offsets: [start, end] } = entry;
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
