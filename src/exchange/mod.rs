//! Embeddings and labels to and from other programs, one format per file or folder.
//!
//! ```text
//! npy/               embeddings as numpy saves them   ─┐
//! tables/labels.rs   path, set, identity, camera      ─┴─▶ imported_set.rs
//! export_json.rs     the page's own export            ───▶
//! mat/               both, as scipy.io.savemat does   ───▶
//! ```
//!
//! Files are read whole from memory, and what they say about themselves is checked against what is there
//! before anything is allocated for it. Messages name the line or the row, and the image.

mod error;
mod export_json;
mod imported_set;
mod mat;
mod matrix;
mod npy;
mod read;
mod tables;

pub use error::ExchangeError;
pub use export_json::{model_of_export, read_export};
pub use imported_set::{ImportedImage, ImportedSet};
pub use mat::{read_mat, write_mat};
pub use matrix::Matrix;
pub use npy::{npy_header, read_npy, write_npy};
pub use read::read_embeddings;
pub use tables::{Labels, RankedImage, read_labels, write_labels, write_rank_lists};
pub(crate) use tables::{csv_bytes, csv_writer};
