use std::collections::HashMap;

use serde::Serialize;

use super::CmcSummary;
use crate::evaluation::{Eligibility, Evaluation, EvaluationOptions, RowEvaluation};
use crate::labels::ImageLabel;
use crate::labels::LabelledSet;
use crate::metrics::cumulative_match_characteristic;
use crate::ranking::RankKey;
use crate::seeded_random::SeededRandom;
use crate::{Error, Result};

/// Draws for each query, as in torchreid.
pub const REPEATS: usize = 10;

/// What ranking one gallery image of each identity found. Fractions are 0..=1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleShot {
    /// Draws for each query.
    pub repeats: usize,
    /// `[ranks]`: entry k - 1 is the share of evaluated queries, mean over the repeats, whose match is within the first
    /// k of the drawn images. As long as the most drawn images of an evaluated query, at least 1; empty if there is
    /// none.
    pub cmc: Vec<f64>,
    /// Mean and sample standard deviation over the repeats: how much it depends on the draws.
    pub summary: CmcSummary,
    /// The same queries with the whole gallery. Its mAPs are also those of this protocol, its CMC is not.
    pub evaluation: Evaluation,
}

/// Gallery images of one identity; one of them is drawn for a query.
#[derive(Clone, Copy, Debug)]
pub struct Candidates<'a> {
    /// Index of the query.
    pub query: usize,
    /// Index of the draw, from 0.
    pub repeat: usize,
    /// Gallery indices, ascending and at least one.
    pub images: &'a [usize],
}

/// CUHK03's single-gallery-shot protocol: for each query one gallery image of each identity is drawn and ranked,
/// `repeats` times, and CMC is the mean over the draws. The mAPs are those of the whole gallery.
///
/// Images are drawn from those that count for the query: junk, the query's own file, and images of its identity and
/// camera if `options` say so, are left out beforehand. An image without an identity is always there, on its own.
/// Unmatched queries have no draws.
///
/// The same sets in the same order and the same seed lead to the same draws on every machine: ChaCha8, the seed as its
/// key; a word for each query with a match, repeat and identity, in this order, identities as they first come among
/// the images that count; index = word · count >> 32.
///
/// Source: KaiyangZhou/deep-person-reid@37f92b7 `torchreid/metrics/rank.py` `eval_cuhk03`, with [`REPEATS`]; it draws
/// from numpy's generator, so its CMC differs by chance. Protocol: Li et al. 2014, "DeepReID".
///
/// - `repeats`: 1 or more
///
/// # Errors
///
/// Sets whose embeddings have different lengths, and no repeats.
///
/// ```
/// # use reid_web::evaluation::EvaluationOptions;
/// # use reid_web::labels::ImageLabel;
/// # use reid_web::protocols::{REPEATS, single_gallery_shot};
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::labels::LabelledSet;
/// let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None, content: None };
/// let (query, gallery) = ([label("ann")], [label("ben"), label("ben"), label("ann")]);
/// let query = LabelledSet::new("query", EmbeddingRows::new(&[1.0, 0.0], 2)?, &query)?;
/// let embeddings = [1.0, 0.0, 0.8, 0.6, 0.6, 0.8];
/// let gallery = LabelledSet::new("gallery", EmbeddingRows::new(&embeddings, 2)?, &gallery)?;
///
/// let found = single_gallery_shot(&query, &gallery, REPEATS, 1, EvaluationOptions::default())?;
/// // Whichever of Ben's images is drawn is before Ann's, which is third in the whole gallery.
/// assert_eq!(found.cmc, [0.0, 1.0]);
/// assert_eq!(found.evaluation.cmc, [0.0, 0.0, 1.0]);
/// assert_eq!(found.evaluation.mean_average_precision, Some(1.0 / 3.0));
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn single_gallery_shot(
    query: &LabelledSet,
    gallery: &LabelledSet,
    repeats: usize,
    seed: u64,
    options: EvaluationOptions,
) -> Result<SingleShot> {
    let mut draws = SeededRandom::new(seed, 0);
    single_gallery_shot_by(query, gallery, repeats, options, |from| draws.below(from.images.len()))
}

/// [`single_gallery_shot`] with the caller's draws.
///
/// - `draw`: gets the images of one identity and returns the index of one of them in [`Candidates::images`]
///
/// # Errors
///
/// Those of [`single_gallery_shot`], and [`Error::NoSuchIndex`] for a draw that is none of the images.
pub fn single_gallery_shot_by(
    query: &LabelledSet,
    gallery: &LabelledSet,
    repeats: usize,
    options: EvaluationOptions,
    mut draw: impl FnMut(Candidates) -> usize,
) -> Result<SingleShot> {
    if repeats == 0 {
        return Err(Error::Setting { name: "the number of repeats", found: 0.0, accepted: "1 or more" });
    }
    let mut shots = Shots::new(query.labels, gallery.labels, repeats);
    let eligibility = Eligibility::new(query.labels, gallery.labels, options);
    let mut rows = RowEvaluation::new(&eligibility);
    let mut outcome = Ok(());
    query.embeddings.for_each_similarity_row(gallery.embeddings, |row| {
        rows.add(row);
        if outcome.is_ok() {
            outcome = shots.add(row, &rows, &mut draw);
        }
    })?;
    let mut evaluation = rows.finish();
    evaluation.miss(query.labels, &query.missing(), &gallery.missing());
    outcome.map(|()| shots.finish(evaluation))
}

/// The draws of all queries so far.
struct Shots<'a> {
    query: &'a [ImageLabel],
    gallery: &'a [ImageLabel],
    /// `[repeats][evaluated queries]`: rank of the match among the drawn images.
    ranks: Vec<Vec<Option<usize>>>,
    /// Most images that were drawn.
    longest: usize,
}

impl<'a> Shots<'a> {
    fn new(query: &'a [ImageLabel], gallery: &'a [ImageLabel], repeats: usize) -> Self {
        Self { query, gallery, ranks: vec![Vec::new(); repeats], longest: 1 }
    }

    /// Draws for the query that was evaluated last.
    ///
    /// - `row`: its similarities, `[gallery]`
    fn add(
        &mut self,
        row: &[f32],
        rows: &RowEvaluation,
        draw: &mut impl FnMut(Candidates) -> usize,
    ) -> Result<()> {
        let Some(result) = rows.per_query().last().filter(|result| result.average_precision.is_some()) else {
            return Ok(());
        };
        let groups = Groups::new(&self.query[result.index], self.gallery, rows.kept(result.index));
        self.longest = self.longest.max(groups.identities.len() + groups.nameless.len());
        for (repeat, ranks) in self.ranks.iter_mut().enumerate() {
            let query = result.index;
            ranks.push(groups.drawn_rank(row, |images| draw(Candidates { query, repeat, images }))?);
        }
        Ok(())
    }

    fn finish(self, evaluation: Evaluation) -> SingleShot {
        let Self { ranks, longest, .. } = self;
        let curve = |ranks: &[Option<usize>]| cumulative_match_characteristic(ranks, longest, ranks.len());
        let curves: Vec<Vec<f64>> = ranks.iter().map(|ranks| curve(ranks)).collect();
        SingleShot {
            repeats: ranks.len(),
            cmc: curve(&ranks.concat()),
            summary: CmcSummary::over(&Vec::from_iter(curves.iter().map(Vec::as_slice))),
            evaluation,
        }
    }
}

/// The gallery images that count for a query, by identity.
struct Groups {
    /// `[identities][images]`: in the order in which they first come.
    identities: Vec<Vec<usize>>,
    /// Images without an identity.
    nameless: Vec<usize>,
    /// Which of the identities is the query's.
    own: Option<usize>,
}

impl Groups {
    fn new(query: &ImageLabel, gallery: &[ImageLabel], kept: impl Iterator<Item = usize>) -> Self {
        let mut numbers = HashMap::new();
        let (mut identities, mut nameless) = (Vec::<Vec<usize>>::new(), Vec::new());
        for image in kept {
            let Some(identity) = gallery[image].identity.as_deref() else {
                nameless.push(image);
                continue;
            };
            let number = *numbers.entry(identity).or_insert(identities.len());
            if number == identities.len() {
                identities.push(Vec::new());
            }
            identities[number].push(image);
        }
        let own = query.identity.as_deref().and_then(|identity| numbers.get(identity)).copied();
        Self { identities, nameless, own }
    }

    /// Draws an image of each identity; returns the rank of the query's among them, from 1. Without a match nothing is
    /// drawn.
    fn drawn_rank(&self, row: &[f32], mut draw: impl FnMut(&[usize]) -> usize) -> Result<Option<usize>> {
        let Some(own) = self.own else { return Ok(None) };
        let key = |&image: &usize| RankKey::new(image, row[image]);
        let mut drawn = Vec::with_capacity(self.identities.len() + self.nameless.len());
        for images in &self.identities {
            let index = draw(images);
            let image = images.get(index);
            let count = images.len();
            drawn.push(key(image.ok_or(Error::NoSuchIndex { set: "candidate", index, count })?));
        }
        drawn.extend(self.nameless.iter().map(key));
        Ok(Some(1 + drawn.iter().filter(|&&other| other < drawn[own]).count()))
    }
}
