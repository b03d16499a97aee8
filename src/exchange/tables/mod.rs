//! Tables of comma-separated values: labels, read and written, ranked lists and evaluations.
//!
//! ```text
//! columns.rs      the separator, and which column is the path, the set, …
//! lines.rs        at which line a row begins
//! labels.rs       the table ──▶ images
//! write.rs        images, ranked lists ──▶ tables
//! ```

mod columns;
mod labels;
mod lines;
mod write;

use super::ExchangeError;
pub use labels::{Labels, read_labels};
pub use write::{RankedImage, write_labels, write_rank_lists};
pub(crate) use write::{csv_bytes, csv_writer};

fn refuse(line: u64, found: impl Into<String>) -> ExchangeError {
    ExchangeError::Csv { line, found: found.into() }
}
