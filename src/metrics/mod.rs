//! The metrics of re-identification, one a file, each with its definition and source.
//!
//! A metric of one query takes the ranks of its matches, the gallery images that show its identity: from 1 and
//! ascending. Junk and same-camera images must already be left out ([`crate::evaluation`] does).

mod average_precision;
mod average_precision_trapezoidal;
mod cmc;
mod match_ranks;
mod mean_average_precision;

pub use average_precision::average_precision;
pub use average_precision_trapezoidal::average_precision_trapezoidal;
pub use cmc::{cumulative_hits, cumulative_match_characteristic};
pub use match_ranks::match_ranks;
pub use mean_average_precision::{UnmatchedPolicy, mean_average_precision};
