//! Weight files: which tensors they hold, and where in the file, without reading the tensors.
//!
//! ```text
//!                 ranges of bytes
//! file ◀──────────────────────────▶ HeaderReader ──▶ Header ──▶ Subset: a smaller safetensors file
//!   local, or on a server               │
//!                                       ├─ safetensors
//!                                       ├─ torch archive (zip): zip ─▶ pickle ─▶ tensor tree
//!                                       └─ legacy torch file:          pickle ─▶ tensor tree
//! ```
//!
//! Pickles are interpreted without running anything: see [`HeaderReader`].

mod element;
mod file_names;
mod half_file;
mod header;
mod legacy;
mod pickle;
mod pieces;
mod reader;
mod safetensors;
mod shards;
mod subset;
mod tensor_tree;
mod torch_archive;
mod zip;

pub use file_names::{WeightName, looks_like_weights, weight_name};
pub use half_file::to_half;
pub use header::{Dtype, Header, TensorInfo};
pub use pickle::{MAX_PICKLE_BYTES, MAX_VALUES};
pub use reader::HeaderReader;
pub use safetensors::MAX_HEADER_BYTES;
pub use shards::{Shard, index_parts};
pub use subset::Subset;
pub use tensor_tree::{MAX_DEPTH, MAX_NAME_BYTES};
pub use zip::MAX_DIRECTORY_BYTES;

use crate::Error;

fn refuse(found: impl Into<String>) -> Error {
    Error::Checkpoint(found.into())
}
