//! How good an encoder is.

pub(super) mod splits;
pub(super) mod validate;
