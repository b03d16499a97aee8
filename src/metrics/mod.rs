//! The metrics of re-identification, one per file, each with its definition and source.
//!
//! A metric of one query takes the ranks of its matches, the gallery images that show its identity: from 1 and
//! ascending. Junk, same-camera and same-file images must already be left out ([`crate::evaluation`] does).

mod average_precision;
mod average_precision_trapezoidal;
mod bootstrap;
mod cmc;
mod discounted_gain;
mod inverse_negative_penalty;
mod mean_average_precision;
mod open_set;
mod precision_recall;
mod run_summary;
mod verification;

pub use average_precision::average_precision;
pub use average_precision_trapezoidal::average_precision_trapezoidal;
pub use bootstrap::{Bootstrap, Caution, Interval};
pub use cmc::{cmc_at, cumulative_hits, cumulative_match_characteristic};
pub use discounted_gain::normalised_discounted_gain;
pub use inverse_negative_penalty::inverse_negative_penalty;
pub use mean_average_precision::{UnmatchedPolicy, mean_average_precision};
pub use open_set::{OpenSet, OpenSetQuery, OpenSetRates};
pub use precision_recall::{precision_at_k, r_precision, recall_at_k};
pub use run_summary::{RunSummary, over_runs};
pub use verification::{
    Distribution, EqualErrorRate, ErrorRates, FALSE_POSITIVE_RATES, HISTOGRAM_BINS, OperatingPoint, RocPoint,
    ThresholdTarget, TruePositiveRate, Verification, VerificationReport,
};
