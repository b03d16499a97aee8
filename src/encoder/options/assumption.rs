//! What is assumed about a model.

use serde::Serialize;

/// Something about a model that was concluded rather than read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// Which of the [`crate::encoder::Choices`] corrects it.
    pub field: &'static str,
    /// What was concluded.
    pub value: String,
    /// The possible values, including this one.
    pub choices: Vec<String>,
    /// Why it was concluded, in one sentence.
    pub reason: String,
}
