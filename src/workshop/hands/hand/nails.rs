//! Nails: their lasting shape and shade.

use crate::workshop::hands::math::random::Random;

/// Nails of one hand; each finger scales them by its width.
#[derive(Clone, Debug)]
pub struct Nails {
    /// Width as a share of the finger's, 0.66..0.82.
    pub width: f32,
    /// Length over width, 0.95..1.45.
    pub length: f32,
    /// How square the ends are: 2 is an ellipse, 5 nearly a rectangle.
    pub squareness: f32,
    /// Free edge beyond the nail bed, 0.3..2.4 mm.
    pub free_edge: f32,
    /// Size of the lunula as a share of the nail's length, 0..0.3.
    pub lunula: f32,
    /// Pinkness of the bed, 0..1.
    pub pinkness: f32,
    /// Brightness against the skin, 0.9..1.25.
    pub brightness: f32,
    /// Strength of the highlight, 0.15..0.7.
    pub gloss: f32,
}

impl Nails {
    pub(crate) fn new(random: &mut Random) -> Self {
        let is_long = random.chance(0.3);
        Self {
            width: random.around(0.74, 0.08),
            length: random.around(1.2, 0.25),
            squareness: random.between(2.4, 4.6),
            free_edge: if is_long { random.between(1.2, 2.4) } else { random.between(0.3, 1.2) },
            lunula: random.between(-0.05, 0.3).max(0.0),
            pinkness: random.unit(),
            brightness: random.around(1.08, 0.16),
            gloss: random.between(0.15, 0.7),
        }
    }
}
