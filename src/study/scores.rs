//! Embeddings after the refinements, and the scores between them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{LabelledSet, Refinements};
use crate::Result;
use crate::evaluation::ImageLabel;
use crate::refinement::{
    EmbeddingRows, KReciprocal, ReRanking, Whitening, WhiteningOptions, augment_gallery, average_groups,
    expand_queries, normalise_scores,
};

/// Both sets as they are compared.
pub(super) struct Refined<'a> {
    pub(super) query: RefinedSet<'a>,
    pub(super) gallery: RefinedSet<'a>,
}

/// One set as it is compared.
#[derive(Clone)]
pub(super) struct RefinedSet<'a> {
    /// `[images, dim]` row-major.
    values: Cow<'a, [f32]>,
    dim: usize,
    pub(super) labels: Cow<'a, [ImageLabel]>,
    /// `[images]`: the original images behind each, when they are averages.
    pub(super) members: Option<Vec<Vec<usize>>>,
}

impl<'a> Refined<'a> {
    pub(super) fn new(
        query: &LabelledSet<'a>,
        gallery: &LabelledSet<'a>,
        refinements: &Refinements,
    ) -> Result<Self> {
        let mut refined = Self { query: RefinedSet::plain(query), gallery: RefinedSet::plain(gallery) };
        if let Some(options) = refinements.whitening {
            refined.whiten(options)?;
        }
        if refinements.average_queries {
            refined.query.average()?;
        }
        if refinements.average_gallery {
            refined.gallery.average()?;
        }
        let augmented = refinements
            .gallery_augmentation
            .map(|settings| augment_gallery(refined.gallery.rows()?, settings));
        let expanded = refinements
            .query_expansion
            .map(|settings| expand_queries(refined.query.rows()?, refined.gallery.rows()?, settings));
        if let Some(values) = expanded.transpose()? {
            refined.query.values = values.into();
        }
        if let Some(values) = augmented.transpose()? {
            refined.gallery.values = values.into();
        }
        Ok(refined)
    }

    fn whiten(&mut self, options: WhiteningOptions) -> Result<()> {
        let whitening = Whitening::fit(&[self.gallery.rows()?], options)?;
        for set in [&mut self.query, &mut self.gallery] {
            set.values = whitening.apply(set.rows()?)?.into();
            set.dim = whitening.components();
        }
        Ok(())
    }

    /// Gives the scores of each query with the gallery to `take`, in order: `[gallery]`, higher is closer.
    pub(super) fn for_each_row(&self, refinements: &Refinements, mut take: impl FnMut(&[f32])) -> Result<()> {
        let Some(normalisation) = refinements.normalisation else {
            return self.for_each_plain_row(refinements.re_ranking, take);
        };
        // A column is normalised by all of its rows.
        let mut all = Vec::new();
        self.for_each_plain_row(refinements.re_ranking, |row| all.extend_from_slice(row))?;
        let gallery = self.gallery.labels.len();
        normalise_scores(&mut all, gallery, normalisation.norm, normalisation.cohort)?;
        all.chunks_exact(gallery.max(1)).for_each(&mut take);
        Ok(())
    }

    fn for_each_plain_row(
        &self,
        re_ranking: Option<KReciprocal>,
        mut take: impl FnMut(&[f32]),
    ) -> Result<()> {
        let (queries, gallery) = (self.query.rows()?, self.gallery.rows()?);
        if let Some(settings) = re_ranking {
            let mut scores = Vec::new();
            return ReRanking::new(queries, gallery, settings)?.for_each_row(|_, distances| {
                scores.clear();
                scores.extend(distances.iter().map(|distance| 1.0 - distance));
                take(&scores);
            });
        }
        queries.for_each_similarity_row(gallery, take)
    }
}

impl<'a> RefinedSet<'a> {
    fn plain(set: &LabelledSet<'a>) -> Self {
        let (values, dim) = (set.embeddings.values().into(), set.embeddings.dim());
        Self { values, dim, labels: set.labels.into(), members: None }
    }

    fn rows(&self) -> Result<EmbeddingRows<'_>> {
        EmbeddingRows::new(&self.values, self.dim)
    }

    /// One embedding for each identity. Images without one and junk stay by themselves.
    fn average(&mut self) -> Result<()> {
        let mut numbers = HashMap::new();
        let group = |(image, label): (usize, &ImageLabel)| match &label.identity {
            Some(identity) if label.has_subject() => *numbers.entry(identity.clone()).or_insert(image),
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

/// The identity of the first, and the camera if all have the same.
fn common_label<'a>(mut labels: impl Iterator<Item = &'a ImageLabel>) -> ImageLabel {
    let Some(first) = labels.next() else { return ImageLabel::default() };
    let is_common = labels.all(|label| label.camera == first.camera);
    ImageLabel {
        identity: first.identity.clone(),
        camera: first.camera.clone().filter(|_| is_common),
        content: None,
    }
}
