use std::borrow::Cow;

use crate::embedding::EmbeddingRows;
use crate::labels::{ImageLabel, Missing};
use crate::{Error, Result};

/// One side of an evaluation: embeddings and what is known of their images.
#[derive(Clone, Copy, Debug)]
pub struct LabelledSet<'a> {
    pub(crate) embeddings: EmbeddingRows<'a>,
    pub(crate) labels: &'a [ImageLabel],
    /// Images of the set that are not among these.
    missing: Option<&'a Missing>,
    /// One for each embedding.
    ids: Option<&'a [u32]>,
}

impl<'a> LabelledSet<'a> {
    /// - `set`: "query", "gallery" or "pool", for errors
    /// - `labels`: one for each embedding
    ///
    /// # Errors
    ///
    /// [`Error::LabelCount`] if there are more or fewer.
    pub fn new(set: &'static str, embeddings: EmbeddingRows<'a>, labels: &'a [ImageLabel]) -> Result<Self> {
        if embeddings.count() == labels.len() {
            return Ok(Self { embeddings, labels, missing: None, ids: None });
        }
        Err(Error::LabelCount { set, labels: labels.len(), embeddings: embeddings.count() })
    }

    /// With the ids of its images, ascending, for sets that may share some: an image is never ranked for itself.
    ///
    /// # Errors
    ///
    /// [`Error::LabelCount`] if there are more or fewer than labels.
    pub fn with_ids(self, ids: &'a [u32]) -> Result<Self> {
        if ids.len() == self.labels.len() {
            return Ok(Self { ids: Some(ids), ..self });
        }
        Err(Error::LabelCount { set: "ids", labels: self.labels.len(), embeddings: ids.len() })
    }

    /// `[images]`: the index in `gallery` of each image that is there too.
    pub(crate) fn own_images(&self, gallery: &Self) -> Vec<Option<usize>> {
        match (self.ids, gallery.ids) {
            (Some(ids), Some(others)) => own_images(ids, others),
            _ => vec![None; self.labels.len()],
        }
    }

    /// Those images, or none.
    pub(crate) fn missing(&self) -> Cow<'a, Missing> {
        self.missing.map_or_else(|| Cow::Owned(Missing::default()), Cow::Borrowed)
    }

    /// With images of the set that have no embedding, so that none of them is taken to be absent.
    #[must_use]
    pub fn without(self, missing: &'a Missing) -> Self {
        Self { missing: Some(missing), ..self }
    }
}

/// `[ids]`: where each is among `others`.
///
/// - `others`: ascending
pub(crate) fn own_images(ids: &[u32], others: &[u32]) -> Vec<Option<usize>> {
    ids.iter().map(|id| others.binary_search(id).ok()).collect()
}
