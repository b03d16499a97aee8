//! The file around the variables: its header, and compression.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::element::{ByteOrder, COMPRESSED, Element, MATRIX, tag};
use super::{ExchangeError, cut_off, refuse};

const HEADER_BYTES: usize = 128;
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
const HDF5_OFFSETS: [usize; 2] = [0, 512];
/// Flags, dimensions and name of a variable are within this number of bytes.
const DESCRIPTION_BYTES: usize = 1024;
/// What a variable may hold: four times the features of Market-1501's size by 2048 values in 64 bits.
const MAX_VARIABLE_BYTES: usize = 1 << 30;
const TAG_BYTES: usize = 8;

/// Checks the header; returns the byte order and the elements after the header.
pub(super) fn open(file: &[u8]) -> Result<(ByteOrder, &[u8]), ExchangeError> {
    if HDF5_OFFSETS.iter().any(|&at| file.get(at..).is_some_and(|bytes| bytes.starts_with(HDF5))) {
        return Err(refuse("it is of version 7.3 (HDF5), expected version 7: save(…, '-v7') in MATLAB"));
    }
    if file.iter().take(4).any(|byte| *byte == 0) {
        return Err(refuse("it is of version 4, expected version 7: save(…, '-v7') in MATLAB"));
    }
    let (header, elements) =
        file.split_first_chunk::<HEADER_BYTES>().ok_or_else(|| refuse("it is too short"))?;
    let order = match &header[126..] {
        b"IM" => ByteOrder::Little,
        b"MI" => ByteOrder::Big,
        _ => return Err(refuse("it does not begin like a file of version 5 to 7")),
    };
    Ok((order, elements))
}

/// One variable of the file, perhaps compressed.
pub(super) struct Packed<'a> {
    element: Element<'a>,
    order: ByteOrder,
}

impl<'a> Packed<'a> {
    /// Takes the next variable; `None` after the last. Elements of other types are passed over.
    pub fn take(rest: &mut &'a [u8], order: ByteOrder) -> Option<Result<Self, ExchangeError>> {
        while !rest.is_empty() {
            match Element::take(rest, order) {
                Some(element) if matches!(element.kind, MATRIX | COMPRESSED) => {
                    return Some(Ok(Self { element, order }));
                }
                Some(_) => {}
                None => return Some(Err(cut_off("it"))),
            }
        }
        None
    }

    /// The first bytes of the variable, enough to know its name.
    pub fn beginning(&self) -> Result<Cow<'a, [u8]>, ExchangeError> {
        if self.element.kind == MATRIX {
            return Ok(self.element.bytes.into());
        }
        let (length, inflated) = self.inflate()?;
        read_up_to(inflated, length.min(DESCRIPTION_BYTES)).map(Cow::Owned)
    }

    /// The whole variable, with its checksum if it is compressed.
    pub fn content(&self) -> Result<Cow<'a, [u8]>, ExchangeError> {
        if self.element.kind == MATRIX {
            return Ok(self.element.bytes.into());
        }
        let (length, inflated) = self.inflate()?;
        // There is no byte after the last, but asking for it compares the checksum.
        let content = read_up_to(inflated, length + 1)?;
        if content.len() != length {
            return Err(refuse(format!(
                "a compressed variable does not have the {length} bytes that its header states"
            )));
        }
        Ok(content.into())
    }

    /// The length that a compressed variable says it has, and what follows.
    fn inflate(&self) -> Result<(usize, ZlibDecoder<&'a [u8]>), ExchangeError> {
        let mut inflated = ZlibDecoder::new(self.element.bytes);
        let mut first = [0; TAG_BYTES];
        inflated.read_exact(&mut first).map_err(|error| damaged(&error))?;
        let Some((MATRIX, length, TAG_BYTES)) = tag(&first, self.order) else {
            return Err(refuse("a compressed element is not a variable"));
        };
        if length > MAX_VARIABLE_BYTES {
            return Err(refuse(format!(
                "a variable has {length} bytes, expected up to {MAX_VARIABLE_BYTES}"
            )));
        }
        Ok((length, inflated))
    }
}

fn read_up_to(inflated: ZlibDecoder<&[u8]>, length: usize) -> Result<Vec<u8>, ExchangeError> {
    let mut content = Vec::new();
    inflated.take(length as u64).read_to_end(&mut content).map_err(|error| damaged(&error))?;
    Ok(content)
}

fn damaged(error: &std::io::Error) -> ExchangeError {
    refuse(format!("a compressed variable is cut off or damaged: {error}"))
}
