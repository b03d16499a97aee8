//! Which source pixels make an output pixel, and how they are weighted.

use std::ops::Range;

use crate::image::resize::filter::Filter;
use crate::image::resize::pair_sums::{FRACTION_BITS, PairWeights};

/// The windows of some output pixels along one axis.
pub(in crate::image) struct Windows {
    /// The source pixels that are in one of them.
    pub source: Range<usize>,
    pub windows: Vec<Window>,
}

/// The source pixels of one output pixel, counted from the first of [`Windows::source`], two by two.
pub(in crate::image) struct Window {
    pub first_pair: usize,
    pub weights: Vec<PairWeights>,
}

impl Windows {
    /// The windows of some of the `target` pixels that `source` pixels are resized to.
    pub fn new(filter: Filter, source: u32, target: u64, part: Range<u64>) -> Self {
        let scale = f64::from(source) / target as f64;
        let stretch = scale.max(1.0);
        let support = filter.support() * stretch;
        let center = |index: u64| (index as f64 + 0.5) * scale;
        let range = |index: u64| {
            let start = (center(index) - support + 0.5).max(0.0) as usize;
            start..((center(index) + support + 0.5) as usize).min(source as usize)
        };
        let whole = range(part.start).start..range(part.end - 1).end;
        let window = |index: u64| {
            let weight = |x: usize| filter.weight((x as f64 - center(index) + 0.5) * (1.0 / stretch));
            let weights = to_fixed_point(range(index).map(weight).collect());
            Window::new(range(index).start - whole.start, weights)
        };
        let windows = part.map(window).collect();
        Self { source: whole, windows }
    }
}

impl Window {
    /// Widens the window to whole pairs, by weights of 0.
    fn new(start: usize, weights: Vec<i32>) -> Self {
        let before = start % 2;
        let after = (before + weights.len()) % 2;
        let mut padded = vec![0; before];
        padded.extend(weights);
        padded.extend(vec![0; after]);
        let weights = padded.as_chunks().0.iter().map(|&pair| PairWeights::new(pair)).collect();
        Self { first_pair: start / 2, weights }
    }

    /// The window's part of a line of pairs.
    pub fn of<'a, T>(&self, line: &'a [T]) -> &'a [T] {
        &line[self.first_pair..self.first_pair + self.weights.len()]
    }
}

/// Weights with a sum of 1, rounded half away from zero.
fn to_fixed_point(weights: Vec<f64>) -> Vec<i32> {
    let sum: f64 = weights.iter().sum();
    let scale = if sum == 0.0 { 1.0 } else { sum };
    let fixed = |weight: f64| {
        let scaled = weight / scale * f64::from(1 << FRACTION_BITS);
        (scaled + 0.5f64.copysign(scaled)) as i32
    };
    weights.into_iter().map(fixed).collect()
}
