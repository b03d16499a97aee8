//! The solid hand: how far inside, how round and how high every point is.
//!
//! Each part has a potential, in millimetres: its signed distance at the outline (positive inside),
//! levelling out in the middle, so that `sqrt(2 · radius · potential)` is the height of a rounded
//! body over its outline. Potentials are blended, so that webs and folds have soft edges.

use crate::workshop::hands::hand::anatomy::Anatomy;
use crate::workshop::hands::math::geometry::{Curve, Point, add, dot, mix, smooth_min, smoothstep, subtract};
use crate::workshop::hands::rendering::pose::{Pose, PosedFinger};

/// What the body is like at one point.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// Signed distance to the outline, see the module.
    pub(crate) potential: f32,
    /// Radius of the rounding, millimetres.
    pub(crate) radius: f32,
    /// Height of the part against the palm, millimetres.
    pub(crate) rise: f32,
    /// Where this skin is without the gesture, in hand space.
    pub(crate) skin: Point,
}

/// A hand in one pose.
pub(crate) struct Body<'a> {
    pose: &'a Pose,
    left: Curve,
    right: Curve,
    top: Curve,
    middle: f32,
}

/// Rounding of the palm's edge, millimetres.
const PALM_RADIUS: f32 = 15.0;

impl<'a> Body<'a> {
    pub(crate) fn new(anatomy: &Anatomy, pose: &'a Pose) -> Self {
        let (palm, wrist) = (anatomy.palm_half_width, anatomy.wrist_half_width);
        let knuckles = [1, 2, 3, 4].map(|finger| anatomy.fingers[finger].knuckle);
        let web = anatomy.web_height;
        let arm = [(-150.0, 1.3 * wrist), (-60.0, 1.1 * wrist), (-15.0, wrist), (5.0, 0.99 * wrist)];
        let left =
            [arm[0], arm[1], arm[2], arm[3], (30.0, 0.73 * palm), (60.0, 0.9 * palm), (100.0, 0.86 * palm)];
        let right =
            [arm[0], arm[1], arm[2], arm[3], (30.0, 0.87 * palm), (62.0, 1.03 * palm), (100.0, 0.98 * palm)];
        let top = [
            (knuckles[0][0] - 12.0, knuckles[0][1] + web - 7.0),
            (knuckles[0][0], knuckles[0][1] + web),
            (knuckles[1][0], knuckles[1][1] + web + 1.0),
            (knuckles[2][0], knuckles[2][1] + web),
            (knuckles[3][0], knuckles[3][1] + web - 1.0),
            (knuckles[3][0] + 10.0, knuckles[3][1] + web - 10.0),
        ];
        Self {
            pose,
            left: Curve::through(&left, 96),
            right: Curve::through(&right, 96),
            top: Curve::through(&top, 48),
            middle: 2.5,
        }
    }

    /// The body at a point in hand space.
    pub(crate) fn sample(&self, point: Point) -> Sample {
        let mut body = self.palm(point);
        body = blend(body, self.thumb_metacarpal(point), 11.0);
        for (index, finger) in self.pose.fingers.iter().enumerate() {
            let rise = if index == 0 { THUMB_RISE } else { palm_rise(finger.knuckle[0] - self.middle) };
            if let Some((part, along)) = finger_part(finger, point, rise) {
                let softness = if index == 0 { 4.5 } else { mix(6.5, 0.8, smoothstep(18.0, 38.0, along)) };
                body = blend(body, part, softness);
            }
        }
        body
    }

    /// Palm and forearm.
    fn palm(&self, point: Point) -> Sample {
        let x = point[0] - self.pose.arm_shift(point[1]) - self.middle;
        let sides = smooth_min(x + self.left.at(point[1]), self.right.at(point[1]) - x, 12.0);
        let depth = smooth_min(sides, self.top.at(point[0]) - point[1], 12.0);
        let inner = depth.min(PALM_RADIUS);
        let potential = inner - inner * inner / (2.0 * PALM_RADIUS);
        let skin = [x + self.middle, point[1]];
        Sample { potential, radius: PALM_RADIUS, rise: palm_rise(x), skin }
    }

    fn thumb_metacarpal(&self, point: Point) -> Sample {
        let (from, to) = (self.pose.thumb_root, self.pose.fingers[0].knuckle);
        let axis = subtract(to, from);
        let share = (dot(subtract(point, from), axis) / dot(axis, axis)).clamp(0.0, 1.0);
        let aside = subtract(point, add(from, [axis[0] * share, axis[1] * share]));
        let radius = mix(15.0, 11.8, share);
        // Its root is sunk in the palm.
        let sunk = 4.5 * (1.0 - smoothstep(0.0, 0.6, share));
        let potential = (radius * radius - dot(aside, aside)) / (2.0 * radius) - sunk;
        let rise = mix(palm_rise(from[0] - self.middle), THUMB_RISE, share);
        Sample { potential, radius, rise, skin: point }
    }
}

/// The back of the hand is arched: its height `x` millimetres beside the middle.
fn palm_rise(x: f32) -> f32 {
    -0.004 * x * x
}

/// Height of the thumb against the middle of the palm, millimetres.
const THUMB_RISE: f32 = -4.0;

/// A finger's own body and the distance from its knuckle; `None` far away.
fn finger_part(finger: &PosedFinger, point: Point, rise: f32) -> Option<(Sample, f32)> {
    let [along, aside] = finger.coordinates(point);
    if aside.abs() > 26.0 || along < -20.0 || along > finger.length() + 14.0 {
        return None;
    }
    let radius = finger.half_width.at(along);
    let start = finger.cap_start();
    let beyond =
        if along > start { (along - start) * radius / (finger.length() - start) } else { along.min(0.0) };
    let potential = (radius * radius - aside * aside - beyond * beyond) / (2.0 * radius);
    let unposed = finger.unposed([along, aside]);
    let moved = smoothstep(0.0, 25.0, along);
    let skin = [mix(point[0], unposed[0], moved), mix(point[1], unposed[1], moved)];
    Some((Sample { potential, radius, rise: rise + finger.height.at(along), skin }, along))
}

/// The union of two parts; the transition is about `softness` millimetres wide.
fn blend(a: Sample, b: Sample, softness: f32) -> Sample {
    let share = (0.5 + 0.5 * (b.potential - a.potential) / softness).clamp(0.0, 1.0);
    // Form and colour follow without a kink, or the light would show a seam.
    let of = |a, b| mix(a, b, share * share * (3.0 - 2.0 * share));
    Sample {
        potential: mix(a.potential, b.potential, share) + softness * share * (1.0 - share),
        radius: of(a.radius, b.radius),
        rise: of(a.rise, b.rise),
        skin: [of(a.skin[0], b.skin[0]), of(a.skin[1], b.skin[1])],
    }
}
