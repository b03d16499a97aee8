//! From pixels to tokens.

use super::linear::Linear;
use super::product::{Rows, pack_rows};

/// The patches of images through a linear layer, each with its place, behind a token that is a place only.
///
/// - `pixels`: `[B, 3, S, S]`
/// - `side`: S; `patch_size`: P; a remainder of the image at the right and bottom is not looked at
/// - `layer`: K = 3·P·P
/// - `places`: `[T, W]`, T = 1 + (S / P)²
/// - returns `[B, T, W]`
pub fn patches(pixels: &[f32], side: usize, patch_size: usize, layer: Linear, places: &[f32]) -> Vec<f32> {
    let grid = side / patch_size;
    let mut rows = Vec::with_capacity(grid * grid * layer.depth);
    let mut panels = Vec::new();
    let mut tokens = Vec::new();
    for image in pixels.chunks_exact(3 * side * side) {
        rows.clear();
        for (top, left) in
            (0..grid * grid).map(|patch| (patch / grid * patch_size, patch % grid * patch_size))
        {
            for channel in image.chunks_exact(side * side) {
                let lines = channel.chunks_exact(side).skip(top).take(patch_size);
                lines.for_each(|line| rows.extend_from_slice(&line[left..left + patch_size]));
            }
        }
        pack_rows(Rows::dense(&rows, layer.depth), &mut panels);
        let first = tokens.len() + layer.width;
        tokens.extend_from_slice(places);
        layer.add_to(&panels, &mut tokens[first..]);
    }
    tokens
}
