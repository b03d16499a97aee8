//! Open-set identification: is this person in the gallery, and who is it?

use serde::Serialize;

/// What open-set identification needs of one query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenSetQuery {
    /// Highest similarity with a gallery image; not finite without a gallery, and then never
    /// accepted.
    pub best_similarity: f32,
    /// Whether that gallery image (rank 1) shows the query's identity.
    pub best_is_match: bool,
    /// Whether the gallery has an image of the query's identity at all.
    pub is_known: bool,
}

/// What one threshold does to all queries. A query is accepted if its best similarity is at least the
/// threshold.
///
/// Source: Phillips, Grother and Micheals, "Evaluation Methods in Face Recognition" (Handbook of Face
/// Recognition, 2011), section on open-set identification: DIR at rank 1, and false alarm rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenSetRates {
    /// Accepted from this similarity on; `None` accepts nothing.
    pub threshold: Option<f64>,
    /// Known queries that are accepted and whose best gallery image is a match.
    pub identified: usize,
    /// Unknown queries that are accepted, wrongly.
    pub false_alarms: usize,
    /// DIR at rank 1: `identified` over all known queries; `None` if there are none.
    pub detection_and_identification_rate: Option<f64>,
    /// FPIR: `false_alarms` over all unknown queries; `None` if there are none.
    pub false_positive_identification_rate: Option<f64>,
    /// Mean of the shares of known queries identified and of unknown queries not accepted,
    /// (DIR + 1 - FPIR) / 2, so that both kinds weigh the same; `None` if there are none of one kind.
    pub balanced_accuracy: Option<f64>,
}

/// Open-set identification at every threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenSet {
    /// Queries whose identity is in the gallery.
    pub known: usize,
    /// Queries whose identity is not.
    pub unknown: usize,
    /// From the threshold that accepts nothing down, one point for each different best similarity.
    pub curve: Vec<OpenSetRates>,
}

impl OpenSet {
    /// - `queries`: in any order
    ///
    /// ```
    /// # use reid_web::metrics::{OpenSet, OpenSetQuery};
    /// let query = |best_similarity, best_is_match, is_known| OpenSetQuery { best_similarity, best_is_match, is_known
    /// }; let open_set = OpenSet::new(&[query(0.9, true, true), query(0.6, false, true), query(0.7, false, false)]);
    /// let best = open_set.best_balanced().unwrap();
    /// // Accepts the first query alone: one of two known ones identified, no false alarm.
    /// assert!((best.threshold.unwrap() - 0.9).abs() < 1e-6);
    /// assert_eq!(best.balanced_accuracy, Some(0.75));
    /// ```
    #[must_use]
    pub fn new(queries: &[OpenSetQuery]) -> Self {
        let known = queries.iter().filter(|query| query.is_known).count();
        let mut open_set = Self { known, unknown: queries.len() - known, curve: Vec::new() };
        let (mut identified, mut false_alarms) = (0, 0);
        open_set.curve.push(open_set.rates(None, identified, false_alarms));
        for tied in descending(queries).chunk_by(|a, b| a.best_similarity == b.best_similarity) {
            identified += tied.iter().filter(|query| query.is_known && query.best_is_match).count();
            false_alarms += tied.iter().filter(|query| !query.is_known).count();
            let threshold = f64::from(tied[0].best_similarity) + 0.0; // no -0.0
            open_set.curve.push(open_set.rates(Some(threshold), identified, false_alarms));
        }
        open_set
    }

    /// What a threshold does; NaN accepts nothing.
    #[must_use]
    pub fn rates_at(&self, threshold: f64) -> OpenSetRates {
        let accepting = self.curve.partition_point(|point| point.threshold.is_none_or(|at| at >= threshold));
        let point = self.curve[accepting.max(1) - 1];
        OpenSetRates { threshold: Some(threshold), ..point }
    }

    /// The largest detection-and-identification rate with a false-positive identification rate of at
    /// most `target`, at the highest threshold that has it.
    ///
    /// `None` without known or unknown queries, or if `target` is negative or NaN.
    #[must_use]
    pub fn at_false_positive_rate(&self, target: f64) -> Option<OpenSetRates> {
        let is_allowed = |point: &&OpenSetRates| {
            point.false_positive_identification_rate.is_some_and(|rate| rate <= target)
        };
        first_highest(self.curve.iter().take_while(is_allowed), |point| {
            point.detection_and_identification_rate
        })
    }

    /// The highest balanced accuracy, at the highest threshold that has it.
    ///
    /// `None` without known or unknown queries.
    #[must_use]
    pub fn best_balanced(&self) -> Option<OpenSetRates> {
        first_highest(self.curve.iter(), |point| point.balanced_accuracy)
    }

    fn rates(&self, threshold: Option<f64>, identified: usize, false_alarms: usize) -> OpenSetRates {
        let share = |count: usize, n: usize| (n > 0).then(|| count as f64 / n as f64);
        let identification = share(identified, self.known);
        let false_positive = share(false_alarms, self.unknown);
        let rejection = share(self.unknown - false_alarms, self.unknown);
        OpenSetRates {
            threshold,
            identified,
            false_alarms,
            detection_and_identification_rate: identification,
            false_positive_identification_rate: false_positive,
            balanced_accuracy: identification.zip(rejection).map(|(known, unknown)| (known + unknown) / 2.0),
        }
    }
}

/// The first point with the highest value; `None` if none has a value.
fn first_highest<'a>(
    points: impl Iterator<Item = &'a OpenSetRates>,
    value: impl Fn(&OpenSetRates) -> Option<f64>,
) -> Option<OpenSetRates> {
    let valued = points.filter_map(|point| Some((value(point)?, point)));
    valued.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, &point)| point)
}

/// Those with a finite best similarity, the highest first.
fn descending(queries: &[OpenSetQuery]) -> Vec<OpenSetQuery> {
    let mut found: Vec<_> =
        queries.iter().copied().filter(|query| query.best_similarity.is_finite()).collect();
    found.sort_by(|a, b| (b.best_similarity + 0.0).total_cmp(&(a.best_similarity + 0.0)));
    found
}
