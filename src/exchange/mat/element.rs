//! Elements: a type, a length, and that many bytes.

pub(super) const INT8: u32 = 1;
const UINT8: u32 = 2;
const INT16: u32 = 3;
const UINT16: u32 = 4;
pub(super) const INT32: u32 = 5;
pub(super) const UINT32: u32 = 6;
pub(super) const SINGLE: u32 = 7;
const DOUBLE: u32 = 9;
pub(super) const INT64: u32 = 12;
const UINT64: u32 = 13;
pub(super) const MATRIX: u32 = 14;
pub(super) const COMPRESSED: u32 = 15;

/// Elements begin at multiples of this.
const ALIGNMENT: usize = 8;

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    pub fn u32(self, bytes: [u8; 4]) -> u32 {
        u32::from_le_bytes(self.little(bytes))
    }

    fn little<const N: usize>(self, mut bytes: [u8; N]) -> [u8; N] {
        if self == Self::Big {
            bytes.reverse();
        }
        bytes
    }
}

/// One element of a file or of a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub kind: u32,
    pub bytes: &'a [u8],
}

impl<'a> Element<'a> {
    /// Takes the element that `rest` begins with; `None` if it is cut off.
    ///
    /// Up to four bytes stand within the eight of type and length. Compressed elements are followed at once by
    /// the next, others at a multiple of eight.
    pub fn take(rest: &mut &'a [u8], order: ByteOrder) -> Option<Self> {
        let (kind, length, begin) = tag(rest, order)?;
        let bytes = rest.get(begin..)?.get(..length)?;
        let end = begin + length;
        let next = if kind == COMPRESSED { end } else { end.next_multiple_of(ALIGNMENT) };
        *rest = rest.get(next..).unwrap_or_default();
        Some(Self { kind, bytes })
    }

    /// The numbers; `None` if these are none, or the last is incomplete.
    pub fn numbers(&self, order: ByteOrder) -> Option<Vec<f64>> {
        match self.kind {
            INT8 => self.map(order, |bytes| i8::from_le_bytes(bytes).into()),
            UINT8 => self.map(order, |bytes| u8::from_le_bytes(bytes).into()),
            INT16 => self.map(order, |bytes| i16::from_le_bytes(bytes).into()),
            UINT16 => self.map(order, |bytes| u16::from_le_bytes(bytes).into()),
            INT32 => self.map(order, |bytes| i32::from_le_bytes(bytes).into()),
            UINT32 => self.map(order, |bytes| u32::from_le_bytes(bytes).into()),
            SINGLE => self.map(order, |bytes| f32::from_le_bytes(bytes).into()),
            DOUBLE => self.map(order, f64::from_le_bytes),
            INT64 => self.map(order, |bytes| i64::from_le_bytes(bytes) as f64),
            UINT64 => self.map(order, |bytes| u64::from_le_bytes(bytes) as f64),
            _ => None,
        }
    }

    fn map<const N: usize>(&self, order: ByteOrder, read: impl Fn([u8; N]) -> f64) -> Option<Vec<f64>> {
        let (numbers, rest) = self.bytes.as_chunks();
        rest.is_empty().then(|| numbers.iter().map(|&bytes| read(order.little(bytes))).collect())
    }
}

/// Type and length of the element that `bytes` begins with, and where its bytes begin.
pub(super) fn tag(bytes: &[u8], order: ByteOrder) -> Option<(u32, usize, usize)> {
    let word = order.u32(*bytes.first_chunk()?);
    if word >> 16 != 0 {
        let length = (word >> 16) as usize;
        return (length <= 4).then_some((word & 0xffff, length, 4));
    }
    Some((word, order.u32(*bytes.get(4..)?.first_chunk()?) as usize, 8))
}

/// Appends an element to a little-endian file, small ones within eight bytes, and fills up to the alignment.
pub(super) fn push(file: &mut Vec<u8>, kind: u32, bytes: &[u8]) {
    let length = bytes.len() as u32;
    if bytes.len() <= 4 {
        file.extend((length << 16 | kind).to_le_bytes());
    } else {
        file.extend(kind.to_le_bytes());
        file.extend(length.to_le_bytes());
    }
    file.extend(bytes);
    file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
}
