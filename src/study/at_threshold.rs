use serde::Serialize;

use super::intervals::bootstrap;
use super::{Study, is_known, is_unknown};
use crate::evaluation::QueryResult;
use crate::labels::ImageLabel;
use crate::metrics::{ErrorRates, Interval, OpenSetRates};

/// What a threshold on the similarity does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AtThreshold {
    /// Of pairs; `None` without pairs of both kinds.
    pub pairs: Option<ErrorRates>,
    /// Of queries: accepted if their best gallery image reaches the threshold.
    pub queries: OpenSetRates,
    /// Intervals of these.
    pub intervals: ThresholdIntervals,
    /// Queries whose best gallery image reaches it, those without an identity among them.
    pub accepted: usize,
    /// The others.
    pub rejected: usize,
}

/// 95 % intervals by identity of what a threshold does to queries; `None` with fewer than two identities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdIntervals {
    /// Of DIR: known queries that are accepted and whose best gallery image is a match.
    pub detection_and_identification_rate: Option<Interval>,
    /// Of FPIR: unknown queries that are accepted.
    pub false_positive_identification_rate: Option<Interval>,
}

impl Study {
    /// What a threshold does; for that of the settings' target, see [`Study::threshold`].
    #[must_use]
    pub fn at_threshold(&self, threshold: f64) -> AtThreshold {
        let per_query = &self.evaluation.per_query;
        let accepted = per_query.iter().filter(|query| reaches(query, threshold)).count();
        AtThreshold {
            pairs: self.verification.rates_at(threshold),
            queries: self.open_set.rates_at(threshold),
            intervals: ThresholdIntervals::new(per_query, &self.query_labels, threshold, self.settings.seed),
            accepted,
            rejected: per_query.len() - accepted,
        }
    }
}

impl ThresholdIntervals {
    /// - `labels`: one for each query
    pub(super) fn new(per_query: &[QueryResult], labels: &[ImageLabel], threshold: f64, seed: u64) -> Self {
        let interval = |value: &dyn Fn(&QueryResult) -> Option<bool>| {
            let of_query = |(query, label): (&QueryResult, &ImageLabel)| {
                let is_so = label.has_subject().then(|| value(query)).flatten()?;
                Some(f64::from(u8::from(is_so)))
            };
            bootstrap(labels, seed).mean(&per_query.iter().zip(labels).map(of_query).collect::<Vec<_>>())
        };
        Self {
            detection_and_identification_rate: interval(&|query| {
                let is_found = || reaches(query, threshold) && query.best_is_match == Some(true);
                is_known(query).then(is_found)
            }),
            false_positive_identification_rate: interval(&|query| {
                is_unknown(query).then(|| reaches(query, threshold))
            }),
        }
    }
}

fn reaches(query: &QueryResult, threshold: f64) -> bool {
    query.best_similarity.is_some_and(|similarity| f64::from(similarity) >= threshold)
}
