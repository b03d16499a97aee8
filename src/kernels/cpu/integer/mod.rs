//! Linear layers on integers, for the CPU: weights of 8 bits, activations of 16.
//!
//! ```text
//! packed.rs       tensors in, tensors out
//! operations.rs   on the tensors of Burn's CPU backend
//! weights.rs      from weights to integers
//! linear.rs       the layer, on slices
//! simd.rs         several integers at once
//! ```

mod linear;
mod operations;
pub(in crate::kernels) mod packed;
mod simd;
mod weights;
