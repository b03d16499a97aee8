use crate::evaluation::ImageLabel;
use crate::refinement::EmbeddingRows;
use crate::{Error, Result};

/// One side of an evaluation: embeddings and what is known of their images.
#[derive(Clone, Copy, Debug)]
pub struct LabelledSet<'a> {
    pub(crate) embeddings: EmbeddingRows<'a>,
    pub(crate) labels: &'a [ImageLabel],
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
            return Ok(Self { embeddings, labels });
        }
        Err(Error::LabelCount { set, labels: labels.len(), embeddings: embeddings.count() })
    }
}
