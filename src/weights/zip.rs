//! The directory of a zip archive, and where in the file its entries lie.
//!
//! Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64).

use super::pieces::{Pieces, Stop};
use super::refuse;
use crate::{Error, Result};

/// Directories beyond this are refused: that of 100,000 tensors has 8 MB.
pub const MAX_DIRECTORY_BYTES: u64 = 1 << 24;

/// Bytes that are read from the end at once: the directory of most checkpoints is among them.
const TAIL_BYTES: u64 = 1 << 17;
const END_BYTES: usize = 22;
const LOCATOR_BYTES: usize = 20;
const ZIP64_END_BYTES: u64 = 56;
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: u64 = 30;
/// Torch begins the bytes of every entry at a multiple of this.
const ALIGNMENT: u64 = 64;

/// One entry of an archive.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub name: String,
    /// Length of its contents.
    pub bytes: u64,
    /// Length that its contents have in the archive.
    packed: u64,
    method: u16,
    flags: u16,
    /// Where its local header begins.
    header: u64,
    /// Length of its name in the archive.
    name_bytes: u64,
    /// Where the next entry begins, or the directory.
    next: u64,
}

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
        let wrong = || refuse("the zip64 directory of the archive is not where it says");
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
                "the zip archive says that its directory has {entries} entries in {bytes} bytes; at most \
                 {MAX_DIRECTORY_BYTES} bytes are accepted, and {ENTRY_BYTES} or more for each entry"
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
        let (entry, rest) = parse_entry(bytes).ok_or_else(broken)?;
        entries.push(entry);
        bytes = rest;
    }
    Ok(entries)
}

fn parse_entry(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let (fixed, rest) = bytes.split_at_checked(ENTRY_BYTES)?;
    let (name, rest) = rest.split_at_checked(u16_at(fixed, 28).into())?;
    let (extra, rest) = rest.split_at_checked(u16_at(fixed, 30).into())?;
    let (_comment, rest) = rest.split_at_checked(u16_at(fixed, 32).into())?;
    let mut wide = zip64_fields(extra);
    let mut field = |at: usize| match u32_at(fixed, at) {
        u32::MAX => wide.next(),
        narrow => Some(narrow.into()),
    };
    let (contents, packed, header) = (field(24)?, field(20)?, field(42)?);
    let entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        bytes: contents,
        packed,
        method: u16_at(fixed, 10),
        flags: u16_at(fixed, 8),
        header,
        name_bytes: name.len() as u64,
        next: 0,
    };
    fixed.starts_with(b"PK\x01\x02").then_some((entry, rest))
}

/// The numbers of the zip64 extra field.
fn zip64_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut fields: &[u8] = &[];
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let Some((contents, rest)) = rest.split_at_checked(u16_at(head, 2).into()) else { break };
        if u16_at(head, 0) == 1 {
            fields = contents;
        }
        extra = rest;
    }
    fields.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight))
}

impl Entry {
    /// Refuses what torch does not write.
    pub fn check_stored(&self) -> Result<()> {
        let Self { name, bytes, packed, method, flags, .. } = self;
        if flags & 1 == 1 {
            return Err(refuse(format!(
                "entry {name} of the archive is encrypted; torch stores it as it is"
            )));
        }
        if *method != 0 || bytes != packed {
            return Err(refuse(format!(
                "entry {name} of the archive is compressed ({packed} bytes for {bytes}, method {method}); torch \
                 stores it as it is: save the checkpoint again instead of zipping it"
            )));
        }
        Ok(())
    }

    /// The least position at which the entry can end.
    fn least_end(&self) -> Option<u64> {
        self.header.checked_add(LOCAL_BYTES + self.name_bytes)?.checked_add(self.packed)
    }

    /// Where the bytes of the local header are, without its extra field.
    pub fn local_header(&self) -> std::ops::Range<u64> {
        self.header..self.header + LOCAL_BYTES + self.name_bytes
    }

    /// The local header and the contents, however long the extra field is.
    pub fn longest_extent(&self) -> std::ops::Range<u64> {
        let longest = self.local_header().end + u64::from(u16::MAX) + self.packed;
        self.header..self.next.min(longest)
    }

    /// The contents.
    ///
    /// - `part`: the bytes of [`Entry::longest_extent`]
    pub fn contents<'a>(&self, part: &'a [u8]) -> Result<&'a [u8]> {
        self.check_stored()?;
        let local_bytes = (LOCAL_BYTES + self.name_bytes) as usize;
        let start = self.start(part.get(..local_bytes).unwrap_or_default())? - self.header;
        let contents = part.get(start as usize..(start + self.bytes) as usize);
        contents.ok_or_else(|| self.wrong_local_header())
    }

    /// All that belongs to the entry.
    pub fn extent(&self) -> std::ops::Range<u64> {
        self.header..self.next
    }

    /// Where the contents begin, worked out without the local header.
    ///
    /// What is between two entries beside the contents are the local header, whose extra field is of unknown
    /// length, and behind the contents a descriptor of 16 or 24 bytes (flag 8) or none. Torch fills the extra
    /// field up so that the contents begin at the next multiple of 64: one position is possible. Archives that
    /// other tools wrote have neither field nor descriptor. `None` for any other layout.
    pub fn expected_start(&self) -> Option<u64> {
        let header_end = self.local_header().end;
        if self.flags & 8 == 0 && header_end + self.packed == self.next {
            return Some(header_end);
        }
        let descriptors: &[u64] = if self.flags & 8 == 0 { &[0] } else { &[16, 24] };
        let mut starts = descriptors.iter().filter_map(|bytes| self.next.checked_sub(bytes + self.packed));
        let nearby = header_end..header_end + 2 * ALIGNMENT;
        starts.find(|start| nearby.contains(start) && start.is_multiple_of(ALIGNMENT))
    }

    /// Where the contents begin, as the local header says.
    ///
    /// - `local`: the bytes of [`Entry::local_header`]
    pub fn start(&self, local: &[u8]) -> Result<u64> {
        let wrong = || self.wrong_local_header();
        let (fixed, name) = local.split_at_checked(LOCAL_BYTES as usize).ok_or_else(wrong)?;
        let same_name =
            u64::from(u16_at(fixed, 26)) == self.name_bytes && String::from_utf8_lossy(name) == self.name;
        if !fixed.starts_with(b"PK\x03\x04") || !same_name || u16_at(fixed, 8) != self.method {
            return Err(wrong());
        }
        let start = self.local_header().end + u64::from(u16_at(fixed, 28));
        if start + self.packed > self.next { Err(wrong()) } else { Ok(start) }
    }

    fn wrong_local_header(&self) -> Error {
        refuse(format!("entry {} is not where the directory of the zip archive says", self.name))
    }
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
