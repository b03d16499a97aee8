use super::element::{ByteOrder, Element, INT32, UINT32};
use super::{ExchangeError, cut_off, refuse};
use crate::exchange::Matrix;
use crate::exchange::matrix::to_f32;

const IS_COMPLEX: u32 = 0x0800;

/// A variable's description, and its numbers where they are numbers.
pub(super) struct Variable<'a> {
    pub name: String,
    order: ByteOrder,
    class: u32,
    is_complex: bool,
    /// As in the file, signed: -1 is no dimension.
    dimensions: Vec<f64>,
    rest: &'a [u8],
}

impl<'a> Variable<'a> {
    /// Reads the description that a variable begins with.
    pub fn parse(content: &'a [u8], order: ByteOrder) -> Result<Self, ExchangeError> {
        Self::description(content, order).ok_or_else(|| cut_off("the description of a variable"))
    }

    fn description(content: &'a [u8], order: ByteOrder) -> Option<Self> {
        let mut rest = content;
        let flags = Element::take(&mut rest, order).filter(|flags| flags.kind == UINT32)?;
        let flags = order.u32(*flags.bytes.first_chunk()?);
        let dimensions = Element::take(&mut rest, order).filter(|sizes| sizes.kind == INT32);
        let (class, is_complex) = (flags & 0xff, flags & IS_COMPLEX != 0);
        // What MATLAB writes for its newer classes has a name, but no dimensions.
        if dimensions.is_none() && is_numeric(class) {
            return None;
        }
        let dimensions = dimensions.and_then(|sizes| sizes.numbers(order)).unwrap_or_default();
        let name = Element::take(&mut rest, order)?;
        let name = String::from_utf8_lossy(name.bytes).into_owned();
        Some(Self { name, order, class, is_complex, dimensions, rest })
    }

    /// The variable as `[rows, columns]` of real numbers.
    pub fn matrix(&self) -> Result<Matrix, ExchangeError> {
        let (rows, columns) = self.size()?;
        let refuse = |found: String| refuse(format!("{}: {found}", self.name));
        let values: Result<Vec<f32>, _> =
            self.numbers(rows, columns)?.into_iter().map(|value| to_f32(value, refuse)).collect();
        Ok(Matrix::from_columns(&values?, rows, columns))
    }

    /// The variable as one row or one column of real numbers.
    pub fn list(&self) -> Result<Vec<f64>, ExchangeError> {
        let (rows, columns) = self.size()?;
        if rows != 1 && columns != 1 {
            return Err(self.refuse(&format!("is {rows} × {columns}, expected one row")));
        }
        self.numbers(rows, columns)
    }

    fn size(&self) -> Result<(usize, usize), ExchangeError> {
        if !is_numeric(self.class) {
            return Err(self.refuse(&format!("is {}, expected a matrix of numbers", kind(self.class))));
        }
        if self.is_complex {
            return Err(self.refuse("holds complex numbers, expected real ones"));
        }
        match self.dimensions.as_slice() {
            &[rows, columns] if rows >= 0.0 && columns >= 0.0 => Ok((rows as usize, columns as usize)),
            other => Err(self.refuse(&format!("has the dimensions {other:?}, expected two"))),
        }
    }

    /// The numbers, column by column, if they are as many as the dimensions say.
    fn numbers(&self, rows: usize, columns: usize) -> Result<Vec<f64>, ExchangeError> {
        let damaged = || cut_off(&self.name);
        let element = Element::take(&mut &*self.rest, self.order).ok_or_else(damaged)?;
        let numbers = element.numbers(self.order).ok_or_else(damaged)?;
        if rows.checked_mul(columns) != Some(numbers.len()) {
            return Err(self.refuse(&format!("is {rows} × {columns}, but holds {} numbers", numbers.len())));
        }
        Ok(numbers)
    }

    fn refuse(&self, found: &str) -> ExchangeError {
        refuse(format!("{} {found}", self.name))
    }
}

/// Double, single and whole numbers of 8 to 64 bits.
fn is_numeric(class: u32) -> bool {
    (6..=15).contains(&class)
}

/// A class that is not read, in words.
fn kind(class: u32) -> &'static str {
    match class {
        1 => "a cell array",
        2 => "a struct",
        4 => "text",
        5 => "a sparse matrix",
        _ => "an object",
    }
}
