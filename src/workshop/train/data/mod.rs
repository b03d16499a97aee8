//! From annotated images to batches.

pub(super) mod annotations;
pub(super) mod augmentation;
pub(super) mod batches;
pub(super) mod folder;
pub(super) mod images;
pub(super) mod loader;
