//! CLIP's modified ResNet.

pub(super) mod builder;
pub(super) mod config;
pub(super) mod inference;
pub(super) mod network;
pub(super) mod tensors;
