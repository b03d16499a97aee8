//! The few operations that the encoder's time goes into, where Burn's own are too slow.
//!
//! ```text
//! operations.rs   Tensor in, Tensor out: a Burn backend extension
//! panels.rs       weights on their way there
//! flex.rs         the same on the tensors of Burn's CPU backend
//!   patches.rs, layer_norm.rs, linear.rs, convolution.rs, attention.rs   on slices
//!   product.rs              products of packed matrices, which all of these come down to
//!   functions.rs, simd.rs   four numbers at once
//! integer_operations.rs   linear layers on integers, for the CPU: "8-bit"
//!   integer_weights.rs      from weights to integers
//!   integer_linear.rs, simd_integers.rs   the products
//! cube.rs         the same on the tensors of Burn's GPU backend
//!   cube_linear.rs, cube_attention.rs   in one of the ways of gpu_kernel.rs
//!   shader.rs, wgsl/        as WGSL
//! peak.rs         how fast products are at best
//! ```
//!
//! Weights are packed once, when a model is loaded.

mod attention;
mod convolution;
#[cfg(feature = "gpu")]
mod cube;
#[cfg(feature = "gpu")]
mod cube_attention;
#[cfg(feature = "gpu")]
mod cube_linear;
mod flex;
mod functions;
mod gpu_kernel;
mod integer_linear;
mod integer_operations;
mod integer_weights;
mod layer_norm;
mod linear;
mod operations;
mod panels;
mod patches;
mod peak;
mod product;
#[cfg(feature = "gpu")]
mod shader;
mod simd;
mod simd_integers;

pub use gpu_kernel::GpuKernel;
pub use integer_operations::{BlockLinear, PackedIntegers};
pub use linear::Finish;
pub use operations::{PackedLinear, PackedNorm, attention};
pub use panels::{Panels, Precision};
pub use peak::products_in_cache;
