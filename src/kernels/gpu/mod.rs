//! The operations on Burn's GPU backend, as WGSL.
//!
//! ```text
//! kernel.rs       the ways in which a GPU can compute
//! operations.rs   on Burn's tensors
//!   linear.rs, attention.rs   in one of these ways
//! launch.rs       shaders as kernels of Burn
//! shaders/        which files make a shader
//!   shader.rs     put together
//! wgsl/           the files
//! ```

#[cfg(feature = "gpu")]
mod attention;
pub(super) mod kernel;
#[cfg(feature = "gpu")]
mod launch;
#[cfg(feature = "gpu")]
mod linear;
#[cfg(feature = "gpu")]
mod operations;
// Text, so that its test needs no GPU.
#[cfg(any(feature = "gpu", all(test, not(target_arch = "wasm32"))))]
mod shader;
#[cfg(any(feature = "gpu", all(test, not(target_arch = "wasm32"))))]
mod shaders;
