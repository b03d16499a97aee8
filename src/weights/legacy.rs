//! The files of `torch.save` before torch 1.6.
//!
//! One after another: the pickles of a magic number, a protocol version, the writing machine's sizes, the
//! saved value, and the list of its storages' keys; then, in the order of these keys, each storage as its
//! number of elements (8 bytes, little-endian) and the elements.
//!
//! Source: pytorch/pytorch v2.7 `torch/serialization.py` `_legacy_save`, `_legacy_load`.

use std::collections::HashMap;
use std::ops::Range;

use super::pickle::{self, Halt, MAX_PICKLE_BYTES, Node, Pickle, Span, Storage, Value};
use super::pieces::{Pieces, Stop};
use super::tensor_tree::TensorTree;
use super::{Header, refuse};
use crate::{Error, Result};

const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const PROTOCOL: i64 = 1001;
/// Bytes that are read first; then twice as many, until the pickles are complete.
const FIRST_BYTES: u64 = 1 << 17;
/// Bytes of a storage's number of elements.
const COUNT_BYTES: u64 = 8;
/// Number of storages whose number of elements is compared with the pickle.
const SAMPLES: usize = 4;

/// Whether a file that begins with `head` is of this kind.
pub(super) fn is_legacy(head: &[u8]) -> bool {
    // A frame may stand before the magic number in later protocols of pickles.
    let beginning = &head[..head.len().min(32)];
    beginning.starts_with(&[0x80]) && beginning.windows(MAGIC.len()).any(|bytes| bytes == MAGIC)
}

pub(super) fn read(file: &Pieces) -> Result<Header, Stop> {
    let mut length = FIRST_BYTES;
    loop {
        let head = file.get(0..length.min(file.file_bytes))?;
        match Pickles::read(head) {
            Ok(pickles) => return pickles.header(file),
            Err(Halt::Refused(error)) => return Err(error.into()),
            Err(Halt::Ends) if length >= file.file_bytes => return Err(truncated().into()),
            Err(Halt::Ends) if length > 2 * MAX_PICKLE_BYTES => {
                return Err(
                    refuse(format!("its pickles have more than {length} bytes, expected fewer")).into()
                );
            }
            Err(Halt::Ends) => length *= 2,
        }
    }
}

fn truncated() -> Error {
    refuse("the torch file ends inside its pickles: it is truncated")
}

/// The pickles that are used.
struct Pickles<'a> {
    saved: Pickle<'a>,
    keys: Pickle<'a>,
    /// Where the storages begin.
    end: u64,
}

impl<'a> Pickles<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Halt> {
        let mut at = 0;
        let mut next = || {
            let pickle = pickle::interpret(&bytes[at..])?;
            at += pickle.length;
            Ok::<_, Halt>(pickle)
        };
        let (_magic, protocol, _sizes) = (next()?, next()?, next()?);
        if !matches!(protocol.root, Value::Int(PROTOCOL)) {
            return Err(
                refuse(format!("it is a torch file of an unknown version, expected {PROTOCOL}")).into()
            );
        }
        let (saved, keys) = (next()?, next()?);
        Ok(Self { saved, keys, end: at as u64 })
    }

    fn header(&self, file: &Pieces) -> Result<Header, Stop> {
        let tree = TensorTree::of(&self.saved)?;
        let storages = self.storages(file.file_bytes)?;
        self.check_counts(file, &storages)?;
        let places: HashMap<_, _> = storages
            .iter()
            .map(|(storage, bytes)| (self.saved.bytes_of(storage.key), bytes.clone()))
            .collect();
        let place = |storage: &Storage| {
            let place = places.get(self.saved.bytes_of(storage.key)).cloned();
            place.ok_or_else(|| missing(&self.saved.text(storage.key)))
        };
        Ok(tree.locate(place)?)
    }

    /// Every storage and its bytes, in the order of the file.
    fn storages(&self, file_bytes: u64) -> Result<Vec<(Storage, Range<u64>)>> {
        let mut known: HashMap<&[u8], Storage> = HashMap::new();
        for storage in &self.saved.storages {
            let other = known.insert(self.saved.bytes_of(storage.key), *storage);
            if other.is_some_and(|other| other.size() != storage.size()) {
                let key = self.saved.text(storage.key);
                return Err(refuse(format!("its pickle has two lengths for storage {key}")));
            }
        }
        let mut storages = Vec::new();
        let mut end = self.end;
        for key in self.keys()? {
            let name = || self.keys.text(key);
            let storage = known.remove(self.keys.bytes_of(key)).ok_or_else(|| missing(&name()))?;
            let start = end + COUNT_BYTES;
            let last =
                storage.size().and_then(|size| start.checked_add(size)).filter(|last| *last <= file_bytes);
            end = last.ok_or_else(|| {
                refuse(format!(
                    "storage {} extends beyond the end of the torch file: it is truncated",
                    name()
                ))
            })?;
            storages.push((storage, start..end));
        }
        if end != file_bytes {
            let surplus = file_bytes - end;
            return Err(refuse(format!(
                "{surplus} bytes follow the last storage of the torch file, expected none"
            )));
        }
        Ok(storages)
    }

    fn keys(&self) -> Result<Vec<Span>> {
        let Some(Node::List(keys)) = self.keys.node(self.keys.root) else {
            return Err(refuse("the torch file has no list of its storages"));
        };
        let key = |key: &Value| match key {
            Value::Text(span) => Some(*span),
            _ => None,
        };
        let keys = keys.iter().map(key).collect::<Option<_>>();
        keys.ok_or_else(|| refuse("the keys of the torch file's storages are not strings"))
    }

    fn check_counts(&self, file: &Pieces, storages: &[(Storage, Range<u64>)]) -> Result<(), Stop> {
        let step = storages.len().div_ceil(SAMPLES).max(1);
        let sample: Vec<_> = storages.iter().step_by(step).chain(storages.last()).collect();
        let places: Vec<_> = sample.iter().map(|(_, bytes)| bytes.start - COUNT_BYTES..bytes.start).collect();
        for ((storage, _), count) in sample.iter().zip(file.get_all(&places)?) {
            if *count != storage.count.to_le_bytes() {
                let key = self.saved.text(storage.key);
                let expected = storage.count;
                return Err(refuse(format!(
                    "storage {key} of the torch file has another number of elements than its pickle says, \
                     expected {expected}"
                ))
                .into());
            }
        }
        Ok(())
    }
}

fn missing(key: &str) -> Error {
    refuse(format!("storage {key} of the torch file is named in only one of its two lists"))
}
