use serde::Serialize;

use super::similarity_counts::SortedSimilarities;

/// Bins of a [`Distribution`]'s histogram.
pub const HISTOGRAM_BINS: usize = 100;

/// How the similarities of one kind of pairs are distributed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// Number of pairs.
    pub pairs: u64,
    /// `None` without pairs.
    pub mean: Option<f64>,
    /// Root of the mean squared difference from the mean (n in the denominator); `None` without
    /// pairs.
    pub standard_deviation: Option<f64>,
    /// `[HISTOGRAM_BINS]` numbers of pairs. Bin i has the similarities from -1 + i / 50 to below
    /// -1 + (i + 1) / 50; the last one 1 as well. What is outside -1..=1 is in the nearest bin.
    pub histogram: Vec<u64>,
}

impl Distribution {
    pub(super) fn new(similarities: &SortedSimilarities) -> Self {
        let n = similarities.count();
        let mean = (n > 0).then(|| sum(similarities, |value| value) / n as f64);
        let variance = |mean| sum(similarities, |value| (value - mean) * (value - mean)) / n as f64;
        Self {
            pairs: n,
            mean,
            standard_deviation: mean.map(|mean| variance(mean).sqrt()),
            histogram: histogram(similarities),
        }
    }
}

/// Sum of `term` over all pairs, page by page, so that its rounding does not grow with their number.
fn sum(similarities: &SortedSimilarities, term: impl Fn(f64) -> f64) -> f64 {
    let terms =
        similarities.pages().map(|page| page.map(|(value, count)| term(f64::from(value)) * count as f64));
    terms.map(Iterator::sum::<f64>).sum()
}

fn histogram(similarities: &SortedSimilarities) -> Vec<u64> {
    let mut bins = vec![0; HISTOGRAM_BINS];
    for (value, count) in similarities.pages().flatten() {
        bins[bin(value)] += count;
    }
    bins
}

fn bin(similarity: f32) -> usize {
    let (value, half) = (f64::from(similarity), (HISTOGRAM_BINS / 2) as f64);
    let bin = ((value + 1.0) * half) as usize; // a negative number becomes 0
    let is_below = value < bin as f64 / half - 1.0; // the sum was rounded up to the edge
    bin.saturating_sub(usize::from(is_below)).min(HISTOGRAM_BINS - 1)
}
