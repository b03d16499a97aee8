//! A hand as it is held: bones at their angles, seen from above.

use crate::workshop::hands::hand::anatomy::{Anatomy, Finger};
use crate::workshop::hands::hand::marks::Place;
use crate::workshop::hands::math::geometry::{Curve, Point, add, direction, dot, scaled, subtract};
use crate::workshop::hands::scene::shot::Gesture;

/// Points of a hand that a drawing comes with: the wrist, and of each finger the knuckle, the two joints and the tip.
pub const LANDMARKS: usize = 21;

/// A hand in one gesture, in hand space.
pub(crate) struct Pose {
    pub(crate) fingers: [PosedFinger; 5],
    /// Where the thumb's first bone begins.
    pub(crate) thumb_root: Point,
    /// Sideways shift of the forearm for each millimetre below the wrist.
    pub(crate) arm_slope: f32,
}

/// A finger in one gesture.
pub(crate) struct PosedFinger {
    pub(crate) knuckle: Point,
    along: Point,
    across: Point,
    bow: f32,
    /// From the knuckle to each joint and the tip, along the bones and as seen from above.
    rest: [f32; 4],
    seen: [f32; 4],
    /// By the distance from the knuckle as seen from above, millimetres.
    pub(crate) half_width: Curve,
    /// Height of the bones against the palm.
    pub(crate) height: Curve,
    /// Direction and knuckle without the gesture, where the skin's pattern is fixed.
    at_rest: [Point; 2],
}

impl Pose {
    pub(crate) fn new(anatomy: &Anatomy, gesture: &Gesture) -> Self {
        Self {
            fingers: std::array::from_fn(|index| posed_finger(anatomy, gesture, index)),
            thumb_root: anatomy.thumb_root,
            arm_slope: libm::tanf(gesture.wrist),
        }
    }

    /// Where a mark is in hand space now.
    pub(crate) fn place(&self, place: Place) -> Point {
        match place {
            Place::Back(point) => self.on_arm(point),
            Place::Finger(finger, [along, side]) => self.fingers[finger].place(along, side),
        }
    }

    /// The wrist, then knuckle, joints and tip of each finger, in hand space.
    pub(crate) fn landmarks(&self) -> [Point; LANDMARKS] {
        std::array::from_fn(|index| match index.checked_sub(1) {
            None => self.on_arm([0.0; 2]),
            Some(index) => {
                let finger = &self.fingers[index / 4];
                finger.place(finger.joint(index % 4), 0.0)
            }
        })
    }

    /// Below the wrist things move with the forearm.
    pub(crate) fn on_arm(&self, point: Point) -> Point {
        [point[0] + self.arm_shift(point[1]), point[1]]
    }

    /// Sideways shift of the arm's middle at this height.
    pub(crate) fn arm_shift(&self, y: f32) -> f32 {
        let below = (12.0 - y).max(0.0);
        self.arm_slope * below * below / (below + 14.0)
    }
}

fn posed_finger(anatomy: &Anatomy, gesture: &Gesture, index: usize) -> PosedFinger {
    let finger = &anatomy.fingers[index];
    let [thumb, spread] = [gesture.thumb_swing, gesture.spread];
    let fan = [0.0, -0.16, -0.015, 0.12, 0.27][index] * (spread - 0.2) + gesture.sway[index];
    if index > 0 {
        return PosedFinger::new(finger, finger.knuckle, finger.angle + fan, gesture.bends[index]);
    }
    let metacarpal = anatomy.thumb_angle - thumb;
    let knuckle = add(anatomy.thumb_root, scaled(direction(metacarpal), anatomy.thumb_metacarpal));
    PosedFinger::new(finger, knuckle, finger.angle - 0.75 * thumb + fan, 0.5 * gesture.bends[0])
}

impl PosedFinger {
    fn new(finger: &Finger, knuckle: Point, angle: f32, bend: f32) -> Self {
        let angles = [-0.35 * bend, 0.65 * bend, 1.1 * bend];
        let (mut rest, mut seen, mut height) = ([0.0; 4], [0.0; 4], [0.0; 4]);
        for (bone, &length) in finger.bones.iter().enumerate() {
            rest[bone + 1] = rest[bone] + length;
            seen[bone + 1] = seen[bone] + length * libm::cosf(angles[bone]);
            height[bone + 1] = height[bone] - length * libm::sinf(angles[bone]);
        }
        let along = direction(angle);
        Self {
            knuckle,
            along,
            across: [along[1], -along[0]],
            bow: finger.bow,
            rest,
            seen,
            half_width: half_width(finger, seen),
            height: Curve::through(&std::array::from_fn::<_, 4, _>(|i| (seen[i], height[i])), 48),
            at_rest: [finger.knuckle, direction(finger.angle)],
        }
    }

    /// From the knuckle to the tip as seen from above.
    pub(crate) fn length(&self) -> f32 {
        self.seen[3]
    }

    /// Where the tip's rounding begins.
    pub(crate) fn cap_start(&self) -> f32 {
        self.length() - 1.12 * self.half_width.at(self.length())
    }

    /// Distance along the bones of the knuckle, 0, of joint 1 or 2, or of the tip, 3.
    pub(crate) fn joint(&self, joint: usize) -> f32 {
        self.rest[joint]
    }

    /// `[distance from the knuckle as seen, distance aside]` of a point in hand space.
    pub(crate) fn coordinates(&self, point: Point) -> Point {
        let from_knuckle = subtract(point, self.knuckle);
        let along = dot(from_knuckle, self.along);
        [along, dot(from_knuckle, self.across) - self.sideways(along)]
    }

    /// - `along`: millimetres from the knuckle along the bones
    /// - `side`: sideways as a share of the half width
    pub(crate) fn place(&self, along: f32, side: f32) -> Point {
        let seen = interpolate(&self.rest, &self.seen, along);
        self.at(seen, side * self.half_width.at(seen))
    }

    /// The point in hand space at these [`Self::coordinates`].
    pub(crate) fn at(&self, along: f32, aside: f32) -> Point {
        let sideways = scaled(self.across, aside + self.sideways(along));
        add(add(self.knuckle, scaled(self.along, along)), sideways)
    }

    /// Where a point of the skin would be without the gesture.
    pub(crate) fn unposed(&self, [along, aside]: Point) -> Point {
        let [knuckle, direction] = self.at_rest;
        let along = interpolate(&self.seen, &self.rest, along);
        let across = [direction[1], -direction[0]];
        add(add(knuckle, scaled(direction, along)), scaled(across, aside))
    }

    fn sideways(&self, along: f32) -> f32 {
        let t = along / self.length();
        self.bow * 4.0 * t * (1.0 - t)
    }
}

/// Half widths as seen from above; the fingertip narrows towards its rounding.
fn half_width(finger: &Finger, seen: [f32; 4]) -> Curve {
    let w = finger.half_widths;
    let between = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let knots = [
        (0.0, w[0]),
        (between(0.0, seen[1], 0.58), w[1]),
        (seen[1], w[2]),
        (between(seen[1], seen[2], 0.55), w[3]),
        (seen[2], w[4]),
        (between(seen[2], seen[3], 0.5), w[5]),
        (seen[3], w[5] * 0.9),
    ];
    Curve::through(&knots, 64)
}

/// Piecewise linear from `from` to `to`, continued outside.
fn interpolate(from: &[f32; 4], to: &[f32; 4], position: f32) -> f32 {
    let bone = if position < from[1] {
        0
    } else if position < from[2] {
        1
    } else {
        2
    };
    let t = (position - from[bone]) / (from[bone + 1] - from[bone]);
    to[bone] + (to[bone + 1] - to[bone]) * t
}
