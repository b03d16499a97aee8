use super::OperatingPoint;

/// Area under a ROC curve by the trapezoidal rule, counted in halves of a genuine and an impostor
/// pair, so that only the last division rounds.
#[derive(Clone, Debug, Default)]
pub(super) struct AreaUnderCurve {
    halves: u128,
    true_positives: u64,
    false_positives: u64,
}

impl AreaUnderCurve {
    /// - `point`: the next one, from infinity down
    pub(super) fn add(&mut self, point: OperatingPoint) {
        let width = point.false_positives - self.false_positives;
        let both_heights = point.true_positives + self.true_positives;
        self.halves += u128::from(width) * u128::from(both_heights);
        (self.true_positives, self.false_positives) = (point.true_positives, point.false_positives);
    }

    /// A fraction in 0..=1; `None` if there are no pairs of one kind.
    ///
    /// - `pairs`: genuine and impostor, as many as the last point accepts
    pub(super) fn of_all(&self, pairs: [u64; 2]) -> Option<f64> {
        let [genuine, impostor] = pairs.map(u128::from);
        let all = 2 * genuine * impostor;
        (all > 0).then(|| self.halves as f64 / all as f64)
    }
}
