//! Light on the hand and on what it lies on.

use crate::workshop::hands::math::random::Random;

/// One lamp or window, and the light from all around.
#[derive(Clone, Debug)]
pub struct Light {
    /// Unit vector to the lamp: right, down, towards the viewer.
    pub direction: [f32; 3],
    /// Colour and strength of the lamp.
    pub key: [f32; 3],
    /// Colour and strength of the light from all around.
    pub ambient: [f32; 3],
    /// Softness of shadows, 0 (sun) ..1 (overcast).
    pub softness: f32,
    /// Height of the hand over the ground, 0..14 mm.
    pub lift: f32,
}

impl Light {
    pub(crate) fn new(random: &mut Random) -> Self {
        let side = random.between(0.0, std::f32::consts::TAU);
        // More often from above than from below.
        let [right, down] = [libm::sinf(side), libm::cosf(side) * 0.7 - 0.45];
        let height = random.between(0.75, 2.1);
        let length = (right * right + down * down + height * height).sqrt();
        let warmth = random.around(0.08, 0.3);
        let share = random.between(0.55, 0.84);
        let tint = |warmth: f32| [1.0 + 0.35 * warmth, 1.0, 1.0 - 0.55 * warmth];
        Self {
            direction: [right / length, down / length, height / length],
            key: tint(warmth).map(|channel| channel * share * 1.25),
            ambient: tint(random.around(-0.04, 0.2)).map(|channel| channel * (1.0 - share) * 1.25),
            softness: random.unit(),
            lift: if random.chance(0.8) { random.between(0.0, 4.0) } else { random.between(4.0, 14.0) },
        }
    }
}
