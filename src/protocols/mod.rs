//! Evaluation protocols that form queries and gallery themselves, or draw from the gallery.
//!
//! - [`leave_one_out()`]: one set, each image against the others
//! - [`evaluate_splits`]: one pool, split into queries and gallery several times by a seed (Monte-Carlo runs)
//! - [`single_gallery_shot`]: CUHK03's, one gallery image of each identity, drawn for each query
//!
//! Eligible gallery images and matches are those of [`crate::evaluation`], as are rank lists, CMC and average
//! precisions. Where queries and gallery are taken together, a file that lies in both is one image
//! ([`distinct_files`]).

mod leave_one_out;
mod pool;
mod single_shot;
mod splits;
mod summary;

pub use leave_one_out::{LeaveOneOut, leave_one_out};
pub use pool::distinct_files;
pub use single_shot::{Candidates, REPEATS, SingleShot, single_gallery_shot, single_gallery_shot_by};
pub use splits::{DrawnSplits, Split, SplitOptions, SplitRun, Splits, draw_splits, evaluate_splits};
pub use summary::{CmcSummary, RunsSummary};
