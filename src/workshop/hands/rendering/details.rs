//! Tendons, veins, wrinkles and marks, drawn where the gesture has moved them.

use crate::workshop::hands::hand::creases::Crease;
use crate::workshop::hands::hand::identity::Hand;
use crate::workshop::hands::hand::marks::{Place, Spot};
use crate::workshop::hands::math::geometry::{Point, add, mix};
use crate::workshop::hands::rendering::brush::{Brush, Paint};
use crate::workshop::hands::rendering::pose::Pose;

/// Draws everything that is on the skin, from the deepest to the topmost.
pub(crate) fn draw_details(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    draw_knuckles(hand, pose, brush);
    draw_tendons(hand, pose, brush);
    draw_veins(hand, pose, brush);
    draw_joints(hand, pose, brush);
    for spot in hand.freckles.iter().chain(&hand.moles) {
        draw_spot(spot, pose, brush);
    }
    draw_scars(hand, pose, brush);
    draw_hairs(hand, pose, brush);
}

/// The heads of the metacarpals, the valleys between them and the end of the ulna.
fn draw_knuckles(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    let anatomy = &hand.anatomy;
    let blush = hand.skin.blush();
    for (index, finger) in anatomy.fingers.iter().enumerate() {
        let knuckle = pose.fingers[index].knuckle;
        let size = [0.5, 1.0, 1.0, 0.85, 0.75][index];
        let bump = Paint { relief: anatomy.knuckle_height * size, ..Paint::default() };
        brush.dot(add(knuckle, [0.0, -3.0]), finger.half_widths[0] * 1.25, &bump);
        let warm = Paint { tint: Some(blush.map(|channel| mix(1.0, channel, 0.75))), ..Paint::default() };
        brush.dot(knuckle, finger.half_widths[0] * 1.2, &warm);
    }
    for pair in pose.fingers[1..].windows(2) {
        let middle = [0, 1].map(|axis| 0.5 * (pair[0].knuckle[axis] + pair[1].knuckle[axis]));
        let valley = Paint { relief: -0.7 * anatomy.knuckle_height, ..Paint::default() };
        brush
            .stroke(&[[middle[0], middle[1] + 14.0, 4.5], [middle[0] * 0.9, middle[1] - 14.0, 5.5]], &valley);
    }
    let ulna = pose.on_arm([0.66 * anatomy.wrist_half_width + 2.5, -14.0]);
    brush.dot(ulna, 13.0, &Paint { relief: anatomy.ulna_height, ..Paint::default() });
}

/// Ridges that fan out from the wrist to the knuckles.
fn draw_tendons(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    for (index, finger) in pose.fingers.iter().enumerate().skip(1) {
        let start = [-7.0 + 4.0 * index as f32, 4.0 + 7.0 * ((index * 2) % 3) as f32];
        let end = add(finger.knuckle, [0.0, -4.0]);
        let course: [[f32; 3]; 6] = std::array::from_fn(|step| {
            let t = step as f32 / 5.0;
            let bent = 1.5 * t * (1.0 - t) * (index as f32 - 2.5);
            [mix(start[0], end[0], t) + bent, mix(start[1], end[1], t), mix(2.4, 4.8, t)]
        });
        let height = hand.anatomy.tendon_height * [0.0, 0.8, 1.0, 0.9, 0.7][index];
        let pale = Some([1.0 + 0.05 * height, 1.0 + 0.06 * height, 1.0 + 0.06 * height]);
        // Deep at the wrist, it comes up towards the knuckle.
        brush.stroke(&course, &Paint { relief: 0.35 * height, tint: None, ..Paint::default() });
        brush.stroke(&course[2..], &Paint { relief: 0.65 * height, tint: pale, ..Paint::default() });
    }
}

fn draw_veins(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    let visibility = hand.skin.vein_visibility;
    let courses: Vec<Vec<[f32; 3]>> = hand
        .veins
        .iter()
        .map(|vein| {
            vein.course.iter().map(|&point| pose.on_arm(point).with_width(2.3 * vein.half_width)).collect()
        })
        .collect();
    let tint = hand.skin.vein_tint().map(|channel| mix(1.0, channel, 0.75 * visibility));
    // All at once: where veins meet there is not twice the blood.
    brush.strokes(&courses, &Paint { relief: 0.8 * visibility, tint: Some(tint), ..Paint::default() });
}

/// Colour and wrinkles of the finger joints, and the blood in the fingertips.
fn draw_joints(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    let blush = hand.skin.blush();
    let dark = 1.0 - hand.skin.joint_darkness;
    for (index, creases) in hand.creases.iter().enumerate() {
        let finger = &pose.fingers[index];
        let at = |joint: usize, offset: f32| finger.place(finger.joint(joint) + offset, 0.0);
        let width = hand.anatomy.fingers[index].half_widths[2];
        let warm = Paint { tint: Some(blush.map(|channel| channel * dark)), ..Paint::default() };
        let middle = if index == 0 { 2 } else { 1 };
        brush.dot(at(middle, 0.0), width * 1.65, &warm);
        brush.dot(at(3, -6.0), width * 1.9, &Paint { tint: Some(blush), ..Paint::default() });
        let bump = Paint { relief: 0.55, ..Paint::default() };
        brush.dot(at(middle, -0.5), width * 0.95, &bump);
        draw_creases(&creases.middle, index, finger.joint(middle), pose, brush);
        if index > 0 {
            brush.dot(at(2, 0.0), width * 0.9, &Paint { tint: warm.tint, relief: 0.2, ..Paint::default() });
            draw_creases(&creases.end, index, finger.joint(2), pose, brush);
        }
    }
}

fn draw_creases(creases: &[Crease], finger: usize, joint: f32, pose: &Pose, brush: &mut Brush) {
    for crease in creases {
        let course: [[f32; 3]; 7] = std::array::from_fn(|step| {
            let [along, side] = crease.course()[step];
            let middle = 1.0 - (step as f32 / 3.0 - 1.0).abs();
            let width = crease.half_width * mix(0.9, 1.7, middle);
            pose.place(Place::Finger(finger, [joint + along, side])).with_width(width)
        });
        let shade = 1.0 - 0.7 * crease.depth;
        let tint = Some([shade, shade * 0.93, shade * 0.9]);
        brush.stroke(&course, &Paint { relief: -crease.depth, tint, ..Paint::default() });
    }
}

fn draw_spot(spot: &Spot, pose: &Pose, brush: &mut Brush) {
    let left = spot.darkness;
    let tint = Some([left, left * left.sqrt(), left * left]);
    let paint = Paint { relief: spot.height, tint, ..Paint::default() };
    brush.dot(pose.place(spot.place), 1.4 * spot.radius, &paint);
}

fn draw_scars(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    for scar in &hand.scars {
        let course = scar.course.map(|point| pose.on_arm(point).with_width(1.4 * scar.half_width));
        let tint = Some([scar.brightness, scar.brightness * 0.96, scar.brightness * 0.96]);
        brush.stroke(&course, &Paint { relief: 0.12, tint, gloss: None, cover: None });
    }
}

fn draw_hairs(hand: &Hand, pose: &Pose, brush: &mut Brush) {
    let shade = mix(0.78, 0.52, hand.skin.melanin);
    let paint = Paint { tint: Some([shade, shade * 0.95, shade * 0.9]), ..Paint::default() };
    for hair in &hand.hairs {
        let root = pose.place(hair.place);
        let bent = add(root, [0.35 * hair.reach[0], 0.55 * hair.reach[1]]);
        let tip = add(root, hair.reach);
        brush.stroke(&[root.with_width(0.4), bent.with_width(0.3), tip.with_width(0.15)], &paint);
    }
}

/// A point of a stroke's course.
trait WithWidth {
    fn with_width(self, half_width: f32) -> [f32; 3];
}

impl WithWidth for Point {
    fn with_width(self, half_width: f32) -> [f32; 3] {
        [self[0], self[1], half_width]
    }
}
