//! What several tests share.

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod program;
pub mod random;
pub mod random_sets;
pub mod references;
