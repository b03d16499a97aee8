//! The network of veins on the back of the hand.

use crate::workshop::hands::hand::anatomy::Anatomy;
use crate::workshop::hands::math::geometry::{Point, add, mix, scaled, subtract};
use crate::workshop::hands::math::random::Random;

/// One vein, from the fingers towards the wrist.
#[derive(Clone, Debug)]
pub struct Vein {
    /// Its course in hand space.
    pub course: Vec<Point>,
    /// Half width, 0.5..2.2 mm.
    pub half_width: f32,
}

/// The tree of one hand: veins between the knuckles, arches between them, trunks to the arm.
pub(crate) fn vein_tree(anatomy: &Anatomy, random: &mut Random) -> Vec<Vein> {
    let knuckles = [1, 2, 3, 4].map(|finger| anatomy.fingers[finger].knuckle);
    let mut veins = Vec::new();
    let mut junctions = Vec::new();
    for pair in knuckles.windows(2) {
        let start = add(scaled(add(pair[0], pair[1]), 0.5), [random.around(0.0, 3.0), 12.0]);
        let junction = [start[0] * 0.85 + random.around(0.0, 6.0), random.between(48.0, 70.0)];
        veins.push(vein(start, junction, random.between(0.9, 1.5), random));
        junctions.push(junction);
    }
    for pair in junctions.windows(2) {
        if random.chance(0.75) {
            veins.push(vein(pair[0], pair[1], random.between(0.8, 1.4), random));
        }
    }
    for &junction in &junctions {
        veins.push(trunk(junction, anatomy.wrist_half_width, random));
    }
    let radial = add(knuckles[0], [-6.0, -6.0]);
    veins.push(trunk(radial, anatomy.wrist_half_width, random));
    let branching = junctions[random.below(3)];
    let end = subtract(branching, [random.around(0.0, 14.0), random.between(25.0, 50.0)]);
    veins.push(vein(branching, end, random.between(0.8, 1.3), random));
    veins
}

/// Runs on into the forearm.
fn trunk(start: Point, wrist_half_width: f32, random: &mut Random) -> Vein {
    let end = [random.around(start[0] * 0.5, 0.5 * wrist_half_width), random.between(-150.0, -90.0)];
    vein(start, end, random.between(1.1, 2.1), random)
}

/// A wandering line from `start` to `end`.
fn vein(start: Point, end: Point, half_width: f32, random: &mut Random) -> Vein {
    let along = subtract(end, start);
    let across = [-along[1], along[0]];
    let sway = [random.around(0.0, 0.13), random.around(0.0, 0.09), random.around(0.0, 0.018)];
    let place = |index: usize| {
        let t = index as f32 / 14.0;
        let wave = |turns: f32| libm::sinf(t * turns * std::f32::consts::PI);
        let aside = sway[0] * wave(1.0) + sway[1] * wave(2.0) + sway[2] * wave(5.0);
        add(add(start, scaled(along, t)), scaled(across, aside))
    };
    let course = (0..15).map(place).collect();
    Vein { course, half_width: half_width * mix(0.65, 1.0, random.unit()) }
}
