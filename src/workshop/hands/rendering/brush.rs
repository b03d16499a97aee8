//! Soft strokes and dots on the skin.

use crate::workshop::hands::math::geometry::{Point, dot, mix, mix_colors, multiply, subtract};
use crate::workshop::hands::rendering::layer::Layer;
use crate::workshop::hands::rendering::surface::Surface;
use crate::workshop::hands::rendering::view::View;

/// What a touch of the brush changes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint {
    /// Added height, millimetres.
    pub(crate) relief: f32,
    /// What the colour is multiplied by.
    pub(crate) tint: Option<[f32; 3]>,
    /// What the colour is replaced by.
    pub(crate) cover: Option<[f32; 3]>,
    /// What the surface reflection is replaced by.
    pub(crate) gloss: Option<f32>,
}

/// Draws on a [`Surface`]; lengths are millimetres in hand space.
pub(crate) struct Brush<'a> {
    surface: &'a mut Surface,
    view: &'a View,
    touch: Layer,
}

impl<'a> Brush<'a> {
    pub(crate) fn new(surface: &'a mut Surface, view: &'a View) -> Self {
        let touch = Layer::new(surface.coverage.side, 0.0);
        Self { surface, view, touch }
    }

    pub(crate) fn dot(&mut self, center: Point, radius: f32, paint: &Paint) {
        self.stroke(&[[center[0], center[1], radius], [center[0] + 0.01, center[1], radius]], paint);
    }

    /// A line of varying width.
    ///
    /// - `course`: x, y and half width at which the touch fades to nothing
    pub(crate) fn stroke(&mut self, course: &[[f32; 3]], paint: &Paint) {
        let painted = self.touch_course(course);
        self.apply(&painted, paint);
    }

    /// Several lines in one touch: where they cross, the paint is not doubled.
    pub(crate) fn strokes(&mut self, courses: &[Vec<[f32; 3]>], paint: &Paint) {
        let mut painted = Area::nothing();
        for course in courses {
            painted = painted.with(&self.touch_course(course));
        }
        self.apply(&painted, paint);
    }

    /// Touches along a line, weaker where it is thinner than can be drawn; returns what was touched.
    fn touch_course(&mut self, course: &[[f32; 3]]) -> Area {
        let on_picture: Vec<Stop> = course
            .iter()
            .map(|&[x, y, half_width]| {
                let wanted = half_width / self.surface.millimetres;
                let drawn = wanted.max(THINNEST);
                Stop { place: self.view.pixel([x, y]), half_width: drawn, strength: wanted / drawn }
            })
            .collect();
        let mut painted = Area::nothing();
        for pair in on_picture.windows(2) {
            let touched = Area::around(pair, self.touch.side);
            self.touch_segment(&pair[0], &pair[1], &touched);
            painted = painted.with(&touched);
        }
        painted
    }

    fn touch_segment(&mut self, from: &Stop, to: &Stop, touched: &Area) {
        let axis = subtract(to.place, from.place);
        let per_length = 1.0 / dot(axis, axis).max(1e-6);
        for y in touched.rows() {
            for x in touched.columns() {
                let offset = subtract([x as f32, y as f32], from.place);
                let share = (dot(offset, axis) * per_length).clamp(0.0, 1.0);
                let aside = subtract(offset, [axis[0] * share, axis[1] * share]);
                let half_width = mix(from.half_width, to.half_width, share);
                let inner = (1.0 - dot(aside, aside) / (half_width * half_width)).max(0.0);
                let value = &mut self.touch.values[y * self.touch.side + x];
                *value = value.max(inner * inner * mix(from.strength, to.strength, share));
            }
        }
    }

    /// Paints what was touched and takes the touch away.
    fn apply(&mut self, painted: &Area, paint: &Paint) {
        for y in painted.rows() {
            for x in painted.columns() {
                let pixel = y * self.touch.side + x;
                let strength = std::mem::take(&mut self.touch.values[pixel]);
                if strength > 0.0 {
                    self.apply_to(pixel, paint, strength);
                }
            }
        }
    }

    fn apply_to(&mut self, pixel: usize, paint: &Paint, strength: f32) {
        let surface = &mut *self.surface;
        surface.relief.values[pixel] += paint.relief * strength;
        let albedo = &mut surface.albedo[pixel];
        if let Some(tint) = paint.tint {
            *albedo = mix_colors(*albedo, multiply(*albedo, tint), strength);
        }
        // What covers has a clear edge.
        let cover = (strength * 4.0).min(1.0);
        if let Some(color) = paint.cover {
            *albedo = mix_colors(*albedo, color, cover);
        }
        if let Some(gloss) = paint.gloss {
            let value = &mut surface.gloss.values[pixel];
            *value = mix(*value, gloss, cover);
        }
    }
}

/// A point of a line on the picture; lengths are pixels.
struct Stop {
    place: Point,
    half_width: f32,
    strength: f32,
}

/// Half width below which a line is drawn weaker instead of thinner, pixels.
const THINNEST: f32 = 0.9;

/// Columns and rows, ends excluded.
struct Area {
    from: [usize; 2],
    to: [usize; 2],
}

impl Area {
    fn nothing() -> Self {
        Self { from: [usize::MAX; 2], to: [0; 2] }
    }

    fn around(ends: &[Stop], side: usize) -> Self {
        let edge = |axis: usize, sign: f32| {
            let places = ends.iter().map(|stop| sign * stop.place[axis] + stop.half_width);
            sign * places.fold(f32::MIN, f32::max)
        };
        Self {
            from: [0, 1].map(|axis| (edge(axis, -1.0).max(0.0) as usize).min(side)),
            to: [0, 1].map(|axis| ((edge(axis, 1.0) + 2.0).max(0.0) as usize).min(side)),
        }
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            from: [0, 1].map(|axis| self.from[axis].min(other.from[axis])),
            to: [0, 1].map(|axis| self.to[axis].max(other.to[axis])),
        }
    }

    fn columns(&self) -> std::ops::Range<usize> {
        self.from[0]..self.to[0]
    }

    fn rows(&self) -> std::ops::Range<usize> {
        self.from[1]..self.to[1]
    }
}
