//! The parts of a file that have been read, and requests for others.

use std::ops::Range;

use crate::Error;

/// Why reading a file stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// These bytes are needed first.
    Needs(Vec<Range<u64>>),
    /// The file cannot be read.
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A file of which only some parts have been read.
///
/// A container is read by a plain function of it that is called again when more has arrived; nothing else is kept
/// between two calls.
#[derive(Debug)]
pub(super) struct Pieces {
    /// Length of the whole file.
    pub file_bytes: u64,
    pieces: Vec<(u64, Vec<u8>)>,
}

impl Pieces {
    pub fn new(file_bytes: u64) -> Self {
        Self { file_bytes, pieces: Vec::new() }
    }

    /// Keeps bytes of the file from `start` on.
    pub fn insert(&mut self, start: u64, bytes: &[u8]) {
        match self.pieces.iter_mut().find(|(begin, piece)| begin + piece.len() as u64 == start) {
            Some((_, piece)) => piece.extend_from_slice(bytes),
            None => self.pieces.push((start, bytes.to_vec())),
        }
    }

    /// The bytes in `range`, which must lie in the file.
    pub fn get(&self, range: Range<u64>) -> Result<&[u8], Stop> {
        match self.find(&range) {
            Ok(bytes) => Ok(bytes),
            Err(missing) => Err(Stop::Needs(vec![missing])),
        }
    }

    /// The bytes in each of `ranges`; what is missing is asked for at once.
    pub fn get_all(&self, ranges: &[Range<u64>]) -> Result<Vec<&[u8]>, Stop> {
        let mut missing = Vec::new();
        let found = ranges.iter().filter_map(|range| self.find(range).map_err(|gap| missing.push(gap)).ok());
        let found = found.collect();
        if missing.is_empty() { Ok(found) } else { Err(Stop::Needs(merge(missing))) }
    }

    /// The bytes in `range`, or which of them are missing.
    fn find(&self, range: &Range<u64>) -> Result<&[u8], Range<u64>> {
        let mut start = range.start;
        for (begin, piece) in &self.pieces {
            let end = begin + piece.len() as u64;
            if *begin <= range.start && range.end <= end {
                return Ok(&piece[(range.start - begin) as usize..(range.end - begin) as usize]);
            }
            if *begin <= range.start && range.start < end {
                start = start.max(end);
            }
        }
        Err(start..range.end)
    }
}

/// Ranges with no more bytes than this between them are read as one.
const GAP: u64 = 1 << 16;

/// Fewer, larger ranges.
fn merge(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(GAP) => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
