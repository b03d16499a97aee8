//! Images in a folder with one sub-folder for each identity.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::image::{RgbImage, decode, is_known_format};
use crate::workshop::train::Images;
use crate::workshop::train::files::file_error;
use crate::{Error, Result};

/// A folder of identities, in the order of their names.
#[derive(Debug)]
pub struct Folder {
    /// `[identity][index]`
    images: Vec<Vec<PathBuf>>,
    /// `[identity]`, names of their folders
    names: Vec<String>,
}

impl Folder {
    /// Lists a folder. Identities are its sub-folders that hold an image; other files are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if something cannot be read, [`Error::Training`] if there are fewer than two
    /// identities.
    pub fn open(path: &Path) -> Result<Self> {
        let folders = entries(path)?.into_iter().filter(|entry| entry.is_dir());
        let name = |folder: &Path| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let named = folders.map(|folder| Ok((images_in(&folder)?, name(&folder))));
        let named = named.collect::<Result<Vec<_>>>()?;
        let (images, names): (Vec<_>, _) = named.into_iter().filter(|(images, _)| !images.is_empty()).unzip();
        match images.len() {
            0 | 1 => Err(Error::Training(format!(
                "{} has {} subfolders with images, expected two or more, one per identity",
                path.display(),
                images.len()
            ))),
            _ => Ok(Self { images, names }),
        }
    }

    /// Names of the identities, in the order of their numbers.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Folder and file name of an image, with `/` between them.
    #[must_use]
    pub fn image_name(&self, identity: u32, index: u32) -> String {
        let file = self.images[identity as usize][index as usize].file_name().unwrap_or_default();
        format!("{}/{}", self.names[identity as usize], file.to_string_lossy())
    }
}

impl Images for Folder {
    fn identities(&self) -> u32 {
        self.images.len() as u32
    }

    fn count(&self, identity: u32) -> u32 {
        self.images[identity as usize].len() as u32
    }

    fn image(&self, identity: u32, index: u32) -> Result<RgbImage> {
        let path = &self.images[identity as usize][index as usize];
        let bytes = fs::read(path).map_err(|source| file_error(path, source))?;
        decode(&bytes).map_err(|cause| Error::Training(format!("{}: {cause}", path.display())))
    }
}

fn images_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut images = Vec::new();
    for path in entries(folder)?.into_iter().filter(|entry| entry.is_file()) {
        if is_image(&path)? {
            images.push(path);
        }
    }
    Ok(images)
}

/// Whether the file begins as an image does, whatever its name.
fn is_image(path: &Path) -> Result<bool> {
    let mut beginning = Vec::new();
    let file = fs::File::open(path).map_err(|source| file_error(path, source))?;
    file.take(16).read_to_end(&mut beginning).map_err(|source| file_error(path, source))?;
    Ok(is_known_format(&beginning))
}

/// What is in a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|source| file_error(folder, source))?;
    let path = |entry: std::io::Result<fs::DirEntry>| Ok(entry?.path());
    let paths: std::io::Result<Vec<_>> = entries.map(path).collect();
    let mut paths = paths.map_err(|source| file_error(folder, source))?;
    paths.sort();
    Ok(paths)
}
