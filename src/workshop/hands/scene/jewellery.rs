//! Rings and watches, worn now and then.

use crate::workshop::hands::math::random::Random;

/// Reflectance of gold, silver and dark steel, linear light.
pub(crate) const METALS: [[f32; 3]; 3] = [[0.72, 0.47, 0.16], [0.66, 0.65, 0.63], [0.2, 0.2, 0.21]];
/// Straps: leather brown, black, steel, dark blue, red.
pub(crate) const STRAPS: [[f32; 3]; 5] =
    [[0.19, 0.09, 0.045], [0.022, 0.022, 0.024], [0.5, 0.5, 0.5], [0.03, 0.05, 0.12], [0.3, 0.04, 0.035]];

/// A ring on the first bone of a finger.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Finger 1..5, mostly the ring finger.
    pub finger: usize,
    /// Half the width of the band, 0.9..2.3 mm.
    pub half_width: f32,
    pub(crate) metal: usize,
    pub(crate) has_stone: bool,
}

/// A watch around the wrist.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Radius of the case, 14..21 mm.
    pub radius: f32,
    pub(crate) strap: usize,
    pub(crate) metal: usize,
    pub(crate) is_dark: bool,
}

/// Middle of the watch, millimetres below the wrist.
pub(crate) const WATCH_PLACE: f32 = 36.0;

impl Ring {
    pub(crate) fn new(random: &mut Random) -> Self {
        let finger = if random.chance(0.65) { 3 } else { 1 + random.below(4) };
        Self {
            finger,
            half_width: random.between(0.9, 2.3),
            metal: random.below(METALS.len()),
            has_stone: random.chance(0.25),
        }
    }
}

impl Watch {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            radius: random.between(14.0, 21.0),
            strap: random.below(STRAPS.len()),
            metal: random.below(METALS.len()),
            is_dark: random.chance(0.5),
        }
    }
}
