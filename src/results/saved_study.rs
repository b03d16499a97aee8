//! A study as it is saved.

use serde::Serialize;

use super::{ChangeByPath, DataFacts, Paths, QueryByPath};
use crate::evaluation::Evaluation;
use crate::metrics::{ErrorRates, OpenSet, OpenSetRates, VerificationReport};
use crate::study::{Comparison, Intervals, Retrieval, Settings, Study, ThresholdIntervals};

/// What an evaluation was made from.
///
/// - `V`: what the caller knows of the model and the device, in any form that is JSON
#[derive(Clone, Debug, Serialize)]
pub struct Origin<V> {
    /// The model that embedded the images; null if it is not known.
    pub model: V,
    /// What it ran on; null for embeddings from a file.
    pub device: V,
    /// Both sets.
    pub data: DataFacts,
}

/// A study with its origin, its images named by path: the metrics JSON.
#[derive(Debug, Serialize)]
pub struct SavedStudy<'a, V> {
    #[serde(flatten)]
    origin: Origin<V>,
    #[serde(flatten)]
    study: NamedStudy<'a, QueryByPath<'a>>,
    comparison: Option<Comparison<ChangeByPath<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocols: Option<V>,
}

impl<'a, V> SavedStudy<'a, V> {
    /// - `paths`: of the images that the study was made from
    /// - `protocols`: what other evaluation protocols found, if any
    pub fn new(
        origin: Origin<V>,
        study: &'a Study,
        comparison: Option<Comparison>,
        paths: &Paths<'a>,
        protocols: Option<V>,
    ) -> Self {
        let paths = paths.of_study(study);
        Self {
            origin,
            study: NamedStudy::new(study, paths.queries(&study.evaluation)),
            comparison: comparison.map(|all| all.map(|change| paths.change(change))),
            protocols,
        }
    }
}

/// A [`Study`] whose queries are named as the caller wants.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedStudy<'a, Q> {
    settings: &'a Settings,
    #[serde(flatten)]
    evaluation: Evaluation<Q>,
    retrieval: &'a Retrieval,
    intervals: &'a Intervals,
    verification: &'a VerificationReport,
    open_set: &'a OpenSet,
    best_balanced: Option<OpenSetRates>,
    at_false_alarms: Option<OpenSetRates>,
    threshold: Option<ErrorRates>,
    threshold_intervals: Option<ThresholdIntervals>,
    query_members: Option<&'a [Vec<usize>]>,
    gallery_members: Option<&'a [Vec<usize>]>,
}

impl<'a, Q> NamedStudy<'a, Q> {
    /// - `per_query`: `[queries]`
    #[must_use]
    pub fn new(study: &'a Study, per_query: Vec<Q>) -> Self {
        Self {
            settings: &study.settings,
            evaluation: study.evaluation.with_queries(per_query),
            retrieval: &study.retrieval,
            intervals: &study.intervals,
            verification: &study.verification,
            open_set: &study.open_set,
            best_balanced: study.best_balanced,
            at_false_alarms: study.at_false_alarms,
            threshold: study.threshold,
            threshold_intervals: study.threshold_intervals,
            query_members: study.query_members.as_deref(),
            gallery_members: study.gallery_members.as_deref(),
        }
    }
}
