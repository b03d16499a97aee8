//! A tensor as it lies in a weight file.

use std::ops::Range;

use half::{bf16, f16};

use crate::encoder::naming::source::Arrangement;
use crate::weights::Dtype;
use crate::{Error, Result};

/// A tensor of a weight file whose elements are finite.
pub(crate) struct StoredTensor<'a> {
    name: &'a str,
    dtype: Dtype,
    /// Number of rows, which are single values in a vector.
    rows: usize,
    /// Little-endian elements, row-major.
    bytes: &'a [u8],
}

impl<'a> StoredTensor<'a> {
    /// - `dtype`: as in the file's header
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names a tensor in another format, of another length than its shape takes, or with a
    /// value that is not finite.
    pub fn new(name: &'a str, dtype: &str, shape: &[usize], bytes: &'a [u8]) -> Result<Self> {
        let dtype = parse_dtype(name, dtype)?;
        check_length(name, dtype, shape, bytes.len() as u64)?;
        let tensor = Self { name, dtype, rows: shape[0], bytes };
        tensor.check_finite()?;
        Ok(tensor)
    }

    /// In its file.
    pub fn name(&self) -> &str {
        self.name
    }

    /// Its number format.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The rows that hold a tensor of the network.
    pub fn rows_of(&self, arrangement: &Arrangement) -> Range<usize> {
        match arrangement {
            Arrangement::Whole | Arrangement::Transposed => 0..self.rows,
            Arrangement::Rows(rows) => rows.clone(),
        }
    }

    /// Calls `each` with the values of one row after another.
    pub fn for_each_row(&self, rows: Range<usize>, mut each: impl FnMut(&[f32])) {
        let length = self.bytes.len() / self.rows;
        let mut values = Vec::with_capacity(length / self.dtype.size());
        for row in self.bytes.chunks_exact(length).take(rows.end).skip(rows.start) {
            values.clear();
            read(self.dtype, row, &mut values);
            each(&values);
        }
    }

    fn check_finite(&self) -> Result<()> {
        let mut first = 0;
        let mut found = None;
        self.for_each_row(0..self.rows, |values| {
            let at = values.iter().position(|value| !value.is_finite());
            found = found.or(at.map(|at| (first + at, values[at])));
            first += values.len();
        });
        match found {
            None => Ok(()),
            Some((at, value)) => Err(Error::Checkpoint(format!(
                "tensor {} holds {value} at element {at}; weights must be finite",
                self.name
            ))),
        }
    }
}

fn parse_dtype(name: &str, dtype: &str) -> Result<Dtype> {
    Dtype::parse(dtype).ok_or_else(|| {
        Error::Checkpoint(format!("tensor {name} is stored as {dtype}, expected F32, F16 or BF16"))
    })
}

fn check_length(name: &str, dtype: Dtype, shape: &[usize], found: u64) -> Result<()> {
    let expected = (shape.iter().product::<usize>() * dtype.size()) as u64;
    if found == expected {
        return Ok(());
    }
    Err(Error::Checkpoint(format!(
        "tensor {name} has {found} bytes; {shape:?} in {dtype:?} takes {expected}"
    )))
}

/// Appends the values to `values`.
fn read(dtype: Dtype, bytes: &[u8], values: &mut Vec<f32>) {
    let (fours, twos) = (bytes.as_chunks().0, bytes.as_chunks().0);
    match dtype {
        Dtype::F32 => values.extend(fours.iter().map(|bytes| f32::from_le_bytes(*bytes))),
        Dtype::F16 => values.extend(twos.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32())),
        Dtype::BF16 => values.extend(twos.iter().map(|bytes| bf16::from_le_bytes(*bytes).to_f32())),
    }
}
