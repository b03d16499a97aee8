//! The few operations that take most of the encoder's time, where Burn's own are too slow.
//!
//! ```text
//! operations.rs     tensors in, tensors out: an extension of Burn's backends
//! block_linear.rs   the linear layers of a block: F32, or "8-bit" on the CPU
//! panels.rs         weights on their way there
//! finish.rs         what follows a linear layer
//! cpu/              on slices, four values at once
//!   integer/        linear layers on integers
//! gpu/              as WGSL
//! ```
//!
//! Weights are packed once, when a model is loaded.

mod block_linear;
mod cpu;
mod finish;
mod gpu;
mod operations;
mod panels;

pub use block_linear::BlockLinear;
pub use cpu::peak::products_in_cache;
pub use finish::Finish;
pub use gpu::kernel::GpuKernel;
pub use operations::{PackedLinear, PackedNorm, attention};
pub use panels::{Panels, Precision};
