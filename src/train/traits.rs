//! Traits of the identities, in numbers: a second thing to learn besides who is who.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::folder::file_error;
use crate::{Error, Result};

/// One row of traits for each identity, each trait with mean 0 and variance 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    /// `[identities, count]`
    values: Vec<f32>,
    count: usize,
}

impl Traits {
    /// Reads `{"identity": [trait, …], …}`.
    ///
    /// - `names`: of the identities, in the order of their numbers
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read; [`Error::Training`] if it is no such object, an identity is
    /// missing, or identities have different numbers of traits.
    pub fn read(path: &Path, names: &[String]) -> Result<Self> {
        let bytes = fs::read(path).map_err(|source| file_error(path, source))?;
        let refuse = |found: String| Error::Training(format!("{}: {found}", path.display()));
        let all: BTreeMap<String, Vec<f32>> =
            serde_json::from_slice(&bytes).map_err(|cause| refuse(cause.to_string()))?;
        let row = |name| all.get(name).cloned().ok_or_else(|| refuse(format!("no traits of {name}")));
        let rows = names.iter().map(row).collect::<Result<Vec<_>>>()?;
        Self::new(rows).ok_or_else(|| refuse("identities have different numbers of traits".into()))
    }

    /// Standardises the rows; `None` if they differ in length or there are none.
    #[must_use]
    pub fn new(mut rows: Vec<Vec<f32>>) -> Option<Self> {
        let count = rows.first()?.len();
        if count == 0 || rows.iter().any(|row| row.len() != count) {
            return None;
        }
        for column in 0..count {
            standardise(&mut rows, column);
        }
        Some(Self { values: rows.concat(), count })
    }

    /// Number of traits of an identity.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The traits of one identity.
    #[must_use]
    pub fn of(&self, identity: u32) -> &[f32] {
        &self.values[identity as usize * self.count..][..self.count]
    }
}

/// A trait that all have alike becomes 0.
fn standardise(rows: &mut [Vec<f32>], column: usize) {
    let count = rows.len() as f32;
    let mean = rows.iter().map(|row| row[column]).sum::<f32>() / count;
    let variance = rows.iter().map(|row| (row[column] - mean).powi(2)).sum::<f32>() / count;
    let scale = if variance > 1e-12 { variance.sqrt().recip() } else { 0.0 };
    for row in rows {
        row[column] = (row[column] - mean) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_standardised_and_constant_ones_say_nothing() {
        let traits =
            Traits::new(vec![vec![1.0, 7.0], vec![3.0, 7.0], vec![5.0, 7.0]]).unwrap_or_else(|| panic!());
        let largest = 1.5_f32.sqrt();
        assert_eq!(traits.count(), 2);
        for (identity, expected) in [(0, -largest), (1, 0.0), (2, largest)] {
            assert!((traits.of(identity)[0] - expected).abs() < 1e-6);
            assert_eq!(traits.of(identity)[1], 0.0);
        }
        assert_eq!(Traits::new(vec![vec![1.0], vec![1.0, 2.0]]), None);
        assert_eq!(Traits::new(Vec::new()), None);
    }
}
