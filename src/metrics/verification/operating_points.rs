use std::iter::Peekable;

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
pub(super) struct OperatingPoints<I: Iterator<Item = (f32, u64)>> {
    genuine: Peekable<I>,
    impostor: Peekable<I>,
    next: Option<OperatingPoint>,
}

impl<I: Iterator<Item = (f32, u64)>> OperatingPoints<I> {
    /// - `genuine`, `impostor`: different similarities with their counts, the highest first
    pub(super) fn new(genuine: I, impostor: I) -> Self {
        let first = OperatingPoint { threshold: f32::INFINITY, true_positives: 0, false_positives: 0 };
        Self { genuine: genuine.peekable(), impostor: impostor.peekable(), next: Some(first) }
    }

    /// The point of the next lower similarity.
    fn after(&mut self, point: OperatingPoint) -> Option<OperatingPoint> {
        let highest = [self.genuine.peek(), self.impostor.peek()];
        let threshold = highest.into_iter().flatten().map(|&(similarity, _)| similarity).reduce(f32::max)?;
        Some(OperatingPoint {
            threshold,
            true_positives: point.true_positives + take(&mut self.genuine, threshold),
            false_positives: point.false_positives + take(&mut self.impostor, threshold),
        })
    }
}

impl<I: Iterator<Item = (f32, u64)>> Iterator for OperatingPoints<I> {
    type Item = OperatingPoint;

    fn next(&mut self) -> Option<OperatingPoint> {
        let point = self.next?;
        self.next = self.after(point);
        Some(point)
    }
}

/// Number of the next similarities if they equal the threshold.
fn take(similarities: &mut Peekable<impl Iterator<Item = (f32, u64)>>, threshold: f32) -> u64 {
    similarities.next_if(|&(similarity, _)| similarity == threshold).map_or(0, |(_, count)| count)
}
