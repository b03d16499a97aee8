//! From hand space to the pixels of a picture and back.

use crate::workshop::hands::math::geometry::{Point, dot};
use crate::workshop::hands::rendering::pose::Pose;
use crate::workshop::hands::scene::shot::Framing;

/// The projection of one shot.
pub(crate) struct View {
    /// Cosine and sine of the rotation.
    turn: [f32; 2],
    mirror: f32,
    /// Picture units for a millimetre; the picture reaches from -1 to 1.
    scale: f32,
    shift: Point,
    tilt: Point,
    half_side: f32,
}

impl View {
    /// Chooses scale and shift so that fingers and wrist fit into the picture.
    ///
    /// - `reach`: how much of the arm must be seen, millimetres below the wrist
    pub(crate) fn new(framing: &Framing, is_left: bool, pose: &Pose, reach: f32, side: usize) -> Self {
        let mut view = Self {
            turn: [libm::cosf(framing.rotation), libm::sinf(framing.rotation)],
            mirror: if is_left { -1.0 } else { 1.0 },
            scale: 1.0,
            shift: [0.0; 2],
            tilt: framing.tilt,
            half_side: 0.5 * side as f32,
        };
        let room = 2.0 - 4.0 * framing.margin;
        // Perspective depends on the scale: a few rounds settle both.
        view.scale = 0.008;
        for _ in 0..4 {
            view.shift = [0.0; 2];
            let [low, high] = view.bounds(pose, reach);
            let extent = (high[0] - low[0]).max(high[1] - low[1]);
            view.scale *= room / extent;
        }
        let [low, high] = view.bounds(pose, reach);
        view.shift = [0, 1].map(|axis| {
            let free = 2.0 - 2.0 * framing.margin - (high[axis] - low[axis]);
            framing.margin - 1.0 - low[axis] + free * framing.shift[axis]
        });
        view
    }

    /// Millimetres along the side of a pixel, in the middle of the hand.
    pub(crate) fn millimetres(&self) -> f32 {
        1.0 / (self.scale * self.half_side)
    }

    /// Pixel coordinates of a point in hand space; (0, 0) is the middle of the first pixel.
    pub(crate) fn pixel(&self, point: Point) -> Point {
        self.picture(point).map(|place| (place + 1.0) * self.half_side - 0.5)
    }

    /// The point in hand space at these pixel coordinates.
    pub(crate) fn point(&self, pixel: Point) -> Point {
        let place = [0, 1].map(|axis| (pixel[axis] + 0.5) / self.half_side - 1.0 - self.shift[axis]);
        let depth = (1.0 - dot(self.tilt, place)).max(0.2);
        let [x, y] = place.map(|coordinate| coordinate / (depth * self.scale));
        let [cosine, sine] = self.turn;
        let upright = [cosine * x + sine * y, cosine * y - sine * x];
        [upright[0] * self.mirror, MIDDLE - upright[1]]
    }

    fn picture(&self, point: Point) -> Point {
        let (x, y) = (point[0] * self.mirror, MIDDLE - point[1]);
        let [cosine, sine] = self.turn;
        let turned = [cosine * x - sine * y, sine * x + cosine * y].map(|coordinate| coordinate * self.scale);
        let depth = (1.0 + dot(self.tilt, turned)).max(0.2);
        [turned[0] / depth + self.shift[0], turned[1] / depth + self.shift[1]]
    }

    /// The box around what must be seen, in picture units.
    fn bounds(&self, pose: &Pose, reach: f32) -> [Point; 2] {
        let wrist = pose.on_arm([0.0, -reach]);
        let mut places = vec![[wrist[0] - 26.0, wrist[1]], [wrist[0] + 26.0, wrist[1]]];
        for finger in &pose.fingers {
            for side in [-9.0, 0.0, 9.0] {
                places.push(finger.at(finger.length() - side * side * 0.06, side));
            }
        }
        let seen: Vec<Point> = places.into_iter().map(|place| self.picture(place)).collect();
        let edge = |axis: usize, choose: fn(f32, f32) -> f32| {
            seen.iter().map(|place| place[axis]).reduce(choose).unwrap_or(0.0)
        };
        [[edge(0, f32::min), edge(1, f32::min)], [edge(0, f32::max), edge(1, f32::max)]]
    }
}

/// Height in hand space around which the picture turns, millimetres above the wrist.
const MIDDLE: f32 = 85.0;
