//! The few operations that the encoder's time goes into, where Burn's own are too slow.
//!
//! ```text
//! operations.rs   Tensor in, Tensor out: a Burn backend extension
//! flex.rs         the same on the tensors of Burn's CPU backend
//! patches.rs, layer_norm.rs, linear.rs, attention.rs   on slices
//! product.rs      products of packed matrices, which all of these come down to
//! functions.rs, simd.rs   four numbers at once
//! peak.rs         how fast products are at best
//! ```
//!
//! Weights are packed once, when a model is loaded. `tests/api/kernels.rs` compares every operation with the plain
//! Burn expression.

mod attention;
mod flex;
mod functions;
mod layer_norm;
mod linear;
mod operations;
mod patches;
mod peak;
mod product;
mod simd;

pub use linear::Finish;
pub use operations::{PackedLinear, PackedNorm, attention};
pub use peak::product_peak;
