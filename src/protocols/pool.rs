use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::Result;
use crate::embedding::EmbeddingRows;
use crate::labels::ImageLabel;
use crate::labels::LabelledSet;

/// Images of one set that are different files, ascending: what a protocol may draw from that takes queries and gallery
/// together. An image that lies in both would count twice.
///
/// Of the images of one file ([`ImageLabel::content`]) the first is kept, or the first with a camera; one of each
/// identity if they have several, because nobody can tell here which of them is wrong, and one without an identity only
/// if all are. Images whose content is not known are all kept.
///
/// ```
/// # use reid_web::labels::ImageLabel;
/// # use reid_web::protocols::distinct_files;
/// let label = |content: &str| ImageLabel { content: Some(content.into()), ..ImageLabel::default() };
/// assert_eq!(distinct_files(&[label("5f1c"), label("a07e"), label("5f1c")]), [0, 1]);
/// ```
#[must_use]
pub fn distinct_files(labels: &[ImageLabel]) -> Vec<usize> {
    let (mut kept, mut first_of) = (Vec::new(), HashMap::new());
    let mut labelled = HashSet::new();
    for (image, label) in labels.iter().enumerate() {
        let Some(content) = label.content.as_deref() else {
            kept.push(image);
            continue;
        };
        if label.identity.is_some() {
            labelled.insert(content);
        }
        let first = first_of.entry((content, label.identity.as_deref())).or_insert(image);
        if labels[*first].camera.is_none() && label.camera.is_some() {
            *first = image;
        }
    }
    let is_needed = |content: &str, identity: Option<&str>| identity.is_some() || !labelled.contains(content);
    kept.extend(
        first_of
            .iter()
            .filter(|((content, identity), _)| is_needed(content, *identity))
            .map(|(_, &image)| image),
    );
    kept.sort_unstable();
    kept
}

/// A set without repeated files.
pub(super) struct Pool<'a> {
    /// `[count]`: indices in the set, ascending.
    pub images: Vec<usize>,
    /// `[count, dim]` row-major.
    values: Cow<'a, [f32]>,
    dim: usize,
    /// `[count]`.
    pub labels: Cow<'a, [ImageLabel]>,
}

impl<'a> Pool<'a> {
    pub fn new(set: &LabelledSet<'a>) -> Self {
        let (images, dim) = (distinct_files(set.labels), set.embeddings.dim());
        if images.len() == set.labels.len() {
            let (values, labels) = (set.embeddings.values().into(), set.labels.into());
            return Self { images, values, dim, labels };
        }
        let (values, labels) = of(set, &images);
        Self { images, values: values.into(), dim, labels: labels.into() }
    }

    pub fn rows(&self) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.values, self.dim)
    }
}

/// Embeddings and labels of some images.
pub(super) fn of(set: &LabelledSet, images: &[usize]) -> (Vec<f32>, Vec<ImageLabel>) {
    let embeddings = images.iter().flat_map(|&image| set.embeddings.row(image)).copied();
    (embeddings.collect(), images.iter().map(|&image| set.labels[image].clone()).collect())
}
