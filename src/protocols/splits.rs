use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RunsSummary;
use super::pool::{distinct_files, of};
use crate::embedding::EmbeddingRows;
use crate::evaluation::{Eligibility, Evaluation, EvaluationOptions, RowEvaluation};
use crate::labels::ImageLabel;
use crate::labels::LabelledSet;
use crate::seeded_random::SeededRandom;
use crate::{Error, Result};

/// How a pool of images is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SplitOptions {
    /// Images of each identity that go into the gallery, at least 1; its others are queries.
    pub gallery_images: usize,
    /// Splits, at least 1.
    pub runs: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for SplitOptions {
    /// One gallery image and ten runs, as in CLIP-HandID.
    fn default() -> Self {
        Self { gallery_images: 1, runs: 10, seed: 1 }
    }
}

/// Indices of the pool: each image is on one side, but for repeated ones. Both ascend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// `[queries]`.
    pub query: Vec<usize>,
    /// `[gallery]`.
    pub gallery: Vec<usize>,
}

/// Splits of one pool, and what is in the gallery of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DrawnSplits {
    /// Identities in the pool, "-1" not among them.
    pub identities: usize,
    /// Those of them that have too few images for a query: no more than go into the gallery.
    pub small_identities: usize,
    /// Images of these: in every gallery, as distractors.
    pub distractors: usize,
    /// Images without an identity and junk: in every gallery, where they are never a match.
    pub unlabelled: usize,
    /// Images whose file is in the pool already: on neither side.
    pub repeated: usize,
    /// `[runs]`.
    #[serde(skip)]
    pub splits: Vec<Split>,
}

/// The evaluation of one split.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SplitRun {
    /// What it is the evaluation of.
    #[serde(skip)]
    pub split: Split,
    /// Its queries and gallery images are those of `split`, in their order there.
    #[serde(flatten)]
    pub evaluation: Evaluation,
}

/// The evaluations of several splits of one pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Splits {
    /// What was drawn from.
    #[serde(flatten)]
    pub drawn: DrawnSplits,
    /// `[runs]`.
    pub runs: Vec<SplitRun>,
    /// Mean and sample standard deviation over the runs.
    pub summary: RunsSummary,
}

/// Draws splits: for each identity, `gallery_images` of its images go into the gallery and the others are queries.
///
/// An identity with no more images than that has all of them in the gallery, as distractors, and so have images
/// without an identity; both are counted. An image whose file is in the pool already is not drawn from
/// ([`super::distinct_files`]).
///
/// The same labels in the same order and the same seed lead to the same splits on every machine, and the first runs are
/// the same however many are drawn. Run r (from 0) draws from stream r of ChaCha8, the seed as its key: identity after
/// identity, ascending as strings; for each the first steps of Fisher's and Yates's shuffle of its images, as they come
/// in the pool, with index = word · count >> 32. Identities with too few images draw nothing.
///
/// Source: nathanlem1/CLIP-HandID@a37bb1e `prepare_train_val_test_hd.py`, which puts one image into the gallery, ten
/// times, and adds other people's images to it.
///
/// - `labels`: `[images]`
///
/// # Errors
///
/// [`Error::Setting`] for no runs and for no gallery images; [`Error::NothingToDraw`] if there are no identities, or
/// none has a query left.
pub fn draw_splits(labels: &[ImageLabel], options: SplitOptions) -> Result<DrawnSplits> {
    let SplitOptions { gallery_images, runs, seed } = options;
    check("the number of runs", runs)?;
    check("the number of gallery images of an identity", gallery_images)?;
    let images = distinct_files(labels);
    let mut identities = BTreeMap::<&str, Vec<usize>>::new();
    for &image in images.iter().filter(|&&image| labels[image].has_subject()) {
        identities.entry(labels[image].identity.as_deref().unwrap_or_default()).or_default().push(image);
    }
    if identities.is_empty() {
        let message = "has an identity, by which queries and gallery are drawn";
        return Err(Error::NothingToDraw(format!("none of the {} images {message}", images.len())));
    }
    let (large, small): (Vec<_>, Vec<_>) =
        identities.into_values().partition(|images| images.len() > gallery_images);
    if large.is_empty() {
        let message = "they would all be in the gallery, and no query would be left";
        return Err(Error::NothingToDraw(format!(
            "no identity has more than {gallery_images} images: {message}"
        )));
    }
    let draw = |run: usize| drawn(&large, &images, gallery_images, &mut SeededRandom::new(seed, run as u64));
    let distractors = small.iter().map(Vec::len).sum();
    Ok(DrawnSplits {
        identities: large.len() + small.len(),
        small_identities: small.len(),
        distractors,
        repeated: labels.len() - images.len(),
        unlabelled: images.len() - large.iter().map(Vec::len).sum::<usize>() - distractors,
        splits: (0..runs).map(draw).collect(),
    })
}

fn check(name: &'static str, found: usize) -> Result<()> {
    if found > 0 { Ok(()) } else { Err(Error::Setting { name, found: 0.0, accepted: "1 or more" }) }
}

/// One split of these images.
///
/// - `identities`: the images of each that has queries
/// - `all`: ascending
fn drawn(identities: &[Vec<usize>], all: &[usize], gallery_images: usize, draws: &mut SeededRandom) -> Split {
    let mut is_query = vec![false; all.last().map_or(0, |last| last + 1)];
    for images in identities {
        let mut images = images.clone();
        draws.move_to_front(gallery_images, &mut images);
        images[gallery_images..].iter().for_each(|&image| is_query[image] = true);
    }
    let (query, gallery) = all.iter().partition(|&&image| is_query[image]);
    Split { query, gallery }
}

/// Draws splits and evaluates each.
///
/// ```
/// # use reid_web::evaluation::EvaluationOptions;
/// # use reid_web::labels::ImageLabel;
/// # use reid_web::protocols::{SplitOptions, evaluate_splits};
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::labels::LabelledSet;
/// let label = |identity: &str| ImageLabel { identity: Some(identity.into()), camera: None, content: None };
/// let labels = [label("ann"), label("ben"), label("ann")];
/// let embeddings = EmbeddingRows::new(&[1.0, 0.0, 0.8, 0.6, 0.6, 0.8], 2)?;
/// let pool = LabelledSet::new("pool", embeddings, &labels)?;
///
/// let splits = evaluate_splits(&pool, SplitOptions::default(), EvaluationOptions::default())?;
/// // One of Ann's images is the query. Ben's only image is in each gallery, and more similar to it.
/// assert_eq!((splits.runs.len(), splits.drawn.small_identities, splits.drawn.distractors), (10, 1, 1));
/// assert_eq!(splits.runs[0].evaluation.cmc, [0.0, 1.0]);
/// assert_eq!(splits.summary.mean_average_precision.map(|summary| summary.mean), Some(0.5));
/// # Ok::<(), reid_web::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`draw_splits`].
pub fn evaluate_splits(
    pool: &LabelledSet,
    options: SplitOptions,
    evaluation: EvaluationOptions,
) -> Result<Splits> {
    let mut drawn = draw_splits(pool.labels, options)?;
    let splits = std::mem::take(&mut drawn.splits).into_iter();
    let runs: Vec<SplitRun> = splits.map(|split| run(pool, split, evaluation)).collect::<Result<_>>()?;
    let summary = RunsSummary::over(&Vec::from_iter(runs.iter().map(|run| &run.evaluation)));
    Ok(Splits { drawn, runs, summary })
}

fn run(pool: &LabelledSet, split: Split, options: EvaluationOptions) -> Result<SplitRun> {
    let ((query, query_labels), (gallery, gallery_labels)) =
        (of(pool, &split.query), of(pool, &split.gallery));
    let dim = pool.embeddings.dim();
    let eligibility = Eligibility::new(&query_labels, &gallery_labels, options);
    let mut rows = RowEvaluation::new(&eligibility);
    EmbeddingRows::new(&query, dim)?
        .for_each_similarity_row(EmbeddingRows::new(&gallery, dim)?, |row| rows.add(row))?;
    Ok(SplitRun { split, evaluation: rows.finish() })
}
