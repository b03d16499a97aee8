//! Embeddings after the refinements, and the scores between them.

use super::refined_set::{RefinedSet, Subset, grouped};
use super::{Refinements, Settings};
use crate::evaluation::{Eligibility, EvaluationOptions, same_files};
use crate::labels::LabelledSet;
use crate::refinement::{
    KReciprocal, ReRanking, Whitening, WhiteningOptions, augment_gallery, expand_queries, normalise_scores,
};
use crate::{Error, Result};

/// Both sets as they are compared.
pub(super) struct Refined<'a> {
    pub(super) query: RefinedSet<'a>,
    pub(super) gallery: RefinedSet<'a>,
    /// `[queries]`: the gallery image that each is itself.
    own: Vec<Option<usize>>,
}

impl<'a> Refined<'a> {
    pub(super) fn new(
        query: &LabelledSet<'a>,
        gallery: &LabelledSet<'a>,
        settings: &Settings,
    ) -> Result<Self> {
        let (refinements, by_camera) = (&settings.refinements, settings.evaluation.remove_same_camera);
        let own = query.own_images(gallery);
        if !refinements.is_none() && own.iter().any(Option::is_some) {
            return Err(Error::RefinedCollection);
        }
        let mut refined = Self { query: RefinedSet::plain(query), gallery: RefinedSet::plain(gallery), own };
        if let Some(options) = refinements.whitening {
            refined.whiten(options)?;
        }
        if refinements.average_queries {
            refined.query.average(by_camera)?;
        }
        if refinements.average_gallery {
            refined.gallery.average(by_camera)?;
        }
        refined.expand(refinements)?;
        Ok(refined)
    }

    fn whiten(&mut self, options: WhiteningOptions) -> Result<()> {
        let whitening = Whitening::fit(&[self.gallery.without_junk()?.rows()?], options)?;
        if let Some(asked) = options.components.filter(|&asked| asked > whitening.components()) {
            return Err(Error::ComponentCount(asked, whitening.components()));
        }
        for set in [&mut self.query, &mut self.gallery] {
            set.replace(whitening.apply(set.rows()?)?, whitening.components());
        }
        Ok(())
    }

    /// Both expansions, each from the gallery as it was.
    fn expand(&mut self, refinements: &Refinements) -> Result<()> {
        if refinements.gallery_augmentation.is_none() && refinements.query_expansion.is_none() {
            return Ok(());
        }
        let near = self.gallery.without_junk()?;
        let augmented =
            refinements.gallery_augmentation.map(|settings| augment_gallery(near.rows()?, settings));
        let expanded = refinements
            .query_expansion
            .map(|settings| expand_queries(self.query.rows()?, near.rows()?, settings));
        let (augmented, expanded) = (augmented.transpose()?, expanded.transpose()?);
        let images = near.images;
        if let Some(values) = augmented {
            self.gallery.replace_some(&images, &values);
        }
        if let Some(values) = expanded {
            let dim = self.gallery.dim();
            self.query.replace(values, dim);
        }
        Ok(())
    }

    /// Which pairs count.
    ///
    /// An average with the query's own file in it is left out for that query, which would find itself in it; so is a
    /// gallery image whose file is in an average of queries.
    pub(super) fn eligibility(&self, options: EvaluationOptions) -> Eligibility {
        let (query, gallery) = (&self.query, &self.gallery);
        let pairs = same_files(query.originals, gallery.originals);
        let pairs = grouped(&pairs, query.members.as_deref(), gallery.members.as_deref());
        let eligibility = Eligibility::new(&query.labels, &gallery.labels, options).with_same_files(pairs);
        // Averages are no images of either set.
        if self.own.iter().any(Option::is_some) {
            eligibility.with_own(self.own.clone())
        } else {
            eligibility
        }
    }

    /// Gives the scores of each query with the gallery to `take`, in order: `[gallery]`, higher is closer.
    ///
    /// Where queries and gallery are taken together, junk is not among them: in the gallery its scores are NaN, and a
    /// query that is junk has none.
    pub(super) fn for_each_row(
        &self,
        refinements: &Refinements,
        mut take: impl FnMut(Option<&[f32]>),
    ) -> Result<()> {
        if refinements.re_ranking.is_none() && refinements.normalisation.is_none() {
            return self.query.rows()?.for_each_similarity_row(self.gallery.rows()?, |row| take(Some(row)));
        }
        let (query, gallery) = (self.query.without_junk()?, self.gallery.without_junk()?);
        let mut row = vec![f32::NAN; self.gallery.labels.len()];
        let mut is_junk = vec![true; self.query.labels.len()];
        query.images.iter().for_each(|&image| is_junk[image] = false);
        let mut queries = is_junk.into_iter();
        for_each_joint_row(&query, &gallery, refinements, |scores| {
            queries.by_ref().take_while(|&is_junk| is_junk).for_each(|_| take(None));
            gallery.images.iter().zip(scores).for_each(|(&image, &score)| row[image] = score);
            take(Some(&row));
        })?;
        queries.for_each(|_| take(None));
        Ok(())
    }
}

/// The scores of each query, in order: `[gallery]`.
fn for_each_joint_row(
    query: &Subset,
    gallery: &Subset,
    refinements: &Refinements,
    mut take: impl FnMut(&[f32]),
) -> Result<()> {
    let Some(normalisation) = refinements.normalisation else {
        return for_each_unnormalised_row(query, gallery, refinements.re_ranking, take);
    };
    // A column is normalised by all of its rows.
    let mut all = Vec::new();
    for_each_unnormalised_row(query, gallery, refinements.re_ranking, |row| all.extend_from_slice(row))?;
    let images = gallery.images.len();
    normalise_scores(&mut all, images, normalisation.norm, normalisation.cohort)?;
    all.chunks_exact(images.max(1)).for_each(&mut take);
    Ok(())
}

fn for_each_unnormalised_row(
    query: &Subset,
    gallery: &Subset,
    re_ranking: Option<KReciprocal>,
    mut take: impl FnMut(&[f32]),
) -> Result<()> {
    let (query, gallery) = (query.rows()?, gallery.rows()?);
    let Some(settings) = re_ranking else { return query.for_each_similarity_row(gallery, take) };
    let mut scores = Vec::new();
    ReRanking::new(query, gallery, settings)?.for_each_row(|_, distances| {
        scores.clear();
        scores.extend(distances.iter().map(|distance| 1.0 - distance));
        take(&scores);
    })
}
