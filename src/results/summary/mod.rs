//! Results for people, as plain text.

mod notes;
mod protocols;
mod study;

pub use notes::notes_on;
pub use protocols::{leave_one_out_text, single_shot_text, splits_text};
pub use study::study_text;

/// A fraction with four digits.
fn shown(value: Option<f64>) -> String {
    value.map_or("–".into(), |value| format!("{value:.4}"))
}
