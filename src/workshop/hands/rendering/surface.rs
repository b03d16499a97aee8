//! The hand's skin as layers over the picture: form, colour and shine.

use crate::workshop::hands::hand::skin::Skin;
use crate::workshop::hands::math::geometry::{Point, mix, mix_colors, multiply, smoothstep};
use crate::workshop::hands::math::noise::{fractal, noise};
use crate::workshop::hands::rendering::body::{Body, Sample};
use crate::workshop::hands::rendering::layer::Layer;
use crate::workshop::hands::rendering::view::View;

/// `[side, side]` layers of one picture.
pub(crate) struct Surface {
    /// Share of the pixel that the hand covers, 0..1.
    pub(crate) coverage: Layer,
    /// Signed distance to the outline, levelling out inside; millimetres.
    pub(crate) potential: Layer,
    /// Radius of the body's rounding, millimetres.
    pub(crate) radius: Layer,
    /// Height of the part against the palm, millimetres.
    pub(crate) rise: Layer,
    /// Fine relief on the body, millimetres.
    pub(crate) relief: Layer,
    /// Reflectance in linear light.
    pub(crate) albedo: Vec<[f32; 3]>,
    /// Strength of the surface reflection.
    pub(crate) gloss: Layer,
    /// Millimetres along a pixel's side.
    pub(crate) millimetres: f32,
}

impl Surface {
    /// The bare body with its skin's own unevenness.
    pub(crate) fn new(body: &Body, skin: &Skin, view: &View, side: usize) -> Self {
        let millimetres = view.millimetres();
        let zero = || Layer::new(side, 0.0);
        let mut surface = Self {
            coverage: zero(),
            potential: zero(),
            radius: Layer::new(side, 1.0),
            rise: zero(),
            relief: zero(),
            albedo: vec![skin.color; side * side],
            gloss: Layer::new(side, skin.gloss),
            millimetres,
        };
        for (x, y, sample) in samples(body, view, side) {
            let pixel = y * side + x;
            let coverage = (sample.potential / millimetres + 0.5).clamp(0.0, 1.0);
            surface.potential.values[pixel] = sample.potential;
            surface.radius.values[pixel] = sample.radius;
            surface.rise.values[pixel] = sample.rise;
            surface.coverage.values[pixel] = coverage;
            if coverage > 0.0 {
                surface.albedo[pixel] = color(skin, sample.skin, sample.potential);
                surface.relief.values[pixel] = fine_relief(skin, sample.skin);
            }
        }
        surface
    }

    /// Height over the outline, millimetres.
    pub(crate) fn height(&self, pixel: usize) -> f32 {
        (2.0 * self.radius.values[pixel] * self.potential.values[pixel].max(0.0)).sqrt()
    }
}

/// The body at every pixel; far from the hand one sample stands for a whole tile.
fn samples(body: &Body, view: &View, side: usize) -> impl Iterator<Item = (usize, usize, Sample)> {
    let at = |x: usize, y: usize| body.sample(view.point([x as f32, y as f32]));
    let far = -(12.0 + TILE as f32 * view.millimetres());
    let tiles = (0..side * side).map(move |index| (index % side, index / side));
    let tiles = tiles.filter(|(x, y)| x % TILE == 0 && y % TILE == 0);
    tiles.flat_map(move |(left, top)| {
        let middle = at(left + TILE / 2, top + TILE / 2);
        (top..side.min(top + TILE)).flat_map(move |y| {
            (left..side.min(left + TILE))
                .map(move |x| (x, y, if middle.potential < far { middle } else { at(x, y) }))
        })
    })
}

/// Side of a tile, pixels.
const TILE: usize = 8;

/// The skin's colour with blotches of blood and pigment.
fn color(skin: &Skin, place: Point, potential: f32) -> [f32; 3] {
    let at = |size: f32| [place[0] / size, place[1] / size];
    let blood = fractal(skin.pattern, at(13.0), 2) * skin.mottling;
    let pigment = fractal(skin.pattern ^ 0x55, at(3.2), 2) * skin.mottling;
    let brightness = 1.0 + 0.085 * pigment;
    let hue = [1.0 + 0.015 * blood, 1.0 - 0.1 * blood, 1.0 - 0.09 * blood];
    let uneven = multiply(skin.color, hue).map(|channel| channel * brightness);
    // Towards the inner side of the hand dark skin gets lighter, all skin redder.
    let inner = 1.0 - smoothstep(0.0, 2.6, potential);
    let pale = mix_colors(uneven, [0.52, 0.26, 0.18], 0.16 * skin.melanin * inner);
    [pale[0], pale[1] * mix(1.0, 0.9, inner), pale[2] * mix(1.0, 0.87, inner)]
}

/// Pores and the net of fine lines.
fn fine_relief(skin: &Skin, place: Point) -> f32 {
    let net = |angle_x: f32, angle_y: f32, size: f32, seed: u32| {
        let (u, v) = (place[0] * angle_x + place[1] * angle_y, place[1] * angle_x - place[0] * angle_y);
        1.0 - 2.0 * noise(skin.pattern ^ seed, [u / (2.4 * size), v / (0.8 * size)]).abs()
    };
    let lines = net(0.96, 0.28, 1.25, 1) + net(0.8, -0.6, 1.25, 2);
    let folds = fractal(skin.pattern ^ 3, [place[0] / 7.0, place[1] / 4.5], 2);
    skin.roughness * (0.55 * lines + 1.3 * folds)
}
