//! Vision Transformers.

pub(super) mod builder;
pub(super) mod cameras;
pub(super) mod config;
pub(super) mod feature;
pub(super) mod fused;
pub(super) mod inference;
pub(super) mod interpolation;
pub(super) mod layer;
pub(super) mod patch_grid;
#[cfg(feature = "train")]
pub(super) mod reader;
pub(super) mod reference;
