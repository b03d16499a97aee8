//! What is known of drawn hands beside who is who: a second thing to learn.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::workshop::train::files::file_error;
use crate::workshop::train::{Folder, Images};
use crate::{Error, Result};

/// Traits of the identities and landmarks of their images.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotations {
    /// `[identity][T]`, each trait with mean 0 and variance 1.
    traits: Vec<Vec<f32>>,
    /// `[identity][index][L]`, x and y as shares of the side.
    landmarks: Vec<Vec<Vec<[f32; 2]>>>,
}

/// The file: by the folder of the identity, and by folder and name of the image.
#[derive(Deserialize)]
struct File {
    traits: BTreeMap<String, Vec<f32>>,
    landmarks: BTreeMap<String, Vec<[f32; 2]>>,
}

impl Annotations {
    /// Reads `{"traits": {"identity": [t, …], …}, "landmarks": {"identity/image.jpg": [[x, y], …], …}}`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read; [`Error::Training`] if it is no such object, lacks an identity
    /// or an image of the folder, or has more of one than of another.
    pub fn read(path: &Path, folder: &Folder) -> Result<Self> {
        let bytes = fs::read(path).map_err(|source| file_error(path, source))?;
        let refuse = |found: String| Error::Training(format!("{}: {found}", path.display()));
        let mut file: File = serde_json::from_slice(&bytes).map_err(|cause| refuse(cause.to_string()))?;
        let mut traits = Vec::new();
        let mut landmarks = Vec::new();
        for (identity, name) in (0..).zip(folder.names()) {
            traits.push(file.traits.remove(name).ok_or_else(|| refuse(format!("no traits of {name}")))?);
            let of_image = |index| {
                let image = folder.image_name(identity, index);
                file.landmarks.remove(&image).ok_or_else(|| refuse(format!("no landmarks of {image}")))
            };
            landmarks.push((0..folder.count(identity)).map(of_image).collect::<Result<_>>()?);
        }
        Self::new(traits, landmarks).ok_or_else(|| refuse("the lists differ in length".into()))
    }

    /// Standardises the traits; `None` if there are none, or lists that should be alike differ in length.
    ///
    /// - `traits`: `[identity][T]`
    /// - `landmarks`: `[identity][index][L]`, x and y as shares of the side of a square image
    #[must_use]
    pub fn new(mut traits: Vec<Vec<f32>>, landmarks: Vec<Vec<Vec<[f32; 2]>>>) -> Option<Self> {
        let (trait_count, landmark_count) = (traits.first()?.len(), landmarks.first()?.first()?.len());
        if traits.iter().any(|row| row.len() != trait_count)
            || landmarks.iter().flatten().any(|row| row.len() != landmark_count)
        {
            return None;
        }
        for column in 0..trait_count {
            standardise(&mut traits, column);
        }
        Some(Self { traits, landmarks })
    }

    /// T, number of traits of an identity.
    #[must_use]
    pub fn trait_count(&self) -> usize {
        self.traits.first().map_or(0, Vec::len)
    }

    /// L, number of landmarks of an image.
    #[must_use]
    pub fn landmark_count(&self) -> usize {
        self.landmarks.first().and_then(|images| images.first()).map_or(0, Vec::len)
    }

    /// The traits of one identity.
    #[must_use]
    pub fn traits(&self, identity: u32) -> &[f32] {
        &self.traits[identity as usize]
    }

    /// The landmarks of one image.
    #[must_use]
    pub fn landmarks(&self, identity: u32, index: u32) -> &[[f32; 2]] {
        &self.landmarks[identity as usize][index as usize]
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
        let landmarks = vec![vec![vec![[0.5, 0.25]]]; 3];
        let traits = vec![vec![1.0, 7.0], vec![3.0, 7.0], vec![5.0, 7.0]];
        let annotations = Annotations::new(traits, landmarks.clone()).unwrap_or_else(|| panic!());
        let largest = 1.5_f32.sqrt();
        assert_eq!((annotations.trait_count(), annotations.landmark_count()), (2, 1));
        for (identity, expected) in [(0, -largest), (1, 0.0), (2, largest)] {
            assert!((annotations.traits(identity)[0] - expected).abs() < 1e-6);
            assert_eq!(annotations.traits(identity)[1], 0.0);
            assert_eq!(annotations.landmarks(identity, 0), [[0.5, 0.25]]);
        }
        assert_eq!(Annotations::new(vec![vec![1.0], vec![1.0, 2.0]], landmarks), None);
        assert_eq!(Annotations::new(Vec::new(), Vec::new()), None);
    }
}
