//! Small random changes, so that the encoder learns what an identity is and not what a file is.

use serde::{Deserialize, Serialize};

use crate::image::RgbImage;
use crate::workshop::train::Random;

/// How far an image may be changed. 0 switches a change off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Augmentation {
    /// Largest shift along each axis, as a share of the side.
    pub shift: f32,
    /// Largest change of size, as a share: 0.1 is 0.9 to 1.1 times as large.
    pub zoom: f32,
    /// Largest turn, in degrees.
    pub rotation: f32,
    /// Whether half of the images are mirrored. Off: left and right hands are different identities.
    pub flip: bool,
    /// Largest change of brightness and, in each channel on its own, of colour, as a share.
    pub brightness: f32,
    /// Largest change of contrast, as a share.
    pub contrast: f32,
    /// Share of the images in which a rectangle is painted over.
    pub erase: f32,
}

impl Default for Augmentation {
    fn default() -> Self {
        let (shift, zoom, rotation) = (0.08, 0.12, 8.0);
        Self { shift, zoom, rotation, flip: false, brightness: 0.25, contrast: 0.25, erase: 0.3 }
    }
}

impl Augmentation {
    /// No change.
    #[must_use]
    pub fn none() -> Self {
        let (shift, zoom, rotation) = (0.0, 0.0, 0.0);
        Self { shift, zoom, rotation, flip: false, brightness: 0.0, contrast: 0.0, erase: 0.0 }
    }

    /// A changed copy of the same size, and where points of the image are in it. What is shifted in repeats the
    /// border.
    ///
    /// - `points`: x and y as shares of width and height
    #[must_use]
    pub fn apply(
        &self,
        image: &RgbImage,
        points: &[[f32; 2]],
        random: &mut Random,
    ) -> (RgbImage, Vec<[f32; 2]>) {
        let placement = self.placement(image, random);
        let colour = self.colour(random);
        let mut pixels = Vec::with_capacity(image.pixels.len());
        for y in 0..image.height {
            for x in 0..image.width {
                let (from_x, from_y) = placement.source(x as f32, y as f32);
                let colours = sample(image, from_x, from_y);
                pixels.extend((0..3).map(|channel| colour.apply(channel, colours[channel])));
            }
        }
        let mut changed = RgbImage { width: image.width, height: image.height, pixels };
        if random.unit() < self.erase {
            erase(&mut changed, random);
        }
        let size = [image.width as f32, image.height as f32];
        let moved = |point: &[f32; 2]| {
            let [x, y] = [0, 1].map(|axis| point[axis] * size[axis] - 0.5);
            let (x, y) = placement.target(x, y);
            [(x + 0.5) / size[0], (y + 0.5) / size[1]]
        };
        (changed, points.iter().map(moved).collect())
    }

    fn placement(&self, image: &RgbImage, random: &mut Random) -> Placement {
        let (sin, cos) = random.signed(self.rotation).to_radians().sin_cos();
        let scale = 1.0 / (1.0 + random.signed(self.zoom));
        let mirror = if self.flip && random.unit() < 0.5 { -1.0 } else { 1.0 };
        let (width, height) = (image.width as f32, image.height as f32);
        let centre = [(width - 1.0) / 2.0, (height - 1.0) / 2.0];
        let shift = [random.signed(self.shift) * width, random.signed(self.shift) * height];
        Placement { across: [cos * scale * mirror, sin * scale * mirror], centre, shift, mirror }
    }

    fn colour(&self, random: &mut Random) -> Colour {
        let contrast = 1.0 + random.signed(self.contrast);
        let brightness = 1.0 + random.signed(self.brightness);
        // A cast of colour is weaker than a change of light.
        let mut gain = || brightness * (1.0 + random.signed(self.brightness / 4.0));
        Colour { contrast, gain: [gain(), gain(), gain()] }
    }
}

/// Where a pixel comes from: a similarity, a mirror and a shift around the centre.
struct Placement {
    /// Source step for one pixel to the right, x and y.
    across: [f32; 2],
    centre: [f32; 2],
    shift: [f32; 2],
    /// -1 if mirrored, else 1.
    mirror: f32,
}

impl Placement {
    fn source(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        let [cos, sin] = self.across;
        let (from_x, from_y) = (cos * x - sin * self.mirror * y, sin * x + cos * self.mirror * y);
        (from_x + self.centre[0] + self.shift[0], from_y + self.centre[1] + self.shift[1])
    }

    /// Where a pixel goes to: the inverse of [`Self::source`].
    fn target(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre[0] - self.shift[0], y - self.centre[1] - self.shift[1]);
        let [cos, sin] = self.across;
        let size = cos * cos + sin * sin;
        let (to_x, to_y) = ((cos * x + sin * y) / size, (cos * y - sin * x) / size * self.mirror);
        (to_x + self.centre[0], to_y + self.centre[1])
    }
}

struct Colour {
    contrast: f32,
    gain: [f32; 3],
}

impl Colour {
    fn apply(&self, channel: usize, value: f32) -> u8 {
        let value = ((value - 128.0) * self.contrast + 128.0) * self.gain[channel];
        (value + 0.5) as u8 // saturates
    }
}

/// The colour between four pixels (bilinear); beyond the border that of the border.
fn sample(image: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (x.clamp(0.0, (image.width - 1) as f32), y.clamp(0.0, (image.height - 1) as f32));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) =
        ((left + 1).min(image.width as usize - 1), (top + 1).min(image.height as usize - 1));
    let (share_x, share_y) = (x - left as f32, y - top as f32);
    let pixels = image.pixels.as_chunks::<3>().0;
    let at = |x: usize, y: usize| pixels[y * image.width as usize + x].map(f32::from);
    let corners = [at(left, top), at(right, top), at(left, bottom), at(right, bottom)];
    std::array::from_fn(|channel| {
        let [a, b, c, d] = corners.map(|corner| corner[channel]);
        let (upper, lower) = (a + (b - a) * share_x, c + (d - c) * share_x);
        upper + (lower - upper) * share_y
    })
}

/// Paints a rectangle of one random colour, a tenth to four tenths of each side.
///
/// Source: Zhong et al. 2017, "Random Erasing Data Augmentation".
fn erase(image: &mut RgbImage, random: &mut Random) {
    let mut extent = |side: u32| {
        let length = (side as f32 * (0.1 + 0.3 * random.unit())) as u32;
        let start = random.below(side - length + 1);
        start as usize..(start + length) as usize
    };
    let (columns, rows) = (extent(image.width), extent(image.height));
    let colour: [u8; 3] = std::array::from_fn(|_| random.below(256) as u8);
    let width = image.width as usize;
    let pixels = image.pixels.as_chunks_mut::<3>().0;
    for row in rows {
        pixels[row * width..][columns.clone()].fill(colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> RgbImage {
        let pixels = (0..8 * 6).flat_map(|pixel| [pixel as u8, 100, 255 - pixel as u8]).collect();
        RgbImage { width: 8, height: 6, pixels }
    }

    #[test]
    fn without_changes_the_image_stays_as_it_is() {
        assert_eq!(Augmentation::none().apply(&ramp(), &[], &mut Random::new(&[1])).0, ramp());
    }

    #[test]
    fn a_mirrored_image_has_its_columns_reversed() {
        let flip = Augmentation { flip: true, ..Augmentation::none() };
        let copies: Vec<_> =
            (0..20).map(|seed| flip.apply(&ramp(), &[], &mut Random::new(&[seed])).0).collect();
        let mut mirrored = ramp();
        mirrored.pixels.as_chunks_mut::<3>().0.chunks_mut(8).for_each(<[_]>::reverse);
        assert!(copies.contains(&mirrored) && copies.contains(&ramp()));
        assert!(copies.iter().all(|copy| *copy == mirrored || *copy == ramp()));
    }

    #[test]
    fn the_same_random_numbers_give_the_same_copy() {
        let all = Augmentation { flip: true, ..Augmentation::default() };
        let copy = |seed| all.apply(&ramp(), &[], &mut Random::new(&[seed])).0;
        assert_eq!(copy(5), copy(5));
        assert_ne!(copy(5), copy(6));
        assert_ne!(copy(5), ramp());
    }

    #[test]
    fn points_move_with_what_they_are_on() {
        let all = Augmentation {
            flip: true,
            brightness: 0.0,
            contrast: 0.0,
            erase: 0.0,
            ..Augmentation::default()
        };
        let mut pixels = vec![0; 40 * 40 * 3];
        for y in 22..25 {
            pixels[(y * 40 + 27) * 3..][..9].fill(255);
        }
        let image = RgbImage { width: 40, height: 40, pixels };
        let middle = [28.5 / 40.0, 23.5 / 40.0];
        for seed in 0..20 {
            let (changed, points) = all.apply(&image, &[middle], &mut Random::new(&[seed]));
            let bright = changed.pixels.as_chunks::<3>().0.iter().enumerate();
            let mut sums = [0.0; 3];
            for (at, &[value, ..]) in bright {
                let value = f32::from(value);
                sums[0] += value;
                sums[1] += value * ((at % 40) as f32 + 0.5);
                sums[2] += value * ((at / 40) as f32 + 0.5);
            }
            let found = [sums[1], sums[2]].map(|sum| sum / sums[0] / 40.0);
            for axis in [0, 1] {
                assert!((found[axis] - points[0][axis]).abs() < 0.004, "{seed}: {found:?} {points:?}");
            }
        }
    }
}
