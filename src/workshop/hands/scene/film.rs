//! The camera: from light to the pixels of a picture.

use crate::image::RgbImage;
use crate::workshop::hands::math::geometry::mix;
use crate::workshop::hands::math::noise::lattice;
use crate::workshop::hands::math::random::Random;

/// Exposure, colour balance and the faults of one camera.
#[derive(Clone, Debug)]
pub struct Film {
    /// Brightness that the automatic exposure aims at, in stops, -0.7..0.7.
    pub exposure: f32,
    /// Gains of red, green and blue, 0.82..1.18.
    pub white_balance: [f32; 3],
    /// Contrast of the tone curve, 0..1.
    pub contrast: f32,
    /// Colourfulness, 0.75..1.15.
    pub saturation: f32,
    /// Blur, 0 (sharp) ..3 passes of a small kernel.
    pub blur: f32,
    /// Sensor noise, 0.002..0.022 of white.
    pub noise: f32,
    /// Darkening of the corners, 0..0.25.
    pub vignette: f32,
    /// Quality of the JPEG file, 80..92.
    pub jpeg_quality: u8,
    grain: u32,
}

impl Film {
    pub(crate) fn new(random: &mut Random) -> Self {
        let [warmth, green] = [random.around(0.0, 0.16), random.around(0.0, 0.05)];
        Self {
            exposure: random.around(0.0, 0.65),
            white_balance: [1.0 + warmth, 1.0 + green, 1.0 - warmth],
            contrast: random.unit(),
            saturation: random.around(0.95, 0.2),
            blur: random.unit() * random.unit() * 2.4,
            noise: 0.002 + 0.02 * random.unit() * random.unit(),
            vignette: random.unit() * 0.25,
            jpeg_quality: 80 + random.below(13) as u8,
            grain: random.noise_seed(),
        }
    }

    /// Takes the picture.
    ///
    /// - `light`: `[side, side]`, linear; 1 is white at normal exposure
    pub(crate) fn develop(&self, mut light: Vec<[f32; 3]>, side: usize) -> RgbImage {
        let mut left = self.blur * side as f32 / 320.0;
        while left > 0.02 {
            blur(&mut light, side, 0.25 * left.min(1.0));
            left -= 1.0;
        }
        let tone = self.tone_table();
        let gain = libm::exp2f(self.exposure);
        let gains = self.white_balance.map(|balance| balance * gain);
        let mut pixels = Vec::with_capacity(light.len() * 3);
        for (pixel, &color) in light.iter().enumerate() {
            let corner = self.corner(pixel, side);
            let balanced = std::array::from_fn(|channel| color[channel] * gains[channel] * corner);
            pixels.extend_from_slice(&self.pixel(self.saturated(balanced), pixel, &tone));
        }
        RgbImage { width: side as u32, height: side as u32, pixels }
    }

    fn pixel(&self, light: [f32; 3], pixel: usize, tone: &[f32]) -> [u8; 3] {
        let grain = |channel: usize| {
            let column = (pixel * 4 + channel) as i32;
            1.4 * lattice(self.grain, column, 0)
        };
        let common = grain(3);
        std::array::from_fn(|channel| {
            let place = (light[channel] * TONE_SCALE).clamp(0.0, (TONE_STEPS - 1) as f32);
            let below = (place as usize).min(TONE_STEPS - 2);
            let value = mix(tone[below], tone[below + 1], place - below as f32);
            let noisy = value + self.noise * (0.75 * common + 0.6 * grain(channel));
            (noisy.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
        })
    }

    fn saturated(&self, color: [f32; 3]) -> [f32; 3] {
        let grey = 0.25 * color[0] + 0.65 * color[1] + 0.1 * color[2];
        color.map(|channel| mix(grey, channel, self.saturation).max(0.0))
    }

    fn corner(&self, pixel: usize, side: usize) -> f32 {
        let from_middle = |place: usize| (place as f32 + 0.5) / (0.5 * side as f32) - 1.0;
        let [x, y] = [from_middle(pixel % side), from_middle(pixel / side)];
        1.0 - 0.5 * self.vignette * (x * x + y * y)
    }

    /// sRGB with a soft shoulder, by light in steps of `1 / TONE_SCALE`.
    fn tone_table(&self) -> Vec<f32> {
        (0..TONE_STEPS)
            .map(|step| {
                let light = step as f32 / TONE_SCALE;
                let soft = light * (1.0 + light * 0.12) / (1.0 + light * 0.32);
                let encoded = srgb(soft);
                let curved = encoded * encoded * (3.0 - 2.0 * encoded);
                mix(encoded, curved, 0.1 + 0.35 * self.contrast)
            })
            .collect()
    }
}

const TONE_STEPS: usize = 2048;
const TONE_SCALE: f32 = 1000.0;

fn srgb(light: f32) -> f32 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::powf(light, 1.0 / 2.4) - 0.055 }
}

/// One pass of `[weight, 1 - 2 · weight, weight]` in rows and columns.
fn blur(light: &mut [[f32; 3]], side: usize, weight: f32) {
    for line in 0..side {
        blur_line(light, line * side, 1, side, weight);
    }
    for line in 0..side {
        blur_line(light, line, side, side, weight);
    }
}

fn blur_line(light: &mut [[f32; 3]], start: usize, step: usize, count: usize, weight: f32) {
    let mut before = light[start];
    for index in 0..count {
        let here = light[start + index * step];
        let after = light[start + (index + 1).min(count - 1) * step];
        light[start + index * step] = std::array::from_fn(|channel| {
            here[channel] * (1.0 - 2.0 * weight) + weight * (before[channel] + after[channel])
        });
        before = here;
    }
}
