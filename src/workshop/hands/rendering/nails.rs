//! How nails are drawn.

use crate::workshop::hands::hand::nails::Nails;
use crate::workshop::hands::hand::skin::Skin;
use crate::workshop::hands::math::geometry::{Point, length, mix, mix_colors, multiply, smoothstep};
use crate::workshop::hands::rendering::pose::{Pose, PosedFinger};
use crate::workshop::hands::rendering::surface::Surface;
use crate::workshop::hands::rendering::view::View;

/// One nail on a posed finger.
struct NailBed<'a> {
    nails: &'a Nails,
    finger: &'a PosedFinger,
    /// Half width and half length, millimetres.
    half: Point,
    /// Middle in the finger's coordinates.
    middle: Point,
}

/// Draws the nails of all fingers.
pub(crate) fn draw_nails(nails: &Nails, skin: &Skin, pose: &Pose, view: &View, surface: &mut Surface) {
    for (index, finger) in pose.fingers.iter().enumerate() {
        let bed = NailBed::new(nails, finger, index == 0);
        let center = view.pixel(finger.at(bed.middle[0], bed.middle[1]));
        let reach = 1.8 * length(bed.half) / surface.millimetres + 2.0;
        let side = surface.coverage.side;
        let range = |axis: usize| {
            let from = (center[axis] - reach).max(0.0) as usize;
            from..((center[axis] + reach).max(0.0) as usize).min(side)
        };
        for y in range(1) {
            for x in range(0) {
                let place = finger.coordinates(view.point([x as f32, y as f32]));
                bed.draw_at(place, skin, surface, y * side + x);
            }
        }
    }
}

impl<'a> NailBed<'a> {
    fn new(nails: &'a Nails, finger: &'a PosedFinger, is_thumb: bool) -> Self {
        let tip = finger.length();
        let half_width = nails.width * finger.half_width.at(tip - 8.0);
        // The thumb's nail faces outwards and is seen from the side.
        let (half_width, aside) =
            if is_thumb { (0.86 * half_width, -0.24 * half_width) } else { (half_width, 0.0) };
        let half_length = nails.length * half_width * 0.98 + 0.5 * nails.free_edge;
        let middle = [tip - half_length + 0.7 * nails.free_edge - 1.5, aside];
        Self { nails, finger, half: [half_width, half_length], middle }
    }

    /// - `place`: coordinates on the finger
    fn draw_at(&self, place: Point, skin: &Skin, surface: &mut Surface, pixel: usize) {
        let along = (place[0] - self.middle[0]) / self.half[1]; // -1 at the root, 1 at the edge
        let across = (place[1] - self.middle[1]) / self.half[0];
        if along.abs() > 1.4 || across.abs() > 1.6 {
            return;
        }
        let distance = self.distance(along, across); // millimetres, positive inside
        let blur = 0.6 * surface.millimetres;
        let inside = smoothstep(-blur, blur, distance);
        let near = 1.0 - smoothstep(0.0, 1.5, distance.abs());
        if inside == 0.0 && near == 0.0 {
            return;
        }
        // The fold of skin around the nail rises a little; towards the tip there is none.
        let fold = near * smoothstep(0.75, 0.2, along);
        surface.relief.values[pixel] *= 1.0 - 0.8 * inside;
        surface.relief.values[pixel] += 0.2 * fold * (1.0 - inside) - 0.08 * inside;
        let shade = 1.0 - 0.3 * fold * (1.0 - 0.5 * inside);
        surface.albedo[pixel] = multiply(surface.albedo[pixel], [shade, shade * 0.93, shade * 0.91]);
        let color = self.color(along, across, skin);
        surface.albedo[pixel] = mix_colors(surface.albedo[pixel], color, 0.88 * inside);
        let gloss = &mut surface.gloss.values[pixel];
        *gloss = mix(*gloss, self.nails.gloss, inside);
        self.cover_free_edge(place, inside, surface, pixel);
    }

    /// Signed distance to the nail's outline, about millimetres; the edge is rounder than the root.
    fn distance(&self, along: f32, across: f32) -> f32 {
        let power = if along > 0.0 { self.nails.squareness.min(2.8) } else { self.nails.squareness };
        let sum = libm::powf(along.abs(), power) + libm::powf(across.abs(), power);
        (1.0 - libm::powf(sum, 1.0 / power)) * self.half[0]
    }

    fn color(&self, along: f32, across: f32, skin: &Skin) -> [f32; 3] {
        let light = mix_colors(skin.color, [0.62, 0.4, 0.33], mix(0.4, 0.6, skin.melanin));
        let pink = [1.0, mix(0.95, 0.74, self.nails.pinkness), mix(0.95, 0.76, self.nails.pinkness)];
        let bed = multiply(light, pink).map(|channel| channel * self.nails.brightness);
        let lunula = 2.0 * self.nails.lunula - 1.0 - 0.22 * across * across;
        let in_lunula =
            smoothstep(0.14, -0.14, along - lunula) * f32::from(u8::from(self.nails.lunula > 0.0));
        let pale = mix_colors(bed, [0.72, 0.58, 0.52], 0.38 * in_lunula);
        let edge = 1.0 - self.nails.free_edge / self.half[1] - 0.16 * (1.0 - across * across) + 0.16;
        let beyond = smoothstep(edge - 0.06, edge + 0.06, along);
        mix_colors(pale, [0.64, 0.53, 0.44], 0.45 * beyond)
    }

    /// A long nail reaches beyond the fingertip.
    fn cover_free_edge(&self, place: Point, inside: f32, surface: &mut Surface, pixel: usize) {
        if place[0] < self.finger.length() - 3.0 {
            return;
        }
        let coverage = &mut surface.coverage.values[pixel];
        *coverage = coverage.max(inside);
        let potential = &mut surface.potential.values[pixel];
        *potential = potential.max(0.8 * inside);
    }
}
