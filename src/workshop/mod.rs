//! Where the bundled encoder and the sample images are made: nothing outside of it depends on it.

#[cfg(feature = "hands")]
pub mod hands;
#[cfg(feature = "train")]
pub mod train;
