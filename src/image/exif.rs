//! Fields of an EXIF block or a TIFF file: both are TIFF directories.

/// The length of a value of each TIFF type, from 1 on; `LONG8` and its kin are BigTIFF's.
const LENGTHS: [usize; 18] = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/// A field of the first directory.
pub(super) struct Field<'a> {
    kind: u16,
    order: Order,
    /// Where the values begin in the file.
    pub start: usize,
    /// The values, one after the other.
    pub values: &'a [u8],
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Big => bytes.iter().fold(0, join),
        }
    }
}

/// How a directory is laid out: TIFF counts in 4 bytes, BigTIFF in 8.
struct Layout {
    order: Order,
    /// Bytes of the number of entries.
    entries: usize,
    /// Bytes of a count or an offset.
    offset: usize,
    /// Where the first directory begins.
    directory: usize,
}

impl Layout {
    fn read(file: &[u8]) -> Option<Self> {
        let order = match file.get(..2)? {
            b"II" => Order::Little,
            b"MM" => Order::Big,
            _ => return None,
        };
        let number = |at: usize, length: usize| Some(order.number(file.get(at..at + length)?) as usize);
        match number(2, 2)? {
            42 => Some(Self { order, entries: 2, offset: 4, directory: number(4, 4)? }),
            43 => Some(Self { order, entries: 8, offset: 8, directory: number(8, 8)? }),
            _ => None,
        }
    }
}

/// Whether the whole first directory is inside the file.
pub(super) fn has_directory(file: &[u8]) -> bool {
    let end = || {
        let layout = Layout::read(file)?;
        let count = file.get(layout.directory..)?.get(..layout.entries)?;
        let entries = (layout.order.number(count) as usize).checked_mul(4 + 2 * layout.offset)?;
        layout.directory.checked_add(layout.entries)?.checked_add(entries)
    };
    end().is_some_and(|end| end <= file.len())
}

/// The last field of the first directory with this tag, as Pillow takes it; `None` too if its values are not there.
///
/// - `file`: a TIFF or BigTIFF header and what follows
pub(super) fn field(file: &[u8], tag: u16) -> Option<Field<'_>> {
    let layout = Layout::read(file)?;
    let number = |at: usize, length: usize| Some(layout.order.number(file.get(at..at.checked_add(length)?)?));
    let count = number(layout.directory, layout.entries)? as usize;
    let first = layout.directory + layout.entries;
    let length = 4 + 2 * layout.offset;
    let entries = file.get(first..)?.chunks_exact(length).take(count);
    let found = entries.enumerate().filter(|(_, entry)| layout.order.number(&entry[..2]) == u64::from(tag));
    found.filter_map(|(index, _)| read(file, &layout, first + index * length)).next_back()
}

/// The field whose entry begins at `at`.
fn read<'a>(file: &'a [u8], layout: &Layout, at: usize) -> Option<Field<'a>> {
    let entry = &file[at..];
    let kind = layout.order.number(&entry[2..4]) as u16;
    let count = layout.order.number(&entry[4..4 + layout.offset]) as usize;
    let length = LENGTHS.get(usize::from(kind).checked_sub(1)?)?.checked_mul(count)?;
    let inline = 4 + layout.offset;
    let start = if length <= layout.offset {
        at + inline
    } else {
        layout.order.number(&entry[inline..inline + layout.offset]) as usize
    };
    let values = file.get(start..start.checked_add(length)?).filter(|values| !values.is_empty())?;
    Some(Field { kind, order: layout.order, start, values })
}

impl Field<'_> {
    /// The first value, of any type of number; `None` of text, of bytes and of fractions with 0 below.
    pub fn number(&self) -> Option<f64> {
        let length = LENGTHS[usize::from(self.kind) - 1];
        let bits = self.order.number(&self.values[..length]);
        let part = |at: usize| self.order.number(&self.values[at..at + 4]) as u32;
        Some(match self.kind {
            3 | 4 | 13 | 16 => bits as f64,
            5 => f64::from(part(0)) / f64::from(part(4)),
            6 => f64::from(bits as i8),
            8 => f64::from(bits as i16),
            9 => f64::from(bits as i32),
            10 => f64::from(part(0) as i32) / f64::from(part(4) as i32),
            11 => f64::from(f32::from_bits(bits as u32)),
            12 => f64::from_bits(bits),
            _ => return None,
        })
    }

    /// All values as whole numbers of 16 bits; empty for another type.
    pub fn shorts(&self) -> Vec<u16> {
        let pairs = if self.kind == 3 { self.values.as_chunks::<2>().0 } else { &[] };
        pairs.iter().map(|pair| self.order.number(pair) as u16).collect()
    }
}
