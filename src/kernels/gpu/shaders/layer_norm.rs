//! The shader of a layer norm.

use super::THREADS;
use crate::kernels::gpu::shader::{Shader, wgsl};

/// A workgroup for each row.
///
/// - `width`: of a row
pub fn layer_norm(width: usize, epsilon: f64) -> Shader {
    Shader::new(&[wgsl!("layer_norm")])
        .with("width", &width)
        .with("threads", &THREADS)
        .with("epsilon", &format!("{epsilon:e}"))
}
