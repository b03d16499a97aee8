use super::similarity_counts::SortedSimilarities;

/// What a threshold accepts: all pairs of at least that similarity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingPoint {
    /// A similarity that occurred, or infinity, which accepts nothing.
    pub threshold: f32,
    /// Genuine pairs accepted.
    pub true_positives: u64,
    /// Impostor pairs accepted.
    pub false_positives: u64,
}

/// Every different threshold from infinity down: one for all pairs of equal similarity.
#[derive(Clone, Debug)]
pub(super) struct OperatingPoints<'a> {
    genuine: Source<'a>,
    impostor: Source<'a>,
    next: Option<OperatingPoint>,
}

impl<'a> OperatingPoints<'a> {
    pub(super) fn new(genuine: &'a SortedSimilarities, impostor: &'a SortedSimilarities) -> Self {
        let first = OperatingPoint { threshold: f32::INFINITY, true_positives: 0, false_positives: 0 };
        Self { genuine: Source::new(genuine), impostor: Source::new(impostor), next: Some(first) }
    }

    /// The point of the next lower similarity.
    fn after(&mut self, point: OperatingPoint) -> Option<OperatingPoint> {
        let similarities = [self.genuine.peek(), self.impostor.peek()].map(|run| run.map(|(value, _)| value));
        let threshold = similarities.into_iter().flatten().reduce(f32::max)?;
        Some(OperatingPoint {
            threshold,
            true_positives: point.true_positives + self.genuine.take(threshold),
            false_positives: point.false_positives + self.impostor.take(threshold),
        })
    }
}

impl Iterator for OperatingPoints<'_> {
    type Item = OperatingPoint;

    fn next(&mut self) -> Option<OperatingPoint> {
        let point = self.next?;
        self.next = self.after(point);
        Some(point)
    }
}

/// The similarities of one kind with their counts, the highest first.
#[derive(Clone, Debug)]
struct Source<'a> {
    similarities: &'a SortedSimilarities,
    page: usize,
    /// The rest of the page before, the lowest first.
    runs: Vec<(f32, u64)>,
}

impl<'a> Source<'a> {
    fn new(similarities: &'a SortedSimilarities) -> Self {
        Self { similarities, page: 0, runs: Vec::new() }
    }

    fn peek(&mut self) -> Option<(f32, u64)> {
        if self.runs.is_empty() && self.page < self.similarities.pages() {
            self.runs.extend(self.similarities.page(self.page));
            self.runs.reverse();
            self.page += 1;
        }
        self.runs.last().copied()
    }

    /// Number of the next similarities if they equal `threshold`.
    fn take(&mut self, threshold: f32) -> u64 {
        self.peek().filter(|&(value, _)| value == threshold).map_or(0, |(_, count)| {
            self.runs.pop();
            count
        })
    }
}
