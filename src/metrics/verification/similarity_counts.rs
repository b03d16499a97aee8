//! How often each similarity occurred, exactly, in about two bytes a pair.
//!
//! The bits of a float, its sign turned round, are ordered as its value is. Their upper half chooses
//! a page, which keeps the lower halves: a radix sort whose first pass is the arrival.

use super::page::Page;
use crate::embedding::{ascending_bits, from_ascending_bits};

/// Similarities, as they arrive.
#[derive(Clone, Debug)]
pub(super) struct SimilarityCounts {
    /// `[2¹⁶]`, by the upper half of the ordered bits.
    pages: Vec<Page>,
}

impl SimilarityCounts {
    pub(super) fn new() -> Self {
        Self { pages: vec![Page::default(); 1 << 16] }
    }

    /// - `similarity`: not NaN; -0.0 counts as 0.0
    pub(super) fn add(&mut self, similarity: f32) {
        let (page, key) = halves(ascending_bits(similarity));
        self.pages[usize::from(page)].add(key);
    }

    pub(super) fn sorted(self) -> SortedSimilarities {
        let pages = (0..=u16::MAX).zip(self.pages).rev().filter(|(_, page)| !page.is_empty());
        let mut above = 0;
        let sorted = pages.map(|(upper, mut page)| {
            page.sort();
            let sorted = SortedPage { upper, above, page };
            above += sorted.page.count_from(0);
            sorted
        });
        SortedSimilarities { pages: sorted.collect(), count: above }
    }
}

/// All similarities in order.
#[derive(Clone, Debug)]
pub(super) struct SortedSimilarities {
    /// Those with entries, the highest first.
    pages: Vec<SortedPage>,
    count: u64,
}

#[derive(Clone, Debug)]
struct SortedPage {
    upper: u16,
    /// Similarities in the pages before.
    above: u64,
    page: Page,
}

impl SortedSimilarities {
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Number of similarities of at least `threshold`; none if that is NaN.
    pub(super) fn count_from(&self, threshold: f64) -> u64 {
        let Some(lowest) = lowest_from(threshold) else { return 0 };
        let (upper, key) = halves(ascending_bits(lowest));
        let at = self.pages.partition_point(|page| page.upper > upper);
        match self.pages.get(at) {
            None => self.count,
            Some(page) if page.upper == upper => page.above + page.page.count_from(key),
            Some(page) => page.above,
        }
    }

    /// The different similarities with their counts, the highest first, in pages of neighbours.
    pub(super) fn pages(&self) -> impl Iterator<Item = impl Iterator<Item = (f32, u64)>> {
        self.pages.iter().map(|&SortedPage { upper, ref page, .. }| {
            page.runs().into_iter().map(move |(key, count)| (similarity(upper, key), count))
        })
    }
}

/// The lowest f32 that is not below the threshold; `None` for NaN.
fn lowest_from(threshold: f64) -> Option<f32> {
    let nearest = threshold as f32;
    let lowest = if f64::from(nearest) < threshold { nearest.next_up() } else { nearest };
    (!lowest.is_nan()).then_some(lowest)
}

fn halves(bits: u32) -> (u16, u16) {
    ((bits >> 16) as u16, (bits & 0xffff) as u16)
}

fn similarity(upper: u16, lower: u16) -> f32 {
    from_ascending_bits(u32::from(upper) << 16 | u32::from(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMILARITIES: [f32; 9] = [-1.0, 1.0, 0.5, -0.0, 0.5, f32::MIN_POSITIVE, -1e-30, 0.0, 0.500_000_06];

    fn sorted() -> SortedSimilarities {
        let mut counts = SimilarityCounts::new();
        SIMILARITIES.iter().for_each(|&similarity| counts.add(similarity));
        counts.sorted()
    }

    #[test]
    fn similarities_come_back_in_order() {
        let sorted = sorted();
        let found: Vec<_> = sorted.pages().flatten().collect();
        let expected =
            [(1.0, 1), (0.500_000_06, 1), (0.5, 2), (f32::MIN_POSITIVE, 1), (0.0, 2), (-1e-30, 1), (-1.0, 1)];
        assert_eq!(found, expected);
        assert_eq!(sorted.count(), 9);
    }

    #[test]
    fn counts_equal_those_of_plain_comparisons() {
        let sorted = sorted();
        let between = [f64::NEG_INFINITY, -2.0, -1e-31, 0.3, 0.500_000_01, 0.5 + 1e-12, 2.0, 1e300, f64::NAN];
        for threshold in SIMILARITIES.map(f64::from).into_iter().chain(between) {
            let expected = SIMILARITIES.iter().filter(|&&value| f64::from(value) >= threshold).count();
            assert_eq!(sorted.count_from(threshold), expected as u64, "{threshold}");
        }
    }
}
