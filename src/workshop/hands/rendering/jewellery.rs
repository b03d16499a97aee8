//! How rings and watches are drawn.

use crate::workshop::hands::hand::identity::Hand;
use crate::workshop::hands::hand::marks::Place;
use crate::workshop::hands::math::geometry::{Point, smoothstep};
use crate::workshop::hands::rendering::brush::{Brush, Paint};
use crate::workshop::hands::rendering::pose::Pose;
use crate::workshop::hands::scene::jewellery::{METALS, Ring, STRAPS, WATCH_PLACE, Watch};

impl Ring {
    pub(crate) fn draw(&self, pose: &Pose, brush: &mut Brush) {
        let along = 0.7 * pose.fingers[self.finger].joint(1);
        let at = |offset: f32, side: f32| {
            pose.place(Place::Finger(self.finger, [along + offset + 1.1 * (1.0 - side * side), side]))
        };
        let band = |offset: f32, width: f32| -> Vec<[f32; 3]> {
            (-5..=5).map(|step| at(offset, step as f32 / 4.8)).map(|[x, y]| [x, y, width]).collect()
        };
        let shade = Paint { tint: Some([0.5, 0.42, 0.4]), relief: -0.3, ..Paint::default() };
        brush.stroke(&band(-0.6, self.half_width + 1.9), &shade);
        let metal =
            Paint { cover: Some(METALS[self.metal]), gloss: Some(0.9), relief: 1.3, ..Paint::default() };
        brush.stroke(&band(0.0, self.half_width * 1.25), &metal);
        if self.has_stone {
            let stone = Paint { cover: Some([0.4, 0.5, 0.56]), gloss: Some(1.0), relief: 1.5, tint: None };
            brush.dot(at(0.0, 0.0), self.half_width + 1.6, &stone);
        }
    }
}

impl Watch {
    pub(crate) fn draw(&self, hand: &Hand, pose: &Pose, brush: &mut Brush) {
        let reach = 1.25 * hand.anatomy.wrist_half_width;
        let at = |side: f32| pose.on_arm([side * reach, -WATCH_PLACE - 2.5 * side * side]);
        let band = |width: f32| -> Vec<[f32; 3]> {
            (-6..=6).map(|step| at(step as f32 / 6.0)).map(|[x, y]| [x, y, width]).collect()
        };
        brush.stroke(&band(14.0), &Paint { tint: Some([0.6, 0.52, 0.5]), ..Paint::default() });
        let strap = Paint { cover: Some(STRAPS[self.strap]), gloss: Some(0.15), relief: 2.0, tint: None };
        brush.stroke(&band(10.5), &strap);
        let middle = at(0.0);
        let case = Paint { cover: Some(METALS[self.metal]), gloss: Some(0.8), relief: 3.0, tint: None };
        brush.dot(middle, self.radius * 1.08, &case);
        let face = if self.is_dark { [0.02, 0.022, 0.028] } else { [0.7, 0.69, 0.66] };
        brush.dot(
            middle,
            self.radius * 0.9,
            &Paint { cover: Some(face), gloss: Some(0.25), ..Paint::default() },
        );
        let mark = if self.is_dark { [0.6, 0.6, 0.6] } else { [0.04, 0.04, 0.04] };
        let ink = Paint { cover: Some(mark), ..Paint::default() };
        for angle in [0.6_f32, 2.5] {
            let hand_length = self.radius * (0.3 + 0.25 * smoothstep(0.0, 3.0, angle));
            brush.stroke(&[width(middle), width(towards(middle, angle, hand_length))], &ink);
        }
    }
}

fn towards(from: Point, angle: f32, distance: f32) -> Point {
    [from[0] + libm::sinf(angle) * distance, from[1] + libm::cosf(angle) * distance]
}

fn width([x, y]: Point) -> [f32; 3] {
    [x, y, 0.7]
}
