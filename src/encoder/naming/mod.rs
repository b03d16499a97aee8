//! How published weight files name the tensors of an image tower.

pub(super) mod layout;
