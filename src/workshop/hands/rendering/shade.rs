//! Shadows, and the light that comes from the hand.

use crate::workshop::hands::math::geometry::{mix, smoothstep};
use crate::workshop::hands::math::noise::floor;
use crate::workshop::hands::rendering::layer::Layer;
use crate::workshop::hands::rendering::surface::Surface;
use crate::workshop::hands::scene::light::Light;

/// How far light of each colour spreads under the skin: red the most.
const WRAP: [f32; 3] = [0.3, 0.16, 0.12];
/// How much of the fine relief is left in each colour after that spread.
const DETAIL: [f32; 3] = [0.62, 0.9, 1.0];

/// The light that reaches each pixel of the hand and of the ground below it.
pub(crate) struct Shade {
    pub(crate) on_hand: Vec<Visible>,
    pub(crate) on_ground: Vec<Visible>,
}

/// Shares of the lamp and of the ambient light that reach a point, 0..1.
#[derive(Clone, Copy)]
pub(crate) struct Visible {
    pub(crate) key: f32,
    pub(crate) ambient: f32,
}

/// In full light.
const OPEN: Visible = Visible { key: 1.0, ambient: 1.0 };

/// Heights over the ground, millimetres.
struct Heights {
    /// `[2]`: blurred a little, and more.
    blurred: [Layer; 2],
    highest: f32,
    millimetres: f32,
}

impl Shade {
    /// Shadows that the hand throws on itself and the ground.
    pub(crate) fn new(surface: &Surface, light: &Light) -> Self {
        let side = surface.coverage.side;
        let over_ground =
            |pixel: usize| (7.0 + light.lift + surface.rise.values[pixel] + surface.height(pixel)).max(2.0);
        let heights = Heights::new(surface, light, over_ground);
        let mut shade = Self { on_hand: vec![OPEN; side * side], on_ground: vec![OPEN; side * side] };
        for pixel in 0..side * side {
            let covered = surface.coverage.values[pixel];
            if covered > 0.0 {
                shade.on_hand[pixel] = heights.visible(pixel, over_ground(pixel), 17.0, light);
            }
            // On the outline both are seen.
            if covered < 1.0 && surface.potential.values[pixel] > FAR {
                shade.on_ground[pixel] = heights.visible(pixel, 0.0, 13.0 + 1.2 * light.lift, light);
            }
        }
        shade
    }
}

/// Potential beyond which no shadow reaches the ground.
const FAR: f32 = -60.0;

impl Heights {
    fn new(surface: &Surface, light: &Light, over_ground: impl Fn(usize) -> f32) -> Self {
        let mut height = surface.coverage.clone();
        for (pixel, value) in height.values.iter_mut().enumerate().filter(|(_, value)| **value > 0.0) {
            *value *= over_ground(pixel);
        }
        let millimetres = surface.millimetres;
        let near = height.blurred(2.2 / millimetres);
        let far = height.blurred(mix(4.0, 9.0, light.softness) / millimetres);
        let highest = near.values.iter().fold(0.0_f32, |highest, &value| highest.max(value));
        Self { blurred: [near, far], highest, millimetres }
    }

    /// - `own`: height of the point
    /// - `reach`: how much higher the surroundings must be to hide most of the light around
    fn visible(&self, pixel: usize, own: f32, reach: f32, light: &Light) -> Visible {
        let above = |layer: &Layer| (layer.values[pixel] - own).max(0.0);
        let hollow = above(&self.blurred[1]) + 0.6 * above(&self.blurred[0]);
        let ambient = 1.0 - 0.58 * smoothstep(0.0, reach, hollow);
        Visible { key: 1.0 - occlusion(pixel, own, self, light), ambient }
    }
}

/// Distances at which something may stand in the light, millimetres.
const STEPS: [f32; 6] = [1.3, 3.2, 6.5, 11.0, 17.0, 26.0];

/// Share of the lamp that is hidden from a pixel, 0..0.9.
fn occlusion(pixel: usize, own: f32, heights: &Heights, light: &Light) -> f32 {
    let side = heights.blurred[0].side;
    let (x, y) = ((pixel % side) as f32, (pixel / side) as f32);
    let [right, down, up] = light.direction;
    let level = (right * right + down * down).sqrt().max(0.05);
    let slope = up / level;
    let mut hidden = 0.0_f32;
    for (index, distance) in STEPS.into_iter().enumerate() {
        let penumbra = 2.0 + distance * mix(0.15, 0.55, light.softness);
        if heights.highest - own - distance * slope < -0.3 * penumbra {
            break; // the ray to the lamp is above everything
        }
        let pixels = distance / (heights.millimetres * level);
        let place = (floor(x + right * pixels + 0.5), floor(y + down * pixels + 0.5));
        let layer = &heights.blurred[usize::from(index > 3)];
        let above = layer.at(place.0, place.1) - own - distance * slope;
        hidden = hidden.max(smoothstep(-0.3 * penumbra, penumbra, above));
    }
    0.9 * hidden
}

/// The light that comes from each pixel of the hand, linear.
pub(crate) fn lit(surface: &Surface, light: &Light, shade: &Shade, ground: [f32; 3]) -> Vec<[f32; 3]> {
    let side = surface.coverage.side;
    (0..side * side)
        .map(|pixel| {
            if surface.coverage.values[pixel] == 0.0 {
                return [0.0; 3];
            }
            lit_pixel(surface, light, shade.on_hand[pixel], ground, pixel)
        })
        .collect()
}

fn lit_pixel(surface: &Surface, light: &Light, shade: Visible, ground: [f32; 3], pixel: usize) -> [f32; 3] {
    let (body, relief) = slopes(surface, pixel);
    let smooth = normal(body);
    let fine = normal([body[0] + relief[0], body[1] + relief[1]]);
    let [smooth_light, fine_light] = [smooth, fine].map(|normal| product(normal, light.direction));
    let shine = surface.gloss.values[pixel] * highlight(fine, light.direction, surface.gloss.values[pixel]);
    let rim = 1.0 - smooth[2];
    std::array::from_fn(|channel| {
        let facing = mix(smooth_light, fine_light, DETAIL[channel]);
        let wrap = WRAP[channel];
        let spread = ((facing + wrap) / (1.0 + wrap)).max(0.0);
        // Blood colours the border of the shadow.
        let key_shade = mix(shade.key, shade.key.sqrt(), wrap);
        let from_around = light.ambient[channel] * (0.68 + 0.32 * fine[2]) * shade.ambient;
        let from_ground = 0.22 * rim * ground[channel] * light.key[channel];
        let diffuse = light.key[channel] * spread * key_shade + from_around + from_ground;
        let gleam = light.key[channel] * shine * shade.key + 0.05 * rim * rim * from_around;
        surface.albedo[pixel][channel] * diffuse + gleam
    })
}

/// Slopes of the body and of the relief on it, to the right and downwards.
fn slopes(surface: &Surface, pixel: usize) -> ([f32; 2], [f32; 2]) {
    let side = surface.coverage.side;
    let (x, y) = (pixel % side, pixel / side);
    let per_millimetre = 1.0 / surface.millimetres;
    let radius = surface.radius.values[pixel];
    let potential = surface.potential.values[pixel].max(0.035 * radius);
    // The derivative of sqrt(2 · radius · potential).
    let steepness = (radius / (2.0 * potential)).sqrt();
    let (inward, rise) = (surface.potential.gradient(x, y), surface.rise.gradient(x, y));
    let body = [0, 1].map(|axis| (inward[axis] * steepness * FLATNESS + rise[axis]) * per_millimetre);
    // Fine relief fades where the skin turns away, or the outline would sparkle.
    let fade = per_millimetre / (1.0 + 0.35 * (body[0] * body[0] + body[1] * body[1]));
    (body, surface.relief.gradient(x, y).map(|slope| slope * fade))
}

/// Backs of hands and fingers are flatter than a circle.
const FLATNESS: f32 = 0.92;

fn normal(slope: [f32; 2]) -> [f32; 3] {
    let length = (1.0 + slope[0] * slope[0] + slope[1] * slope[1]).sqrt();
    [-slope[0] / length, -slope[1] / length, 1.0 / length]
}

fn product(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Surface reflection towards the viewer: broad on skin, narrow on what shines.
fn highlight(normal: [f32; 3], light: [f32; 3], gloss: f32) -> f32 {
    let length = (2.0 + 2.0 * light[2]).sqrt();
    let half = [light[0] / length, light[1] / length, (light[2] + 1.0) / length];
    let facing = product(normal, half).max(0.0);
    let square = facing * facing;
    let broad = square * square * square * square;
    let narrow = broad * broad * broad * broad;
    mix(broad, 1.4 * narrow, smoothstep(0.05, 0.4, gloss))
}
