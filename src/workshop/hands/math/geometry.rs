//! Points and the few curves that all parts of a hand are made of.

/// x and y; in hand space millimetres, x from the thumb to the little finger, y to the fingertips.
pub type Point = [f32; 2];

pub(crate) fn add(a: Point, b: Point) -> Point {
    [a[0] + b[0], a[1] + b[1]]
}

pub(crate) fn subtract(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

pub(crate) fn scaled(a: Point, factor: f32) -> Point {
    [a[0] * factor, a[1] * factor]
}

pub(crate) fn dot(a: Point, b: Point) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

pub(crate) fn length(a: Point) -> f32 {
    dot(a, a).sqrt()
}

/// Unit direction, `angle` radians from +y towards +x.
pub(crate) fn direction(angle: f32) -> Point {
    [libm::sinf(angle), libm::cosf(angle)]
}

pub(crate) fn mix(a: f32, b: f32, weight: f32) -> f32 {
    a + (b - a) * weight
}

pub(crate) fn mix_colors(a: [f32; 3], b: [f32; 3], weight: f32) -> [f32; 3] {
    [mix(a[0], b[0], weight), mix(a[1], b[1], weight), mix(a[2], b[2], weight)]
}

pub(crate) fn multiply(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

/// 0 up to `from`, 1 beyond `to`, smooth between.
pub(crate) fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The smaller of two, rounded where they differ by less than `radius`.
pub(crate) fn smooth_min(a: f32, b: f32, radius: f32) -> f32 {
    let overlap = (radius - (a - b).abs()).max(0.0) / radius;
    a.min(b) - overlap * overlap * radius * 0.25
}

/// A curve through knots, sampled at equal steps.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    start: f32,
    per_step: f32,
    values: Vec<f32>,
}

impl Curve {
    /// Through `(position, value)` knots in ascending order, at least two; constant outside.
    pub(crate) fn through(knots: &[(f32, f32)], steps: usize) -> Self {
        let (start, end) = (knots[0].0, knots[knots.len() - 1].0);
        let step = (end - start) / steps as f32;
        let values = (0..=steps).map(|index| hermite(knots, start + step * index as f32)).collect();
        Self { start, per_step: 1.0 / step, values }
    }

    pub(crate) fn at(&self, position: f32) -> f32 {
        let last = self.values.len() - 1;
        let index = ((position - self.start) * self.per_step).clamp(0.0, last as f32);
        let below = (index as usize).min(last - 1);
        mix(self.values[below], self.values[below + 1], index - below as f32)
    }
}

/// Cubic Hermite interpolation with the slopes of the neighbouring knots.
fn hermite(knots: &[(f32, f32)], position: f32) -> f32 {
    let last = knots.len() - 1;
    let right = knots.iter().position(|knot| knot.0 > position).unwrap_or(last).max(1);
    let (a, b) = (knots[right - 1], knots[right]);
    let slope = |left: (f32, f32), right: (f32, f32)| (right.1 - left.1) / (right.0 - left.0);
    let width = b.0 - a.0;
    let slope_a = slope(knots[right.saturating_sub(2)], b) * width;
    let slope_b = slope(a, knots[(right + 1).min(last)]) * width;
    let t = ((position - a.0) / width).clamp(0.0, 1.0);
    let (t2, t3) = (t * t, t * t * t);
    a.1 * (2.0 * t3 - 3.0 * t2 + 1.0)
        + b.1 * (3.0 * t2 - 2.0 * t3)
        + slope_a * (t3 - 2.0 * t2 + t)
        + slope_b * (t3 - t2)
}
