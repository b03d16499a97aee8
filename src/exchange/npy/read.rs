use half::f16;

use super::header::Header;
use super::{ExchangeError, MAGIC, refuse};
use crate::exchange::Matrix;
use crate::exchange::matrix::to_f32;

/// Reads a `.npy` file of embeddings, `[N, D]`.
///
/// Versions 1, 2 and 3; 16, 32 and 64-bit floating point of either byte order, stored by rows or by columns
/// (Fortran order). NaN and infinity are read as they are.
///
/// # Errors
///
/// Anything else, with what was found: integers, pickled objects, other numbers of dimensions, a file that is
/// shorter or longer than its header says, and numbers that are too large for 32 bits.
pub fn read_npy(file: &[u8]) -> Result<Matrix, ExchangeError> {
    let (header, numbers) = split(file)?;
    let header = Header::parse(header)?;
    let element = Element::parse(&header.descr)?;
    let (rows, columns) = check_shape(&header.shape, element.bytes, numbers.len())?;
    let values = element.read(numbers)?;
    if header.fortran_order {
        return Ok(Matrix::from_columns(&values, rows, columns));
    }
    Ok(Matrix { values, rows, columns })
}

/// The text of the header, and the bytes after it.
fn split(file: &[u8]) -> Result<(&str, &[u8]), ExchangeError> {
    let cut_off = || refuse(format!("it is cut off in its header, after {} bytes", file.len()));
    let rest = file.strip_prefix(MAGIC).ok_or_else(|| not_npy(file))?;
    let ([major, _minor], rest) = rest.split_first_chunk().ok_or_else(cut_off)?;
    let (length, rest) = match major {
        1 => rest.split_first_chunk().map(|(length, rest)| (u16::from_le_bytes(*length).into(), rest)),
        2 | 3 => rest.split_first_chunk().map(|(length, rest)| (u32::from_le_bytes(*length) as usize, rest)),
        _ => return Err(refuse(format!("it is of version {major}, expected 1, 2 or 3"))),
    }
    .ok_or_else(cut_off)?;
    let (header, numbers) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    let header = std::str::from_utf8(header).map_err(|_| refuse("its header is not text"))?;
    Ok((header, numbers))
}

fn not_npy(file: &[u8]) -> ExchangeError {
    refuse(if file.starts_with(b"PK\x03\x04") {
        "it is an .npz archive; save the embeddings alone, by numpy.save"
    } else if file.is_empty() {
        "it is empty"
    } else {
        "it does not begin as numpy.save writes, with \\x93NUMPY"
    })
}

/// Number of rows and columns, if the numbers of such a matrix are exactly what is there.
fn check_shape(shape: &[u64], element: usize, found: usize) -> Result<(usize, usize), ExchangeError> {
    let &[rows, columns] = shape else {
        return Err(refuse(format!(
            "it has {} dimensions, {shape:?}, expected 2: [images, values of each]",
            shape.len()
        )));
    };
    if rows == 0 || columns == 0 {
        return Err(refuse(format!("it is empty, {rows} × {columns}")));
    }
    let expected = rows.checked_mul(columns).and_then(|count| count.checked_mul(element as u64));
    if expected != Some(found as u64) {
        let expected = expected.map_or("more than any computer has".into(), |bytes| bytes.to_string());
        return Err(refuse(format!(
            "its header says {rows} × {columns} numbers of {element} bytes, that is {expected}; {found} bytes follow"
        )));
    }
    Ok((rows as usize, columns as usize))
}

/// How one number is stored.
struct Element {
    is_big_endian: bool,
    bytes: usize,
}

impl Element {
    fn parse(descr: &str) -> Result<Self, ExchangeError> {
        let is_big_endian = descr.starts_with('>');
        let bytes = match descr.trim_start_matches(['<', '>']) {
            "f2" => 2,
            "f4" => 4,
            "f8" => 8,
            _ => {
                return Err(refuse(format!(
                    "it holds {}, expected 16, 32 or 64-bit floating point: use array.astype('float32')",
                    kind(descr)
                )));
            }
        };
        Ok(Self { is_big_endian, bytes })
    }

    fn read(&self, numbers: &[u8]) -> Result<Vec<f32>, ExchangeError> {
        match self.bytes {
            2 => Ok(self.map(numbers, |bytes| f16::from_le_bytes(bytes).to_f32()).collect()),
            4 => Ok(self.map(numbers, f32::from_le_bytes).collect()),
            _ => self.map(numbers, f64::from_le_bytes).map(|value| to_f32(value, refuse)).collect(),
        }
    }

    /// Each number from its bytes, which are given in little-endian order.
    fn map<const N: usize, T>(&self, numbers: &[u8], read: impl Fn([u8; N]) -> T) -> impl Iterator<Item = T> {
        numbers.as_chunks().0.iter().map(move |&(mut bytes)| {
            if self.is_big_endian {
                bytes.reverse();
            }
            read(bytes)
        })
    }
}

/// A type that is not read, in words.
fn kind(descr: &str) -> String {
    let name = match descr.trim_start_matches(['<', '>', '|', '=']).chars().next() {
        Some('i' | 'u') => "whole numbers",
        Some('b') => "true and false",
        Some('c') => "complex numbers",
        Some('O') => "Python objects (a pickle)",
        Some('U' | 'S') => "text",
        Some('[') => "records",
        _ => "numbers of another kind",
    };
    format!("{name} ({descr})")
}
