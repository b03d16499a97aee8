//! The operations on Burn's CPU backend.
//!
//! ```text
//! operations.rs   on Burn's tensors
//!   patches.rs, layer_norm.rs, linear.rs, convolution.rs, attention.rs   on slices
//!   product.rs              products of packed matrices, which all of these come down to
//!   functions.rs, simd.rs   four values at once
//! integer/        linear layers on integers
//! peak.rs         how fast products are at best
//! ```

mod attention;
mod convolution;
mod functions;
pub(super) mod integer;
mod layer_norm;
mod linear;
mod operations;
mod patches;
pub(super) mod peak;
mod product;
mod simd;
mod storage;
