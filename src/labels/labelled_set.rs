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
            return Ok(Self { embeddings, labels, missing: None });
        }
        Err(Error::LabelCount { set, labels: labels.len(), embeddings: embeddings.count() })
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
