//! The bytes of a pickle, one instruction after another.

use super::value::Span;
use super::{MAX_PICKLE_BYTES, refuse};
use crate::Error;

/// Why a pickle was not read to its end.
#[derive(Debug)]
pub(in super::super) enum Halt {
    /// The bytes end before the pickle does.
    Ends,
    /// The pickle cannot be read.
    Refused(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A position in a pickle.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Halt> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()).ok_or(Halt::Ends)?;
        self.at += N;
        Ok(*bytes)
    }

    pub fn byte(&mut self) -> Result<u8, Halt> {
        self.array().map(|[byte]| byte)
    }

    /// An unsigned number of `N` bytes.
    pub fn number<const N: usize>(&mut self) -> Result<u64, Halt> {
        let little_endian = self.array::<N>()?;
        Ok(little_endian.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Bytes whose count is in the `N` bytes before them.
    pub fn counted<const N: usize>(&mut self) -> Result<Span, Halt> {
        let length = self.number::<N>()?;
        if length > MAX_PICKLE_BYTES {
            return Err(refuse(format!(
                "its pickle holds a value of {length} bytes, expected at most {MAX_PICKLE_BYTES}"
            ))
            .into());
        }
        self.span(length as usize)
    }

    /// The bytes up to the end of the line, which is skipped.
    pub fn line(&mut self) -> Result<Span, Halt> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').ok_or(Halt::Ends)?;
        let line = self.span(length)?;
        self.at += 1;
        Ok(line)
    }

    fn span(&mut self, length: usize) -> Result<Span, Halt> {
        let start = self.at;
        let end = start.checked_add(length).filter(|end| *end <= self.bytes.len()).ok_or(Halt::Ends)?;
        self.at = end;
        Ok(Span { start: start as u32, end: end as u32 })
    }
}
