//! The zip archives of `torch.save` (since torch 1.6) and `torch.jit.save`.
//!
//! In a folder of any name: `data.pkl` describes the tensors; `data/KEY` are their storages, uncompressed;
//! `byteorder` is "little" or "big" and is missing in old archives.
//!
//! Source: pytorch/pytorch v2.7 `caffe2/serialize/inline_container.h`, `torch/serialization.py` `_save`.

use std::collections::HashMap;
use std::ops::Range;

use super::pickle::{self, Halt, MAX_PICKLE_BYTES, Pickle, Storage};
use super::pieces::{Pieces, Stop};
use super::tensor_tree::TensorTree;
use super::zip::{self, Entry};
use super::{Header, refuse};
use crate::Result;

/// Number of local headers that are compared with the positions where storages are expected.
const SAMPLES: usize = 4;

pub(super) fn read(file: &Pieces) -> Result<Header, Stop> {
    let archive = Archive::open(file)?;
    let description = archive.pickle(file)?;
    let pickle = pickle::interpret(description).map_err(|halt| match halt {
        Halt::Ends => refuse("data.pkl in the archive ends before its pickle does"),
        Halt::Refused(error) => error,
    })?;
    let tree = TensorTree::of(&pickle)?;
    let entries = archive.used_storages(&pickle, &tree)?;
    let starts = starts(file, &entries)?;
    Ok(tree.locate(|storage| archive.place(&pickle, storage, &starts))?)
}

/// An archive and its folder.
struct Archive {
    entries: HashMap<String, Entry>,
    folder: String,
}

impl Archive {
    fn open(file: &Pieces) -> Result<Self, Stop> {
        let entries = zip::entries(file)?;
        let folder = entries.iter().find_map(|entry| {
            let folder = entry.name.strip_suffix("/data.pkl")?;
            (!folder.contains('/')).then(|| folder.to_owned())
        });
        let folder = folder.ok_or_else(|| {
            refuse("the zip archive holds no data.pkl, expected an archive that torch.save or torch.jit.save wrote")
        })?;
        let count = entries.len();
        let entries: HashMap<_, _> = entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        if entries.len() < count {
            return Err(refuse("the zip archive has several entries of the same name").into());
        }
        Ok(Self { entries, folder })
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(&format!("{}/{path}", self.folder))
    }

    /// The contents of `data.pkl`; refuses archives of machines with another byte order.
    fn pickle<'a>(&self, file: &'a Pieces) -> Result<&'a [u8], Stop> {
        let entry = self.entry("data.pkl").ok_or_else(|| refuse("the zip archive holds no data.pkl"))?;
        entry.check_stored()?;
        if entry.bytes > MAX_PICKLE_BYTES {
            return Err(refuse(format!(
                "data.pkl in the archive has {} bytes, expected at most {MAX_PICKLE_BYTES}",
                entry.bytes
            ))
            .into());
        }
        let byteorder = self.entry("byteorder").filter(|entry| entry.bytes < 8);
        let wanted: Vec<_> = [Some(entry), byteorder].into_iter().flatten().collect();
        let extents: Vec<_> = wanted.iter().map(|entry| entry.longest_extent()).collect();
        let parts = file.get_all(&extents)?;
        let contents = wanted.iter().zip(parts).map(|(entry, part)| entry.contents(part));
        let contents = contents.collect::<Result<Vec<_>>>()?;
        match contents[..] {
            [_, b"big"] => Err(refuse("it is big-endian, expected little-endian").into()),
            [pickle, ..] => Ok(pickle),
            [] => Ok(&[]),
        }
    }

    /// The entries of the storages that hold readable tensors, in the order of the file.
    fn used_storages(&self, pickle: &Pickle<'_>, tree: &TensorTree) -> Result<Vec<&Entry>> {
        let mut entries = Vec::new();
        for (_, tensor) in tree.tensors.iter().filter(|(_, tensor)| tensor.obstacle().is_none()) {
            let entry = self.storage(pickle, &tensor.storage)?;
            entry.check_stored()?;
            entries.push(entry);
        }
        entries.sort_by_key(|entry| entry.extent().start);
        entries.dedup_by_key(|entry| entry.extent().start);
        Ok(entries)
    }

    fn storage(&self, pickle: &Pickle<'_>, storage: &Storage) -> Result<&Entry> {
        let key = pickle.text(storage.key);
        let entry = self.entry(&format!("data/{key}"));
        let entry = entry
            .ok_or_else(|| refuse(format!("storage {key}, which data.pkl names, is not in the archive")))?;
        let expected = storage.size();
        if expected.is_none_or(|expected| expected > entry.bytes) {
            return Err(refuse(format!(
                "storage {key} has {} bytes, expected {} elements of torch.{} according to data.pkl",
                entry.bytes, storage.count, storage.element.torch
            )));
        }
        Ok(entry)
    }

    fn place(
        &self,
        pickle: &Pickle<'_>,
        storage: &Storage,
        starts: &HashMap<u64, u64>,
    ) -> Result<Range<u64>> {
        let entry = self.storage(pickle, storage)?;
        let start = starts.get(&entry.extent().start).copied().unwrap_or_default();
        Ok(start..start + entry.bytes)
    }
}

/// Where the contents of each entry begin, by where the entry begins.
///
/// Requesting every local header from a server would take hundreds of requests. If torch's layout leaves one
/// possibility for every entry, and it is right for some of them, it is taken for all.
fn starts(file: &Pieces, entries: &[&Entry]) -> Result<HashMap<u64, u64>, Stop> {
    let expected: Option<Vec<u64>> = entries.iter().map(|entry| entry.expected_start()).collect();
    if let Some(expected) = expected {
        let step = entries.len().div_ceil(SAMPLES).max(1);
        let last = entries.len().saturating_sub(1);
        let sampled: Vec<usize> = (0..entries.len()).step_by(step).chain([last]).collect();
        let sample: Vec<_> = sampled.iter().filter_map(|index| entries.get(*index).copied()).collect();
        let found = stated_starts(file, &sample)?;
        if sampled.iter().zip(&found).all(|(index, start)| expected[*index] == *start) {
            return Ok(by_position(entries, expected));
        }
    }
    Ok(by_position(entries, stated_starts(file, entries)?))
}

/// Where the contents of each entry begin, according to its local header.
fn stated_starts(file: &Pieces, entries: &[&Entry]) -> Result<Vec<u64>, Stop> {
    let headers: Vec<_> = entries.iter().map(|entry| entry.local_header()).collect();
    let headers = file.get_all(&headers)?;
    let starts = entries.iter().zip(headers).map(|(entry, local)| entry.start(local));
    Ok(starts.collect::<Result<_>>()?)
}

fn by_position(entries: &[&Entry], starts: Vec<u64>) -> HashMap<u64, u64> {
    entries.iter().map(|entry| entry.extent().start).zip(starts).collect()
}
