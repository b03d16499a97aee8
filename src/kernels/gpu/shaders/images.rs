//! The shaders that rearrange images: patches, tokens and windows.

use super::THREADS;
use crate::kernels::gpu::shader::{Shader, wgsl};

/// Cuts images into patches: [`THREADS`] values of one patch of one image for each workgroup.
///
/// - `size`: height and width of the images
/// - `patches`: of an image
pub fn patches([height, width]: [usize; 2], patch_size: usize, stride: usize, patches: usize) -> Shader {
    Shader::new(&[wgsl!("patches")])
        .with("height", &height)
        .with("width", &width)
        .with("patch", &patch_size)
        .with("stride", &stride)
        .with("across", &((width - patch_size) / stride + 1))
        .with("patches", &patches)
        .with("threads", &THREADS)
}

/// Adds the positional embedding: [`THREADS`] values of one token of one image for each workgroup.
///
/// - `tokens`, `width`: of the positional embedding
pub fn tokens(tokens: usize, width: usize) -> Shader {
    Shader::new(&[wgsl!("tokens")]).with("tokens", &tokens).with("width", &width).with("threads", &THREADS)
}

/// Gathers the windows of a 3 × 3 convolution: [`THREADS`] values of one window for each workgroup.
pub fn windows([rows, columns, channels]: [usize; 3], stride: usize) -> Shader {
    Shader::new(&[wgsl!("windows")])
        .with("rows", &rows)
        .with("columns", &columns)
        .with("channels", &channels)
        .with("stride", &stride)
        .with("threads", &THREADS)
}
