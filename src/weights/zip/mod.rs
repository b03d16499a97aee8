//! The directory of a zip archive, and where in the file its entries lie.
//!
//! Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64).

mod entry;

pub(super) use entry::Entry;

use super::pieces::{Pieces, Stop};
use super::refuse;
use crate::Result;

/// Larger directories are refused: that of 100,000 tensors has 8 MB.
pub const MAX_DIRECTORY_BYTES: u64 = 1 << 24;

/// Bytes that are read from the end at once: the directory of most checkpoints is among them.
const TAIL_BYTES: u64 = 1 << 17;
const END_BYTES: usize = 22;
const LOCATOR_BYTES: usize = 20;
const ZIP64_END_BYTES: u64 = 56;
const ENTRY_BYTES: usize = 46;

/// The entries of an archive, in the order of their bytes.
pub(super) fn entries(file: &Pieces) -> Result<Vec<Entry>, Stop> {
    let directory = Directory::find(file)?;
    let bytes = file.get(directory.start..directory.end)?;
    let mut entries = parse(bytes, directory.entries)?;
    entries.sort_by_key(|entry| entry.header);
    for index in 0..entries.len() {
        let next = entries.get(index + 1);
        let (name, end) = next.map_or(("the directory", directory.start), |next| (&next.name, next.header));
        if entries[index].least_end().is_none_or(|least| least > end) {
            return Err(
                refuse(format!("entries {} and {name} of the archive overlap", entries[index].name)).into()
            );
        }
        entries[index].next = end;
    }
    Ok(entries)
}

/// Where the directory is.
struct Directory {
    start: u64,
    end: u64,
    entries: u64,
}

impl Directory {
    fn find(file: &Pieces) -> Result<Self, Stop> {
        let tail_start = file.file_bytes.saturating_sub(TAIL_BYTES);
        let tail = file.get(tail_start..file.file_bytes)?;
        let at = find_end(tail).ok_or_else(|| {
            refuse(
                "the zip archive has no directory at its end: it is truncated, or not what torch.save writes",
            )
        })?;
        let end = &tail[at..];
        let mut found = Self::new(u16_at(end, 10).into(), u32_at(end, 12).into(), u32_at(end, 16).into());
        let mut limit = tail_start + at as u64;
        let saturated =
            u16_at(end, 10) == u16::MAX || u32_at(end, 12) == u32::MAX || u32_at(end, 16) == u32::MAX;
        let locator = at.checked_sub(LOCATOR_BYTES).map(|start| &tail[start..at]);
        if let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
            limit -= LOCATOR_BYTES as u64;
            let start = u64_at(locator, 8);
            let zip64 = Self::zip64(file, start, limit)?;
            if !saturated && zip64.start != found.start {
                return Err(refuse("the two ends of the zip archive contradict each other").into());
            }
            (found, limit) = (zip64, start);
        } else if saturated {
            return Err(
                refuse("the zip archive is too large for its kind: its zip64 directory is missing").into()
            );
        }
        found.check(limit)?;
        Ok(found)
    }

    fn new(entries: u64, bytes: u64, start: u64) -> Self {
        Self { start, end: start.saturating_add(bytes), entries }
    }

    /// The zip64 end of the directory at `start`, which ends at `limit` or before.
    fn zip64(file: &Pieces, start: u64, limit: u64) -> Result<Self, Stop> {
        let wrong = || refuse("the zip64 directory is not where the archive's end record places it");
        let end = start.checked_add(ZIP64_END_BYTES).filter(|end| *end <= limit).ok_or_else(wrong)?;
        let bytes = file.get(start..end)?;
        if !bytes.starts_with(b"PK\x06\x06") {
            return Err(wrong().into());
        }
        Ok(Self::new(u64_at(bytes, 32), u64_at(bytes, 40), u64_at(bytes, 48)))
    }

    fn check(&self, limit: u64) -> Result<()> {
        let Self { start, end, entries } = *self;
        let bytes = end - start;
        if end > limit {
            return Err(refuse(format!(
                "the zip archive says that its directory lies at bytes {start} to {end}, but its end begins at \
                 {limit}: it is truncated or its end is wrong"
            )));
        }
        if bytes > MAX_DIRECTORY_BYTES || entries > bytes / ENTRY_BYTES as u64 {
            return Err(refuse(format!(
                "the zip archive says that its directory has {entries} entries in {bytes} bytes, expected at \
                 most {MAX_DIRECTORY_BYTES} bytes, and {ENTRY_BYTES} or more for each entry"
            )));
        }
        Ok(())
    }
}

/// Where the end record begins: the last one whose comment reaches to the end of the file.
fn find_end(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let is_end = |at: &usize| {
        tail[*at..].starts_with(b"PK\x05\x06")
            && *at + END_BYTES + usize::from(u16_at(tail, at + 20)) == tail.len()
    };
    (0..=last).rev().find(is_end)
}

fn parse(mut bytes: &[u8], count: u64) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while entries.len() as u64 != count {
        let broken =
            || refuse(format!("entry {} in the directory of the zip archive is broken", entries.len()));
        let (entry, rest) = Entry::parse(bytes).ok_or_else(broken)?;
        entries.push(entry);
        bytes = rest;
    }
    Ok(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
