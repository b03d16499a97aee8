use serde::{Deserialize, Serialize};

use super::{ExchangeError, Labels, Matrix, read_labels, read_npy};
use crate::dataset::{Set, read_cameras, read_identities};
use crate::embedding::EmbeddingRows;
use crate::embedding::normalise;
use crate::labels::ImageLabel;
use crate::{Error, Result};

/// How far from 1 the length of an embedding may be for its values to stay as they are, to the bit: what is
/// normalised in 32 bits, in whatever order it is summed, is not changed by being saved and read.
const KEPT_TOLERANCE: f64 = 1e-5;

/// An image that only has an embedding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedImage {
    /// Its file, by which people know it.
    pub path: String,
    /// Query or gallery; `None` if the file does not say.
    pub set: Option<Set>,
    /// Who or what it shows.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// SHA-256 of its file, by which the same file is known wherever it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl ImportedImage {
    /// What an evaluation needs to know of it.
    #[must_use]
    pub fn label(&self) -> ImageLabel {
        let Self { identity, camera, content, .. } = self.clone();
        ImageLabel { identity, camera, content }
    }
}

/// Reads the labels of a whole file as all labels are read ([`read_identities`], [`read_cameras`]).
pub(super) fn read_label_columns(images: &mut [ImportedImage]) {
    let identities = read_identities(images.iter().map(|image| image.identity.as_deref()));
    let cameras = read_cameras(images.iter().map(|image| image.camera.as_deref()));
    for ((image, identity), camera) in images.iter_mut().zip(identities).zip(cameras) {
        image.identity = identity;
        image.camera = camera;
        image.content = image.content.take().and_then(|content| read_content(&content));
    }
}

/// A SHA-256 in hexadecimal, in lower case; what is none tells nothing of the file.
fn read_content(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_ascii_lowercase())
}

/// Embeddings made elsewhere, with their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedSet {
    /// `[N]`, at least one.
    pub images: Vec<ImportedImage>,
    /// `[N, dim]` row-major, each of length 1.
    pub embeddings: Vec<f32>,
    /// Values of each embedding.
    pub dim: usize,
    /// Embeddings that had another length than 1, by more than 0.00001, and were scaled.
    pub rescaled: usize,
}

impl ImportedSet {
    /// Reads a `.npy` file of embeddings and a CSV of their labels: row n of both belong together.
    ///
    /// # Errors
    ///
    /// What [`read_npy`] and [`read_labels`] refuse; different numbers of rows; an embedding with NaN or infinity
    /// or of zeros, by its line in the CSV and its path.
    ///
    /// ```
    /// # use reid_web::embedding::EmbeddingRows;
    /// # use reid_web::exchange::{ImportedSet, write_npy};
    /// # let npy = write_npy(EmbeddingRows::new(&[1.0, 0.0, 0.6, 0.8], 2)?);
    /// let labels = b"path,set,identity\na.jpg,query,0001\nb.jpg,gallery,0001\n";
    /// let imported = ImportedSet::from_npy_and_csv(&npy, labels)?;
    /// assert_eq!(imported.images[1].identity.as_deref(), Some("0001"));
    /// assert_eq!((imported.dim, imported.rescaled), (2, 0));
    /// # Ok::<(), reid_web::Error>(())
    /// ```
    pub fn from_npy_and_csv(npy: &[u8], csv: &[u8]) -> Result<Self, ExchangeError> {
        let matrix = read_npy(npy)?;
        let Labels { images, lines, .. } = read_labels(csv)?;
        let paths: Vec<String> = images.iter().map(|image| image.path.clone()).collect();
        Self::new(images, matrix, |row| format!("{} (line {} of the CSV)", paths[row], lines[row]))
    }

    /// Puts images and embeddings together and scales the embeddings to length 1.
    ///
    /// - `place`: where a row is, for people
    pub(super) fn new(
        images: Vec<ImportedImage>,
        matrix: Matrix,
        place: impl Fn(usize) -> String,
    ) -> Result<Self, ExchangeError> {
        let Matrix { values: mut embeddings, rows, columns: dim } = matrix;
        if rows != images.len() {
            return Err(ExchangeError::Count { embeddings: rows, labels: images.len() });
        }
        if embeddings.is_empty() {
            return Err(ExchangeError::Empty);
        }
        let mut rescaled = 0;
        for (row, embedding) in embeddings.chunks_exact_mut(dim).enumerate() {
            let refuse = |source| ExchangeError::Embedding { place: place(row), source: Box::new(source) };
            rescaled += usize::from(scale(embedding).map_err(refuse)?);
        }
        Ok(Self { images, embeddings, dim, rescaled })
    }

    /// The embeddings, row by row.
    ///
    /// Errors if the fields were changed so that they are none.
    pub fn rows(&self) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.embeddings, self.dim)
    }
}

/// Gives an embedding the length 1; whether that changed it.
fn scale(embedding: &mut [f32]) -> Result<bool, Error> {
    let squares: f64 = embedding.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
    if (squares.sqrt() - 1.0).abs() <= KEPT_TOLERANCE {
        return Ok(false);
    }
    normalise(embedding).map(|()| true)
}
