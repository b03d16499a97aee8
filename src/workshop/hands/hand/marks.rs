//! Moles, freckles, scars and hairs: what makes skin one person's.

use crate::workshop::hands::math::geometry::{Point, add, direction, mix, scaled};
use crate::workshop::hands::math::random::Random;

/// A point on the hand, which moves with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Palm and arm, in hand space.
    Back(Point),
    /// Finger 0..5, millimetres from the knuckle, sideways as a share of the half width.
    Finger(usize, Point),
}

/// A coloured spot.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Centre.
    pub place: Place,
    /// Radius, 0.4..2.6 mm.
    pub radius: f32,
    /// Share of the light that is left, 0.25..0.95.
    pub darkness: f32,
    /// Height, 0..0.5 mm.
    pub height: f32,
}

/// A line of other skin.
#[derive(Clone, Debug)]
pub struct Scar {
    /// Course on the back of the hand.
    pub course: [Point; 3],
    /// Half width, 0.5..1.1 mm.
    pub half_width: f32,
    /// Against the skin around: above 1 lighter, below 1 darker.
    pub brightness: f32,
}

/// A hair.
#[derive(Clone, Debug)]
pub struct Hair {
    /// Root.
    pub place: Place,
    /// From root to tip, millimetres in the direction of the finger or hand.
    pub reach: Point,
}

/// 0 to 5 moles.
pub(crate) fn moles(random: &mut Random) -> Vec<Spot> {
    let count = (random.unit() * random.unit() * 6.5) as usize;
    (0..count)
        .map(|_| Spot {
            place: anywhere(random),
            radius: random.between(0.8, 1.7),
            darkness: random.between(0.25, 0.55),
            height: random.between(0.0, 0.5),
        })
        .collect()
}

/// None for most hands, up to 90 on freckled ones; fewer and larger on old ones.
pub(crate) fn freckles(melanin: f32, random: &mut Random) -> Vec<Spot> {
    let is_freckled = random.chance(mix(0.45, 0.12, melanin));
    let density = random.unit();
    let count = if is_freckled { 12.0 + density * 78.0 } else { density * 8.0 };
    let size = random.between(0.6, 1.3);
    (0..count as usize)
        .map(|_| Spot {
            place: anywhere(random),
            radius: size * random.between(0.6, 2.0),
            darkness: random.between(0.62, 0.92),
            height: 0.0,
        })
        .collect()
}

/// 0 to 2 scars.
pub(crate) fn scars(random: &mut Random) -> Vec<Scar> {
    let count = usize::from(random.chance(0.35)) + usize::from(random.chance(0.12));
    (0..count).map(|_| scar(random)).collect()
}

fn scar(random: &mut Random) -> Scar {
    let start = [random.between(-26.0, 28.0), random.between(15.0, 82.0)];
    let along = scaled(direction(random.between(-1.6, 1.6)), random.between(6.0, 17.0));
    let bend = [random.around(0.0, 2.0), random.around(0.0, 2.0)];
    Scar {
        course: [start, add(add(start, scaled(along, 0.5)), bend), add(start, along)],
        half_width: random.between(0.5, 1.1),
        brightness: if random.chance(0.7) { random.between(1.08, 1.2) } else { random.between(0.7, 0.85) },
    }
}

/// Hairs on the first bones of the fingers and the outer side of the back.
///
/// - `density`: 0..1
pub(crate) fn hairs(density: f32, random: &mut Random) -> Vec<Hair> {
    let mut hairs = Vec::new();
    for _ in 0..(density * 90.0) as usize {
        let finger = 1 + random.below(4);
        let place = Place::Finger(finger, [random.around(19.0, 11.0), random.around(0.0, 0.7)]);
        hairs.push(Hair { place, reach: [random.around(1.6, 2.2), random.around(3.4, 2.0)] });
    }
    for _ in 0..(density * 420.0) as usize {
        let place = Place::Back([random.around(10.0, 32.0), random.around(-5.0, 85.0)]);
        hairs.push(Hair { place, reach: [random.around(3.6, 2.4), random.around(-3.4, 2.4)] });
    }
    hairs
}

/// Mostly on the back, sometimes on a finger.
fn anywhere(random: &mut Random) -> Place {
    if random.chance(0.68) {
        return Place::Back([random.between(-32.0, 36.0), random.between(-25.0, 92.0)]);
    }
    Place::Finger(random.below(5), [random.between(4.0, 62.0), random.around(0.0, 0.9)])
}
