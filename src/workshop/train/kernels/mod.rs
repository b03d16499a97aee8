//! The three parts of a block on which Burn's gradients are slow, each as one operation with its own
//! gradient: layer norm, attention and QuickGELU.
//!
//! Burn takes these apart into a dozen passes over memory each. Here a row, or one head of one image, is
//! computed while it is in the cache. `tests/api/train` compares results and gradients with those of the
//! plain Burn expressions.
//!
//! ```text
//! operations.rs   Tensor in, Tensor out
//! backward.rs     the same for Burn's autodiff
//! flex.rs         the same on Flex's tensors
//! attention.rs, layer_norm.rs, quick_gelu.rs   on slices
//! ```

mod arithmetic;
mod attention;
mod backward;
mod flex;
mod layer_norm;
mod operations;
mod quick_gelu;

pub use operations::{attention, layer_norm, quick_gelu};
