//! One entry of a zip archive, and where in the file its contents are.

use std::ops::Range;

use super::{ENTRY_BYTES, refuse, u16_at, u32_at};
use crate::{Error, Result};

const LOCAL_BYTES: u64 = 30;
/// Torch begins the contents of every entry at a multiple of this.
const ALIGNMENT: u64 = 64;

/// One entry of an archive.
#[derive(Clone, Debug)]
pub(in super::super) struct Entry {
    pub name: String,
    /// Length of its contents.
    pub bytes: u64,
    /// Length that its contents have in the archive.
    packed: u64,
    method: u16,
    flags: u16,
    /// Where its local header begins.
    pub header: u64,
    /// Length of its name in the archive.
    name_bytes: u64,
    /// Where the next entry begins, or the directory.
    pub next: u64,
}

impl Entry {
    /// Reads the entry at the beginning of a directory; also returns the rest of the directory.
    pub fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
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
        let entry = Self {
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

    /// Refuses anything that torch does not write.
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
    pub fn least_end(&self) -> Option<u64> {
        self.header.checked_add(LOCAL_BYTES + self.name_bytes)?.checked_add(self.packed)
    }

    /// Where the bytes of the local header are, without its extra field.
    pub fn local_header(&self) -> Range<u64> {
        self.header..self.header + LOCAL_BYTES + self.name_bytes
    }

    /// The local header and the contents, however long the extra field is.
    pub fn longest_extent(&self) -> Range<u64> {
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
    pub fn extent(&self) -> Range<u64> {
        self.header..self.next
    }

    /// Where the contents begin, derived without the local header.
    ///
    /// Between two entries there are, besides the contents, the local header, whose extra field has an unknown
    /// length, and after the contents a descriptor of 16 or 24 bytes (flag 8) or none. Torch pads the extra
    /// field so that the contents begin at the next multiple of 64: one position is possible. Archives that
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

    /// Where the contents begin, according to the local header.
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
        refuse(format!("entry {} is not where the directory of the zip archive places it", self.name))
    }
}

/// The values of the zip64 extra field.
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
