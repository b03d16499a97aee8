//! Everything that an evaluation shows, from embeddings and their labels: rank lists, verification over all pairs,
//! open-set identification, intervals; plainly or after refinements.
//!
//! ```text
//! embeddings ─ whitening ─ averaging ─ expansion ─▶ similarities ─ re-ranking │ score normalisation ─▶ ranks, pairs,
//! thresholds
//! ```
//!
//! The page and the command line both show a [`Study`], so that they cannot differ.
//!
//! Refinements ignore junk, images of identity "-1": neither neighbours nor components nor cohorts come from it, as the
//! loaders of torchreid and fast-reid drop it before anything is computed. Where a refinement takes
//! queries and gallery together, queries of identity "-1" have no rank list.
//!
//! Averages never bring back images that are not eligible. Where images of the query's own camera do not count, what
//! each camera saw of an identity is averaged on its own, as in MARS, whose tracklets are of one camera, and in
//! Market-1501's multiple-query mode, which pools the query camera's images: otherwise an average would hold images of
//! the query's camera.

mod at_threshold;
mod comparison;
mod intervals;
mod refined_set;
mod retrieval;
mod scores;
mod settings;

use serde::Serialize;

use crate::Result;
use crate::evaluation::{Evaluation, QueryResult, RowEvaluation, Unmatched};
use crate::labels::{ImageLabel, LabelledSet};
use crate::metrics::{ErrorRates, OpenSet, OpenSetQuery, OpenSetRates, Verification, VerificationReport};
pub use at_threshold::{AtThreshold, ThresholdIntervals};
pub use comparison::{Change, Comparison, Plain, compare};
pub use intervals::Intervals;
pub use retrieval::Retrieval;
use scores::Refined;
pub use settings::{Normalisation, Refinements, Settings};

/// False-positive identification rate that [`Study::at_false_alarms`] is reported at.
const FALSE_ALARMS: f64 = 0.01;

/// All metrics of one evaluation. Fractions are 0..=1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Study {
    /// What was asked for.
    pub settings: Settings,
    /// CMC, mAP, and each query.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Means of further metrics of the matches' ranks.
    pub retrieval: Retrieval,
    /// 95 % intervals by identity.
    pub intervals: Intervals,
    /// Of all pairs of a query and a gallery image that counts for it, both with an identity.
    pub verification: VerificationReport,
    /// Known and unknown queries at every threshold.
    pub open_set: OpenSet,
    /// The threshold that is best for both kinds of queries together; `None` without one of them.
    pub best_balanced: Option<OpenSetRates>,
    /// With at most 1 % of the unknown queries accepted; `None` without any.
    pub at_false_alarms: Option<OpenSetRates>,
    /// The threshold for the settings' target, and what it does; `None` without pairs of both kinds.
    pub threshold: Option<ErrorRates>,
    /// Intervals of what it does to queries.
    pub threshold_intervals: Option<ThresholdIntervals>,
    /// `[queries]`: the images that each query is the average of, when images of an identity are averaged.
    pub query_members: Option<Vec<Vec<usize>>>,
    /// `[gallery]`: likewise.
    pub gallery_members: Option<Vec<Vec<usize>>>,
    /// `[queries]`.
    #[serde(skip)]
    query_labels: Vec<ImageLabel>,
}

/// Evaluates.
///
/// # Errors
///
/// Sets whose embeddings have different lengths, a set without images, settings that their refinement refuses, and
/// [`crate::Error::RefinedCollection`] for refinements of sets that share images ([`LabelledSet::with_ids`]); each
/// says which.
pub fn study(query: &LabelledSet, gallery: &LabelledSet, settings: &Settings) -> Result<Study> {
    let refined = Refined::new(query, gallery, settings)?;
    let eligibility = refined.eligibility(settings.evaluation);
    let mut rows = RowEvaluation::new(&eligibility);
    let mut verification = Verification::new();
    refined.for_each_row(&settings.refinements, |row| match row {
        Some(row) => {
            verification.add_row(row, &rows.matches());
            rows.add(row);
        }
        None => rows.add_unranked(),
    })?;
    let mut evaluation = rows.finish();
    evaluation.miss(&refined.query.labels, &query.missing(), &gallery.missing());
    let verification = verification.finish();
    let open_set = open_set(&evaluation.per_query, &refined.query.labels);
    let threshold = verification.advise(settings.target);
    let intervals_at = |threshold| {
        ThresholdIntervals::new(&evaluation.per_query, &refined.query.labels, threshold, settings.seed)
    };
    Ok(Study {
        settings: settings.clone(),
        retrieval: Retrieval::new(&evaluation.per_query, settings.evaluation.unmatched),
        intervals: Intervals::new(&evaluation.per_query, &refined.query.labels, settings.seed),
        threshold_intervals: threshold.and_then(|rates| rates.threshold).map(intervals_at),
        threshold,
        best_balanced: open_set.best_balanced(),
        at_false_alarms: open_set.at_false_positive_rate(FALSE_ALARMS),
        query_labels: refined.query.labels.into_owned(),
        query_members: refined.query.members,
        gallery_members: refined.gallery.members,
        evaluation,
        verification,
        open_set,
    })
}

/// [`study()`], and what its refinements change; `None` without any.
///
/// # Errors
///
/// As [`study()`].
pub fn compared_study(
    query: &LabelledSet,
    gallery: &LabelledSet,
    settings: &Settings,
) -> Result<(Study, Option<Comparison>)> {
    let found = study(query, gallery, settings)?;
    if settings.refinements.is_none() {
        return Ok((found, None));
    }
    let plain = Settings { refinements: Refinements::default(), ..settings.clone() };
    let comparison = compare(query, &study(query, gallery, &plain)?, &found);
    Ok((found, Some(comparison)))
}

/// Known are queries with a match, unknown those whose identity the gallery does not have. Neither are queries without
/// an identity, and those whose matches are left out, have no embedding, or may be among images without an identity.
fn open_set(per_query: &[QueryResult], labels: &[ImageLabel]) -> OpenSet {
    let is_asked = |query: &QueryResult| is_known(query) || is_unknown(query);
    let asked = per_query.iter().zip(labels).filter(|(query, label)| label.has_subject() && is_asked(query));
    let queries: Vec<OpenSetQuery> = asked
        .map(|(result, _)| OpenSetQuery {
            best_similarity: result.best_similarity.unwrap_or(f32::NEG_INFINITY),
            best_is_match: result.best_is_match == Some(true),
            is_known: is_known(result),
        })
        .collect();
    OpenSet::new(&queries)
}

fn is_known(query: &QueryResult) -> bool {
    !query.match_ranks.is_empty()
}

fn is_unknown(query: &QueryResult) -> bool {
    query.unmatched == Some(Unmatched::NotInGallery)
}
