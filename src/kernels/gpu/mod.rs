//! The operations on Burn's GPU backend, as WGSL.
//!
//! ```text
//! kernel.rs        the ways in which a GPU can compute
//! operations.rs    on Burn's tensors
//!   linear.rs, attention.rs   in one of these ways
//! shader.rs        WGSL text as a kernel
//! wgsl/            the text
//! ```

#[cfg(feature = "gpu")]
mod attention;
pub(super) mod kernel;
#[cfg(feature = "gpu")]
mod linear;
#[cfg(feature = "gpu")]
mod operations;
#[cfg(feature = "gpu")]
mod shader;
