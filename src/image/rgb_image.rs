//! The pixels of one image.

use crate::{Error, Result};

/// An upright image, 8 bits per channel.
///
/// Invariants: both sides are at least 1, `pixels.len() == width * height * 3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbImage {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `[height, width, 3]`: red, green, blue, row by row from the top left.
    pub pixels: Vec<u8>,
}

impl RgbImage {
    /// Takes pixels in RGB order.
    ///
    /// - `pixels`: `[height, width, 3]`
    /// - errors: a side of 0, or another number of bytes
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self> {
        check_length(width, height, 3, pixels.len())?;
        Ok(Self { width, height, pixels })
    }

    /// Takes the pixels of a browser's `ImageData`; alpha is dropped, not composited.
    ///
    /// - `rgba`: `[height, width, 4]`, not premultiplied
    /// - errors: a side of 0, or another number of bytes
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Self> {
        check_length(width, height, 4, rgba.len())?;
        let pixels = rgba.as_chunks().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        Ok(Self { width, height, pixels })
    }

    /// The same pixels in other places: `source(x, y)` is the pixel that comes to (x, y).
    ///
    /// Goes tile by tile, so that both images stay in the cache when columns become rows.
    pub(super) fn rearranged(
        &self,
        (width, height): (u32, u32),
        source: impl Fn(u32, u32) -> (u32, u32),
    ) -> Self {
        let pixels = self.pixels.as_chunks::<3>().0;
        let mut moved = vec![[0; 3]; pixels.len()];
        for (tile_x, tile_y) in tiles(width, height) {
            for y in tile_y..height.min(tile_y + TILE) {
                for x in tile_x..width.min(tile_x + TILE) {
                    let (source_x, source_y) = source(x, y);
                    let from = source_y as usize * self.width as usize + source_x as usize;
                    moved[y as usize * width as usize + x as usize] = pixels[from];
                }
            }
        }
        Self { width, height, pixels: moved.into_flattened() }
    }
}

/// Side of a tile, in pixels.
const TILE: u32 = 32;

/// The top left corners of the tiles of an image.
fn tiles(width: u32, height: u32) -> impl Iterator<Item = (u32, u32)> {
    let rows = (0..height).step_by(TILE as usize);
    rows.flat_map(move |y| (0..width).step_by(TILE as usize).map(move |x| (x, y)))
}

fn check_length(width: u32, height: u32, channels: u64, found: usize) -> Result<()> {
    let expected = u64::from(width) * u64::from(height) * channels;
    if expected == 0 || expected != found as u64 {
        return Err(Error::PixelBytes { found, width, height, expected });
    }
    Ok(())
}
