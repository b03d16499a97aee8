//! The lasting colour of skin and nails.

use crate::workshop::hands::math::geometry::{mix, mix_colors, multiply};
use crate::workshop::hands::math::random::Random;

/// Pigment and blood of one person.
#[derive(Clone, Debug)]
pub struct Skin {
    /// Melanin, 0 (very light) ..1 (very dark).
    pub melanin: f32,
    /// Colour in linear light, each channel 0..1.
    pub color: [f32; 3],
    /// How red joints and fingertips are, 0.15..1.
    pub redness: f32,
    /// How much darker the skin over the joints is, 0..0.5.
    pub joint_darkness: f32,
    /// Strength of the uneven, blotchy colour, 0.2..1.
    pub mottling: f32,
    /// Depth of the fine skin pattern, 0.02..0.16 mm.
    pub roughness: f32,
    /// Strength of the surface reflection, 0.02..0.12.
    pub gloss: f32,
    /// Visibility of veins, 0.05..1.
    pub vein_visibility: f32,
    /// Seed of the skin's pattern.
    pub(crate) pattern: u32,
}

/// Measured skin reflectances, linear light, from very light to very dark.
const TONES: [[f32; 3]; 6] = [
    [0.69, 0.46, 0.36],
    [0.62, 0.385, 0.275],
    [0.52, 0.295, 0.19],
    [0.385, 0.2, 0.12],
    [0.235, 0.115, 0.068],
    [0.115, 0.056, 0.036],
];

impl Skin {
    pub(crate) fn new(random: &mut Random) -> Self {
        let melanin = random.unit();
        let lightness = 1.0 - melanin;
        Self {
            melanin,
            color: color(melanin, random.around(0.0, 0.16), random.around(0.0, 0.1)),
            redness: mix(0.35, 0.75, lightness) + random.around(0.0, 0.25),
            joint_darkness: mix(0.03, 0.32, melanin) * random.between(0.3, 1.5),
            mottling: random.around(0.55, 0.35),
            roughness: random.around(0.08, 0.06),
            gloss: random.around(0.06, 0.04),
            vein_visibility: random.unit() * mix(0.45, 1.0, lightness) * 0.9 + 0.05,
            pattern: random.noise_seed(),
        }
    }

    /// What joints and fingertips multiply the colour by.
    pub(crate) fn blush(&self) -> [f32; 3] {
        let strength = self.redness;
        [1.0 - 0.02 * strength, 1.0 - 0.24 * strength, 1.0 - 0.2 * strength]
    }

    /// What blood in a vein multiplies the colour by: less red comes back.
    pub(crate) fn vein_tint(&self) -> [f32; 3] {
        [0.66, 0.83, 0.9]
    }
}

/// - `warmth`, `depth`: small deviations of hue and brightness, -0.2..0.2
fn color(melanin: f32, warmth: f32, depth: f32) -> [f32; 3] {
    let place = melanin * (TONES.len() - 1) as f32;
    let below = (place as usize).min(TONES.len() - 2);
    let tone = mix_colors(TONES[below], TONES[below + 1], place - below as f32);
    let hue = [1.0 + 0.2 * warmth, 1.0, 1.0 - 0.9 * warmth];
    multiply(tone, hue).map(|channel| channel * (1.0 + depth))
}
