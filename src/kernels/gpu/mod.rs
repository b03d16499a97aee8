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
// These two are text only, so that their test needs no GPU.
#[cfg(any(feature = "gpu", all(test, not(target_arch = "wasm32"))))]
#[cfg_attr(not(feature = "gpu"), allow(dead_code, reason = "what a launch needs is unused in tests"))]
mod shader;
#[cfg(any(feature = "gpu", all(test, not(target_arch = "wasm32"))))]
#[cfg_attr(not(feature = "gpu"), allow(dead_code, reason = "what a launch needs is unused in tests"))]
mod shaders;
