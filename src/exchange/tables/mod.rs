//! Tables of comma-separated values: labels, read and written, ranked lists and evaluations.
//!
//! ```text
//! columns.rs      the separator, and which column is the path, the set, …
//! lines.rs        at which line a row begins
//! labels.rs       the table ──▶ images
//! write.rs        images, ranked lists ──▶ tables
//! ranks.rs        a ranker ──▶ a table
//! metrics.rs      the JSON of an evaluation ──▶ tables
//! ```

mod columns;
mod labels;
mod lines;
mod metrics;
mod ranks;
mod write;

use super::ExchangeError;
pub use labels::{Labels, read_labels};
pub use metrics::{write_metrics, write_query_results};
pub use ranks::write_ranks;
pub use write::{RankedImage, write_labels, write_rank_lists};

fn refuse(line: u64, found: impl Into<String>) -> ExchangeError {
    ExchangeError::Csv { line, found: found.into() }
}
