//! From pixels to tokens.

use super::linear::Linear;
use super::product::{Rows, pack_rows};

/// The tokens of images: the patches through a linear layer, after a class token, plus the positional embedding.
///
/// - `pixels`: `[B, 3, H, W]`
/// - `size`: H and W, at least P; what remains of the image at the right and bottom is ignored
/// - `patch`: P, and the stride from one patch to the next, which overlap if it is less
/// - `layer`: K = 3·P·P
/// - `positions`: `[T, N]`, its first row with the class token, T = 1 + (⌊(H - P) / stride⌋ + 1) · (⌊(W - P) /
///   stride⌋ + 1)
/// - returns `[B, T, N]`
pub fn patches(
    pixels: &[f32],
    size: [usize; 2],
    [patch_size, stride]: [usize; 2],
    layer: Linear,
    positions: &[f32],
) -> Vec<f32> {
    let [height, width] = size;
    let [down, across] = size.map(|side| (side - patch_size) / stride + 1);
    let mut rows = Vec::with_capacity(down * across * layer.depth);
    let mut panels = Vec::new();
    let mut tokens = Vec::new();
    for image in pixels.chunks_exact(3 * height * width) {
        rows.clear();
        for (top, left) in (0..down * across).map(|patch| (patch / across * stride, patch % across * stride))
        {
            for channel in image.chunks_exact(height * width) {
                let lines = channel.chunks_exact(width).skip(top).take(patch_size);
                lines.for_each(|line| rows.extend_from_slice(&line[left..left + patch_size]));
            }
        }
        pack_rows(Rows::dense(&rows, layer.depth), &mut panels);
        let first = tokens.len() + layer.width;
        tokens.extend_from_slice(positions);
        layer.add_to(&panels, &mut tokens[first..]);
    }
    tokens
}
