//! The values that options take.

use std::fmt::Display;
use std::ops::{RangeFrom, RangeInclusive};
use std::str::FromStr;

use lexopt::{Parser, ValueExt};
use reid_web::metrics::UnmatchedPolicy;
use reid_web::refinement::ScoreNorm;

use crate::Outcome;
use crate::output::console::either;

/// A whole number in the range that an option takes.
pub fn whole<T: FromStr + PartialOrd + Display>(
    name: &str,
    parser: &mut Parser,
    range: RangeFrom<T>,
) -> Outcome<T> {
    let is_in = |number: &T| range.contains(number);
    number(name, parser, is_in, format_args!("a whole number, {} or more", range.start))
}

/// A fraction in the range that an option takes.
pub fn fraction(name: &str, parser: &mut Parser, range: RangeInclusive<f64>) -> Outcome<f64> {
    let is_in = |number: &f64| range.contains(number);
    number(name, parser, is_in, format_args!("a number from {} to {}", range.start(), range.end()))
}

fn number<T: FromStr>(
    name: &str,
    parser: &mut Parser,
    is_in_range: impl Fn(&T) -> bool,
    expected: impl Display,
) -> Outcome<T> {
    let value = parser.value()?;
    let number = value.to_str().and_then(|text| text.parse().ok()).filter(is_in_range);
    number.ok_or_else(|| format!("--{name} is {}, expected {expected}", value.to_string_lossy()).into())
}

/// One of the words that an option takes.
fn word<T>(name: &str, parser: &mut Parser, words: &[(&str, T)]) -> Outcome<T>
where
    T: Copy,
{
    let value = parser.value()?.string()?;
    let found = words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("--{name} is {value}, expected {}", either(&words)).into()
    })
}

pub fn is_webgpu(name: &str, parser: &mut Parser) -> Outcome<bool> {
    word(name, parser, &[("cpu", false), ("webgpu", true)])
}

pub fn norm(name: &str, parser: &mut Parser) -> Outcome<ScoreNorm> {
    word(name, parser, &[("z", ScoreNorm::Z), ("t", ScoreNorm::T), ("s", ScoreNorm::S)])
}

pub fn policy(name: &str, parser: &mut Parser) -> Outcome<UnmatchedPolicy> {
    word(name, parser, &[("drop", UnmatchedPolicy::Drop), ("zero", UnmatchedPolicy::Zero)])
}
