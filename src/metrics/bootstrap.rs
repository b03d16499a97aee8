//! How far a metric would move if other people had been photographed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::seeded_random::SeededRandom;

/// Samples drawn for an interval.
const RESAMPLES: usize = 1000;
/// The interval leaves out this share at either end.
const TAIL: f64 = 0.025;
/// With fewer identities an interval comes with a caution.
const ENOUGH_IDENTITIES: usize = 10;
/// Means of samples that differ by less than this differ by rounding.
const ROUNDING: f64 = 1e-12;

/// A 95 % interval of a mean over queries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// The mean over the queries themselves.
    pub estimate: f64,
    /// 2.5th percentile of the means of the samples.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
    /// Queries with a value.
    pub queries: usize,
    /// Identities that these show: what is drawn.
    pub identities: usize,
    /// Why `low` and `high` say less than 95 %; `None` if nothing is known against them.
    pub caution: Option<Caution>,
}

/// What makes a bootstrap interval say less than it seems to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Caution {
    /// All samples have the same mean, because all identities have: the bootstrap cannot draw what it has not seen.
    NoSpread {
        /// The largest share of other identities that could differ although none of these does, at 95 %:
        /// 1 − 0.05^(1 / identities), about 3 / identities.
        ///
        /// Source: Hanley and Lippman-Hand 1983, "If Nothing Goes Wrong, Is Everything All Right?".
        undetected: f64,
    },
    /// There are fewer than ten identities: such intervals are too narrow more often than not.
    FewIdentities,
}

/// Bootstrap by identity, percentile method: draws as many identities as there are, with replacement
/// and each with all its queries, and takes the mean over those queries; 1000 times.
///
/// Queries of one identity are alike, so drawing single queries would make the intervals too narrow. The
/// same seed draws the same, whatever the order of the queries, on every machine; percentiles are
/// interpolated linearly (numpy's default).
///
/// Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 8 and 13.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// `[queries]`: index of the query's identity among the sorted ones.
    identities: Vec<usize>,
    seed: u64,
}

impl Bootstrap {
    /// - `identities`: `[queries]`
    pub fn new<I: Ord>(identities: &[I], seed: u64) -> Self {
        let mut indices: BTreeMap<&I, usize> = identities.iter().map(|identity| (identity, 0)).collect();
        indices.values_mut().zip(0..).for_each(|(index, at)| *index = at);
        Self { identities: identities.iter().map(|identity| indices[identity]).collect(), seed }
    }

    /// Interval of the mean of a value over the queries, for instance of mAP.
    ///
    /// - `values`: `[queries]`; `None` leaves a query out
    /// - returns `None` if the queries with a value show fewer than two identities
    ///
    /// ```
    /// # use reid_web::metrics::Bootstrap;
    /// let bootstrap = Bootstrap::new(&["a", "a", "b", "c"], 1);
    /// let interval = bootstrap.mean(&[Some(1.0), Some(0.5), Some(0.0), None]).unwrap();
    /// assert_eq!((interval.estimate, interval.identities), (0.5, 2));
    /// // Of two identities, it is always one twice (0.75 or 0.0) or both (0.5).
    /// assert_eq!((interval.low, interval.high), (0.0, 0.75));
    /// ```
    #[must_use]
    pub fn mean(&self, values: &[Option<f64>]) -> Option<Interval> {
        let totals = self.totals(values);
        let all = totals.iter().fold(Total::default(), Total::and);
        (totals.len() > 1).then(|| {
            let mut means = self.resampled_means(&totals);
            means.sort_unstable_by(f64::total_cmp);
            Interval {
                estimate: all.mean(),
                low: percentile(&means, TAIL),
                high: percentile(&means, 1.0 - TAIL),
                queries: all.queries,
                identities: totals.len(),
                caution: Caution::of(&means, totals.len()),
            }
        })
    }

    /// Interval of the mean difference of two runs over the same queries, `after` - `before`.
    ///
    /// Both means are taken over the same draws (a paired bootstrap): an interval without 0 is a
    /// change that other people would have shown as well.
    ///
    /// - `before`, `after`: `[queries]`; a query without either value is left out
    /// - returns `None` if the queries with both values show fewer than two identities
    #[must_use]
    pub fn mean_difference(&self, before: &[Option<f64>], after: &[Option<f64>]) -> Option<Interval> {
        let pairs = before.iter().zip(after);
        let differences: Vec<_> = pairs.map(|(before, after)| Some((*after)? - (*before)?)).collect();
        self.mean(&differences)
    }

    /// One total for each identity that has a value, in the order of the identities.
    fn totals(&self, values: &[Option<f64>]) -> Vec<Total> {
        let mut totals = BTreeMap::<usize, Total>::new();
        for (&identity, value) in self.identities.iter().zip(values) {
            if let Some(value) = *value {
                let total = totals.entry(identity).or_default();
                *total = total.and(&Total { sum: value, queries: 1 });
            }
        }
        totals.into_values().collect()
    }

    fn resampled_means(&self, totals: &[Total]) -> Vec<f64> {
        let mut draws = SeededRandom::new(self.seed, 0);
        let mut draw = || &totals[draws.below(totals.len())];
        let mut sample = || totals.iter().fold(Total::default(), |total, _| total.and(draw())).mean();
        (0..RESAMPLES).map(|_| sample()).collect()
    }
}

impl Caution {
    /// - `means`: of the samples, ascending and at least one
    fn of(means: &[f64], identities: usize) -> Option<Self> {
        if means[means.len() - 1] - means[0] < ROUNDING {
            return Some(Self::NoSpread { undetected: 1.0 - libm::pow(0.05, 1.0 / identities as f64) });
        }
        (identities < ENOUGH_IDENTITIES).then_some(Self::FewIdentities)
    }
}

/// Sum of the values of some queries.
#[derive(Clone, Copy, Debug, Default)]
struct Total {
    sum: f64,
    queries: usize,
}

impl Total {
    fn and(self, other: &Self) -> Self {
        Self { sum: self.sum + other.sum, queries: self.queries + other.queries }
    }

    fn mean(self) -> f64 {
        self.sum / self.queries as f64
    }
}

/// - `sorted`: not empty, ascending
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + (position - position.floor()) * (above - below)
}
