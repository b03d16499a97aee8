//! Embeddings and labels to and from other programs, one format a file.
//!
//! ```text
//! npy/            embeddings as numpy saves them   ─┐
//! labels_csv.rs   path, set, identity, camera      ─┴▶ imported_set.rs
//! ```
//!
//! Files are read whole from memory, and what they say about themselves is checked against what is there
//! before anything is allocated. Messages name the line or the row, and the image.

mod error;
mod matrix;
mod npy;

pub use error::ImportError;
pub use matrix::Matrix;
pub use npy::{read_npy, write_npy};
