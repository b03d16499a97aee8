//! Wrinkles over the joints.

use crate::workshop::hands::math::geometry::Point;
use crate::workshop::hands::math::random::Random;

/// One wrinkle across a finger.
#[derive(Clone, Debug)]
pub struct Crease {
    /// Millimetres beyond the joint, towards the tip.
    pub along: f32,
    /// Sideways extent as a share of the half width, from and to, -0.95..0.95.
    pub span: [f32; 2],
    /// How far the middle lies beyond the ends, millimetres.
    pub sag: f32,
    /// Irregularity, millimetres.
    pub wobble: [f32; 3],
    /// Depth, 0.08..0.5 mm.
    pub depth: f32,
    /// Half width, 0.35..0.9 mm.
    pub half_width: f32,
}

/// Wrinkles of one finger.
#[derive(Clone, Debug)]
pub struct FingerCreases {
    /// Over the middle joint, 4 to 8.
    pub middle: Vec<Crease>,
    /// Over the end joint, 2 to 4.
    pub end: Vec<Crease>,
}

impl FingerCreases {
    pub(crate) fn new(random: &mut Random, depth: f32, is_thumb: bool) -> Self {
        let (middle, end) = (4 + random.below(5), 2 + random.below(3));
        let reach = if is_thumb { 0.8 } else { 0.9 };
        Self {
            middle: (0..middle).map(|index| crease(random, index, middle, [5.5, depth, reach])).collect(),
            end: (0..end).map(|index| crease(random, index, end, [2.6, depth * 0.8, 0.75])).collect(),
        }
    }
}

/// `sizes`: half the height of the wrinkled ellipse in millimetres, depth, reach.
fn crease(random: &mut Random, index: usize, count: usize, sizes: [f32; 3]) -> Crease {
    let [height, depth, reach] = sizes;
    let place = (index as f32 + 0.5) / count as f32 * 2.0 - 1.0; // -1..1 through the ellipse
    let reach = reach * (1.0 - 0.55 * place * place);
    let middle = random.around(0.0, 0.4);
    Crease {
        along: height * place + random.around(0.0, 1.7),
        span: [
            (middle - reach * random.between(0.55, 1.0)).max(-0.95),
            (middle + reach * random.between(0.55, 1.0)).min(0.95),
        ],
        sag: place * height * random.between(0.15, 0.6),
        wobble: std::array::from_fn(|_| random.around(0.0, 1.2)),
        depth: depth * random.between(0.5, 1.2) * (1.0 - 0.4 * place.abs()),
        half_width: random.between(0.4, 0.8),
    }
}

impl Crease {
    /// Its course: `(millimetres beyond the joint, sideways as a share of the half width)`.
    pub(crate) fn course(&self) -> [Point; 7] {
        std::array::from_fn(|index| {
            let t = index as f32 / 6.0;
            let side = self.span[0] + (self.span[1] - self.span[0]) * t;
            let rounded = self.sag * (1.0 - side * side);
            let wobble = self.wobble[index % 3] * t * (1.0 - t) * 2.0;
            [self.along + rounded + wobble, side]
        })
    }
}
