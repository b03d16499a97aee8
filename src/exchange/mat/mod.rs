//! `.mat` files of MATLAB level 5, as `scipy.io.savemat` and MATLAB's `save -v7` write them.
//!
//! ```text
//! 0    text, 116 bytes; 8 unused; version; "IM" if numbers are little-endian, "MI" if big-endian
//! 128  elements, one per variable, each on its own compressed by zlib or not
//!      ├─ flags: class, complex or not
//!      ├─ dimensions
//!      ├─ name
//!      └─ numbers, column by column, in the narrowest type that holds them
//! ```
//!
//! Names of the variables are those of the Market-1501 baseline, which CLIP-HandID follows: `gallery_f` and
//! `query_f` `[N, D]`, `gallery_label`, `gallery_cam`, `query_label` and `query_cam` `[1, N]`.
//!
//! Sources: MathWorks, "MAT-File Format"; nathanlem1/CLIP-HandID@313b0fa `eval_query_gallery_clip_zeroshot.py`;
//! layumi/Person_reID_baseline_pytorch `test.py`.

mod container;
mod element;
mod labels;
mod read;
mod variable;
mod write;

use super::ExchangeError;
pub use read::read_mat;
pub use write::write_mat;

fn refuse(found: impl Into<String>) -> ExchangeError {
    ExchangeError::Mat(found.into())
}

fn cut_off(what: &str) -> ExchangeError {
    refuse(format!("{what} is cut off or damaged"))
}
