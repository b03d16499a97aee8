//! One set of embeddings and what refinements make of it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::Result;
use crate::embedding::EmbeddingRows;
use crate::labels::LabelledSet;
use crate::labels::{ImageLabel, JUNK};
use crate::refinement::average_groups;

/// One set as it is compared.
#[derive(Clone)]
pub(super) struct RefinedSet<'a> {
    /// `[images, dim]` row-major.
    values: Cow<'a, [f32]>,
    dim: usize,
    pub(super) labels: Cow<'a, [ImageLabel]>,
    /// Of the images as they were given.
    pub(super) originals: &'a [ImageLabel],
    /// `[images]`: the original images that each is the average of, if they are averages.
    pub(super) members: Option<Vec<Vec<usize>>>,
}

/// Some images of a set.
pub(super) struct Subset<'a> {
    /// `[count, dim]` row-major.
    values: Cow<'a, [f32]>,
    dim: usize,
    /// `[count]`: their indices in the set, ascending.
    pub(super) images: Vec<usize>,
}

impl<'a> RefinedSet<'a> {
    pub(super) fn plain(set: &LabelledSet<'a>) -> Self {
        let (values, dim) = (set.embeddings.values().into(), set.embeddings.dim());
        Self { values, dim, labels: set.labels.into(), originals: set.labels, members: None }
    }

    pub(super) fn rows(&self) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.values, self.dim)
    }

    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// - `values`: `[images, dim]` row-major
    pub(super) fn replace(&mut self, values: Vec<f32>, dim: usize) {
        (self.values, self.dim) = (values.into(), dim);
    }

    /// - `values`: `[images.len(), dim]` row-major
    pub(super) fn replace_some(&mut self, images: &[usize], values: &[f32]) {
        let dim = self.dim;
        let all = self.values.to_mut();
        for (&image, embedding) in images.iter().zip(values.chunks_exact(dim)) {
            all[image * dim..][..dim].copy_from_slice(embedding);
        }
    }

    /// The images that are not of identity "-1".
    pub(super) fn without_junk(&self) -> Result<Subset<'_>> {
        let is_kept = |&image: &usize| self.labels[image].identity.as_deref() != Some(JUNK);
        let images: Vec<usize> = (0..self.labels.len()).filter(is_kept).collect();
        let values = if images.len() == self.labels.len() {
            Cow::Borrowed(&*self.values)
        } else {
            let rows = self.rows()?;
            images.iter().flat_map(|&image| rows.row(image)).copied().collect()
        };
        Ok(Subset { values, dim: self.dim, images })
    }

    /// One embedding for each identity, or for what each camera saw of it. Images without an identity and junk stay by
    /// themselves.
    ///
    /// - `by_camera`: images of the query's own camera do not count, so that no average may mix them with others
    pub(super) fn average(&mut self, by_camera: bool) -> Result<()> {
        let mut numbers = HashMap::new();
        let group = |(image, label): (usize, &ImageLabel)| match &label.identity {
            Some(identity) if label.has_subject() => {
                let camera = label.camera.clone().filter(|_| by_camera);
                *numbers.entry((identity.clone(), camera)).or_insert(image)
            }
            _ => image,
        };
        let groups: Vec<usize> = self.labels.iter().enumerate().map(group).collect();
        let averages = average_groups(self.rows()?, &groups)?;
        let label = |members: &Vec<usize>| common_label(members.iter().map(|&image| &self.labels[image]));
        self.labels = averages.members.iter().map(label).collect();
        self.values = averages.values.into();
        self.members = Some(averages.members);
        Ok(())
    }
}

impl Subset<'_> {
    pub(super) fn rows(&self) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.values, self.dim)
    }
}

/// The identity of the first, and the camera if all have the same. An average is no file.
fn common_label<'a>(mut labels: impl Iterator<Item = &'a ImageLabel>) -> ImageLabel {
    let Some(first) = labels.next() else { return ImageLabel::default() };
    let is_common = labels.all(|label| label.camera == first.camera);
    ImageLabel {
        identity: first.identity.clone(),
        camera: first.camera.clone().filter(|_| is_common),
        content: None,
    }
}

/// Pairs of images as pairs of their averages, where there are any.
///
/// - `pairs`: `[queries]`: gallery images of each
/// - `query`, `gallery`: members of each average
/// - returns `[queries or averages]`: gallery images or averages of each, ascending
pub(super) fn grouped(
    pairs: &[Vec<usize>],
    query: Option<&[Vec<usize>]>,
    gallery: Option<&[Vec<usize>]>,
) -> Vec<Vec<usize>> {
    let mut average_of = HashMap::new();
    for (average, members) in gallery.into_iter().flatten().enumerate() {
        average_of.extend(members.iter().map(|&image| (image, average)));
    }
    let renamed = |image: &usize| average_of.get(image).copied().unwrap_or(*image);
    let union = |images: &mut dyn Iterator<Item = &usize>| {
        images.map(renamed).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    match query {
        None => pairs.iter().map(|images| union(&mut images.iter())).collect(),
        Some(groups) => {
            groups.iter().map(|members| union(&mut members.iter().flat_map(|&image| &pairs[image]))).collect()
        }
    }
}
