//! Vision Transformers, described as data.
//!
//! ```text
//! config.rs      sizes, and which variant of each part a tower has
//! tensor.rs      its layers and tensors, and their shapes
//! builder.rs     layers while their tensors arrive; layer.rs packs them
//! fused.rs       the network that runs; reference.rs is the same in Burn's own modules
//! inference.rs   a configuration from the shapes of tensors
//!   patch_grid.rs, feature.rs, cameras.rs   what those leave open
//! ```

pub(super) mod builder;
pub(super) mod cameras;
pub(super) mod config;
pub(super) mod feature;
pub(super) mod fused;
pub(super) mod inference;
mod interpolation;
pub(super) mod layer;
mod patch_grid;
#[cfg(feature = "train")]
pub(super) mod reader;
pub(super) mod reference;
pub(super) mod tensor;
