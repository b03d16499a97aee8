use serde::{Deserialize, Serialize};

use crate::ranking::top_k;
use crate::{Error, Result};

/// Columns whose scores are gathered at a time: those that share a line of the cache.
const COLUMNS_AT_ONCE: usize = 16;

/// By whose scores a score is normalised. A query takes the part of speaker verification's test recording, a
/// gallery image that of an enrolled speaker's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScoreNorm {
    /// By the gallery image's scores with the queries, a column each. It changes which gallery image is
    /// nearest: one that is near to every query loses.
    Z,
    /// By the query's scores with the gallery, a row each. Each query's order stays; what changes is how
    /// scores of different queries compare, and so every threshold.
    T,
    /// The mean of the two.
    S,
}

/// Which of those scores count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cohort {
    /// All.
    All,
    /// The highest of them, 2 or more, as in adaptive s-norm; a number above that of the scores means all.
    Closest(usize),
}

/// Mean and standard deviation of a cohort's scores.
#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    deviation: f64,
}

/// Normalises scores by their cohorts, in place.
///
/// ```text
/// z = (score − mean of its column's cohort) / standard deviation of its column's cohort
/// t = (score − mean of its row's cohort) / standard deviation of its row's cohort
/// s = (z + t) / 2
/// ```
///
/// The standard deviation divides by n, not by n − 1. The cohorts are the images at hand, without a look at
/// their labels: an identity's own scores are among them, and a result depends on which other images are
/// there. The results have no bounds; higher is closer, as before.
///
/// Source: Auckenthaler, Carey and Lloyd-Thomas, "Score Normalization for Text-Independent Speaker
/// Verification Systems", 2000 (z and t); Matějka et al., "Analysis of Score Normalization in Multilingual
/// Speaker Recognition", Interspeech 2017 (s, adaptive).
///
/// - `similarities`: `[Q, gallery]` row-major, finite
///
/// Errors: incomplete rows, a cohort of less than 2, and cohorts whose scores are all the same, by which
/// nothing can be divided: one gallery image for t, one query for z. The scores are then unchanged.
///
/// ```
/// # use reid_web::refinement::{Cohort, ScoreNorm, normalise_scores};
/// let mut scores = [0.2, 0.4, 0.6, 0.8];
/// normalise_scores(&mut scores, 2, ScoreNorm::T, Cohort::All)?;
/// assert_eq!(scores, [-1.0, 1.0, -1.0, 1.0]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn normalise_scores(
    similarities: &mut [f32],
    gallery: usize,
    norm: ScoreNorm,
    cohort: Cohort,
) -> Result<()> {
    if similarities.is_empty() {
        return Ok(());
    }
    check(similarities.len(), gallery, cohort)?;
    let rows = if norm == ScoreNorm::Z { Vec::new() } else { row_moments(similarities, gallery, cohort)? };
    let columns =
        if norm == ScoreNorm::T { Vec::new() } else { column_moments(similarities, gallery, cohort)? };
    for (index, score) in similarities.iter_mut().enumerate() {
        let by = |moments: &[Moments], index: usize| moments[index].normalise(f64::from(*score));
        *score = match norm {
            ScoreNorm::Z => by(&columns, index % gallery),
            ScoreNorm::T => by(&rows, index / gallery),
            ScoreNorm::S => (by(&columns, index % gallery) + by(&rows, index / gallery)) / 2.0,
        } as f32;
    }
    Ok(())
}

fn check(found: usize, gallery: usize, cohort: Cohort) -> Result<()> {
    if gallery == 0 || !found.is_multiple_of(gallery) {
        return Err(Error::SimilarityCount { found, gallery });
    }
    match cohort {
        Cohort::Closest(count @ 0..2) => {
            Err(Error::Setting { name: "the cohort", found: count as f64, accepted: "2 scores or more" })
        }
        _ => Ok(()),
    }
}

/// `[Q]`
fn row_moments(similarities: &[f32], gallery: usize, cohort: Cohort) -> Result<Vec<Moments>> {
    let rows = similarities.chunks_exact(gallery).enumerate();
    rows.map(|(query, scores)| Moments::of(scores, cohort, || format!("the scores of query {query}")))
        .collect()
}

/// `[gallery]`
fn column_moments(similarities: &[f32], gallery: usize, cohort: Cohort) -> Result<Vec<Moments>> {
    let mut moments = Vec::with_capacity(gallery);
    let mut columns = vec![Vec::new(); COLUMNS_AT_ONCE];
    for first in (0..gallery).step_by(COLUMNS_AT_ONCE) {
        let width = COLUMNS_AT_ONCE.min(gallery - first);
        columns.iter_mut().for_each(Vec::clear);
        for row in similarities.chunks_exact(gallery) {
            columns.iter_mut().zip(&row[first..][..width]).for_each(|(column, &score)| column.push(score));
        }
        for (image, scores) in (first..gallery).zip(&columns[..width]) {
            moments.push(Moments::of(scores, cohort, || format!("the scores of gallery image {image}"))?);
        }
    }
    Ok(moments)
}

impl Moments {
    fn of(scores: &[f32], cohort: Cohort, what: impl Fn() -> String) -> Result<Self> {
        match cohort {
            Cohort::Closest(count) if count < scores.len() => {
                let closest = top_k(scores, count).into_iter().map(|entry| entry.similarity);
                Self::of_all(&Vec::from_iter(closest))
            }
            _ => Self::of_all(scores),
        }
        .ok_or_else(|| Error::NoSpread(what()))
    }

    /// `None` if the scores are all the same.
    fn of_all(scores: &[f32]) -> Option<Self> {
        let count = scores.len() as f64;
        let scores = scores.iter().copied().map(f64::from);
        let mean = scores.clone().sum::<f64>() / count;
        let deviation = (scores.map(|score| (score - mean) * (score - mean)).sum::<f64>() / count).sqrt();
        (deviation > 0.0).then_some(Self { mean, deviation })
    }

    fn normalise(self, score: f64) -> f64 {
        (score - self.mean) / self.deviation
    }
}
