//! Labels are numbers in these files, and text in the crate.

use std::collections::HashMap;

use super::{ExchangeError, refuse};
use crate::exchange::ImportedImage;

/// Whole numbers up to this have a floating-point number of their own.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Numbers as text: 51 is "51", and NaN is unknown.
pub(super) fn to_text(name: &str, numbers: &[f64]) -> Result<Vec<Option<String>>, ExchangeError> {
    let text = |(index, &number): (usize, &f64)| {
        if number.is_nan() {
            return Ok(None);
        }
        if number.trunc() == number && number.abs() < MAX_WHOLE {
            return Ok(Some((number as i64).to_string()));
        }
        Err(refuse(format!("{name}[{index}] is {number}, expected a whole number below 2^53")))
    };
    numbers.iter().enumerate().map(text).collect()
}

/// Text as numbers, if every image has one and different texts are different numbers.
#[derive(Default)]
pub(super) struct Numbers<'a> {
    known: HashMap<i64, &'a str>,
}

impl<'a> Numbers<'a> {
    /// - `what`: "identity" or "camera"
    pub fn number(
        &mut self,
        what: &str,
        image: &ImportedImage,
        text: Option<&'a str>,
    ) -> Result<i64, ExchangeError> {
        let refuse = |found: String| Err(ExchangeError::MatLabels(format!("{} {found}", image.path)));
        let Some(text) = text else {
            return refuse(format!("has no {what}"));
        };
        let Ok(number) = text.parse() else {
            return refuse(format!("has the {what} {text:?}, expected a whole number"));
        };
        let first = *self.known.entry(number).or_insert(text);
        if first != text {
            return refuse(format!("has the {what} {text:?} and another image {first:?}, both {number}"));
        }
        Ok(number)
    }
}
