//! What the hand lies on.

use crate::workshop::hands::math::geometry::{Point, mix, mix_colors, smoothstep};
use crate::workshop::hands::math::noise::{floor, fractal, lattice, noise};
use crate::workshop::hands::math::random::Random;

/// Kinds of ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Material {
    /// A sheet of paper or a white board.
    Paper,
    /// A lacquered table.
    Table,
    /// Boards with grain.
    Wood,
    /// Woven cloth.
    Cloth,
    /// Speckled stone.
    Stone,
    /// A soft mat or carpet.
    Felt,
}

/// One ground with its colours.
#[derive(Clone, Debug)]
pub struct Background {
    /// Kind.
    pub material: Material,
    /// Colour in linear light.
    pub color: [f32; 3],
    /// Strength of the pattern, 0.3..1.
    pub contrast: f32,
    /// Size of the pattern, 0.7..1.6.
    pub scale: f32,
    turn: Point,
    pattern: u32,
    /// Change of brightness over the picture.
    slope: Point,
    /// Where the ground ends and another begins, picture units from the middle; beyond 2 nowhere.
    edge: f32,
    other: [f32; 3],
}

const WOODS: [[f32; 3]; 5] =
    [[0.42, 0.25, 0.12], [0.25, 0.12, 0.055], [0.55, 0.39, 0.24], [0.12, 0.06, 0.035], [0.36, 0.17, 0.08]];

impl Background {
    pub(crate) fn new(random: &mut Random) -> Self {
        use Material::{Cloth, Felt, Paper, Stone, Table, Wood};
        let kinds = [Paper, Paper, Paper, Table, Table, Wood, Wood, Wood, Cloth, Cloth, Stone, Felt];
        Self::of(kinds[random.below(kinds.len())], random)
    }

    /// A ground of this kind.
    pub(crate) fn of(material: Material, random: &mut Random) -> Self {
        let angle = random.between(0.0, std::f32::consts::TAU);
        let color = color(material, random);
        let has_edge = random.chance(0.15);
        Self {
            material,
            color,
            contrast: random.between(0.3, 1.0),
            scale: random.between(0.7, 1.6),
            turn: [libm::cosf(angle), libm::sinf(angle)],
            pattern: random.noise_seed(),
            slope: [random.around(0.0, 0.3), random.around(0.0, 0.3)],
            edge: if has_edge { random.between(0.45, 1.1) } else { 9.0 },
            other: crate::workshop::hands::scene::background::color(Material::Table, random),
        }
    }

    /// Reflectance at a point.
    ///
    /// - `place`: -1 to 1 across the picture
    /// - `pixel`: side of a pixel in these units; finer patterns fade out
    pub(crate) fn at(&self, place: Point, pixel: f32) -> [f32; 3] {
        let [cosine, sine] = self.turn;
        let turned = [place[0] * cosine + place[1] * sine, place[1] * cosine - place[0] * sine];
        let brightness = 1.0 + self.slope[0] * place[0] + self.slope[1] * place[1];
        let own = self.pattern_at(turned.map(|coordinate| coordinate / self.scale), pixel / self.scale);
        let beyond = smoothstep(self.edge - pixel, self.edge + pixel, turned[0]);
        mix_colors(own, self.other, beyond).map(|channel| channel * brightness)
    }

    fn pattern_at(&self, place: Point, pixel: f32) -> [f32; 3] {
        match self.material {
            Material::Paper | Material::Table => self.plain(place),
            Material::Wood => self.wood(place),
            Material::Cloth => self.cloth(place, pixel),
            Material::Stone => self.stone(place),
            Material::Felt => self.felt(place),
        }
    }

    fn plain(&self, place: Point) -> [f32; 3] {
        let cloud = fractal(self.pattern, scaled(place, 1.6), 2);
        let grain = noise(self.pattern ^ 9, scaled(place, 70.0));
        shaded(self.color, self.contrast * (0.05 * cloud + 0.018 * grain))
    }

    fn wood(&self, [x, y]: Point) -> [f32; 3] {
        let board = floor(y * 1.7 + 0.3);
        let seam = (y * 1.7 + 0.3 - board as f32 - 0.5).abs();
        let tone = lattice(self.pattern, board, 0);
        let x = x + 7.0 * tone;
        let warp = fractal(self.pattern ^ 1, [x * 0.9, y * 3.0], 2);
        let rings = noise(self.pattern ^ 2, [0.7 * x + 3.0 * warp, y * 22.0 + 7.0 * warp]);
        let fibres = fractal(self.pattern ^ 3, [x * 6.0, y * 75.0], 2);
        let dark = smoothstep(0.488, 0.5, seam);
        let shade = self.contrast * (0.3 * rings + 0.2 * fibres + 0.16 * tone) - 0.6 * dark;
        let [red, green, blue] = shaded(self.color, shade);
        [red, green * (1.0 + 0.06 * rings), blue * (1.0 + 0.1 * rings)]
    }

    fn cloth(&self, [x, y]: Point, pixel: f32) -> [f32; 3] {
        let wave = fractal(self.pattern, [x * 1.3, y * 1.3], 3);
        let threads = 46.0;
        let thread = |along: f32| libm::sinf((along + 0.02 * wave) * threads * std::f32::consts::PI);
        let visible = 1.0 - smoothstep(0.25, 0.9, pixel * threads);
        let uneven =
            noise(self.pattern ^ 4, [x * 8.0, y * 90.0]) + noise(self.pattern ^ 5, [x * 90.0, y * 8.0]);
        let weave = thread(x) * thread(y) * visible;
        shaded(self.color, self.contrast * (0.17 * weave + 0.09 * uneven + 0.22 * wave))
    }

    fn stone(&self, place: Point) -> [f32; 3] {
        let cloud = fractal(self.pattern, scaled(place, 2.3), 4);
        let speck = noise(self.pattern ^ 6, scaled(place, 42.0));
        let fleck = smoothstep(0.45, 0.7, speck) - 0.8 * smoothstep(0.4, 0.75, -speck);
        shaded(self.color, self.contrast * (0.3 * cloud + 0.38 * fleck))
    }

    fn felt(&self, place: Point) -> [f32; 3] {
        let tufts = fractal(self.pattern, scaled(place, 34.0), 2);
        let cloud = fractal(self.pattern ^ 7, scaled(place, 2.0), 2);
        shaded(self.color, self.contrast * (0.34 * tufts + 0.15 * cloud))
    }
}

fn color(material: Material, random: &mut Random) -> [f32; 3] {
    let light = random.unit();
    let hue = std::array::from_fn(|_| random.unit());
    match material {
        Material::Paper => {
            let level = mix(0.6, 0.9, light);
            [level, level * random.between(0.96, 1.0), level * random.between(0.9, 1.01)]
        }
        Material::Wood => shaded(WOODS[random.below(WOODS.len())], random.around(0.0, 0.3)),
        Material::Stone => mix_colors([mix(0.08, 0.6, light); 3], hue, 0.07),
        Material::Table => mix_colors([mix(0.05, 0.75, light * light); 3], hue, 0.12 * light),
        Material::Cloth | Material::Felt => {
            let level = mix(0.03, 0.45, light * light);
            hue.map(|channel: f32| level * mix(0.45, 1.5, channel))
        }
    }
}

fn scaled(place: Point, factor: f32) -> Point {
    place.map(|coordinate| coordinate * factor)
}

fn shaded(color: [f32; 3], change: f32) -> [f32; 3] {
    color.map(|channel| channel * (1.0 + change).max(0.15))
}
