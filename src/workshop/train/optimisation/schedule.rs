//! How large a step is.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// Linear warm-up, then half a cosine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Learning rate at the end of the warm-up.
    pub peak: f64,
    /// Learning rate of the last step.
    pub last: f64,
    /// Steps until the peak.
    pub warm_up: u64,
    /// Steps of the whole training.
    pub steps: u64,
}

impl Schedule {
    /// Learning rate of a step, from 0; beyond the end that of the last step.
    ///
    /// ```
    /// # use reid_web::workshop::train::Schedule;
    /// let schedule = Schedule { peak: 1e-3, last: 1e-5, warm_up: 10, steps: 111 };
    /// assert_eq!(schedule.learning_rate(4), 0.5e-3);
    /// assert_eq!(schedule.learning_rate(10), 1e-3);
    /// assert!((schedule.learning_rate(60) - 0.505e-3).abs() < 1e-9);
    /// assert!((schedule.learning_rate(110) - 1e-5).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn learning_rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.peak * (step + 1) as f64 / self.warm_up as f64;
        }
        let falling = self.steps.saturating_sub(self.warm_up + 1).max(1);
        let share = ((step - self.warm_up) as f64 / falling as f64).min(1.0);
        self.last + (self.peak - self.last) * (1.0 + (PI * share).cos()) / 2.0
    }
}
