//! Which files of `wgsl/` make a shader, and what is filled in: text only, without a GPU.

pub mod attention;
mod ending;
pub mod images;
pub mod layer_norm;
pub mod linear;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod validity;

/// Invocations of a workgroup that work on one row, or on neighbours.
pub const THREADS: usize = 64;
