//! One picture of one hand.

use ::image::codecs::jpeg::JpegEncoder;
use ::image::{ExtendedColorType, ImageError};

use crate::image::RgbImage;
use crate::workshop::hands::hand::identity::Hand;
use crate::workshop::hands::math::geometry::mix_colors;
use crate::workshop::hands::rendering::body::Body;
use crate::workshop::hands::rendering::brush::Brush;
use crate::workshop::hands::rendering::details::draw_details;
use crate::workshop::hands::rendering::nails::draw_nails;
use crate::workshop::hands::rendering::pose::LANDMARKS;
use crate::workshop::hands::rendering::pose::Pose;
use crate::workshop::hands::rendering::shade::{Shade, lit};
use crate::workshop::hands::rendering::surface::Surface;
use crate::workshop::hands::rendering::view::View;
use crate::workshop::hands::scene::jewellery::WATCH_PLACE;
use crate::workshop::hands::scene::shot::Shot;

/// Side of a picture unless asked otherwise, pixels.
pub const DEFAULT_SIDE: u32 = 320;

/// A picture and what is to be seen on it.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The picture, square.
    pub image: RgbImage,
    /// A ring is worn.
    pub has_ring: bool,
    /// A watch is worn.
    pub has_watch: bool,
    /// Share of the picture that the hand covers, 0..1.
    pub coverage: f32,
    /// The wrist, then of thumb to little finger the knuckle, the two joints and the tip; pixel coordinates.
    pub landmarks: [[f32; 2]; LANDMARKS],
    /// Quality at which this camera saves, 1..=100.
    pub jpeg_quality: u8,
}

impl Drawing {
    /// The picture as a JPEG file of this camera.
    ///
    /// # Errors
    ///
    /// Those of the JPEG encoder.
    pub fn jpeg(&self) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        let RgbImage { width, height, pixels } = &self.image;
        JpegEncoder::new_with_quality(&mut bytes, self.jpeg_quality).encode(
            pixels,
            *width,
            *height,
            ExtendedColorType::Rgb8,
        )?;
        Ok(bytes)
    }
}

/// Draws one shot of a hand.
///
/// - `side`: of the picture, in pixels; below 16 is drawn as 16
#[must_use]
pub fn draw(hand: &Hand, shot: &Shot, side: u32) -> Drawing {
    let side = side.max(16) as usize;
    let pose = Pose::new(&hand.anatomy, &shot.gesture);
    let reach = if shot.watch.is_some() { WATCH_PLACE + 16.0 } else { 18.0 };
    let view = View::new(&shot.framing, hand.is_left, &pose, reach, side);
    let surface = dressed_surface(hand, shot, &pose, &view, side);
    let covered: f32 = surface.coverage.values.iter().sum();
    Drawing {
        image: shot.film.develop(composed(&surface, shot), side),
        has_ring: shot.ring.is_some(),
        has_watch: shot.watch.is_some(),
        coverage: covered / (side * side) as f32,
        landmarks: pose.landmarks().map(|point| view.pixel(point)),
        jpeg_quality: shot.film.jpeg_quality,
    }
}

/// The hand with everything on it.
fn dressed_surface(hand: &Hand, shot: &Shot, pose: &Pose, view: &View, side: usize) -> Surface {
    let mut surface = Surface::new(&Body::new(&hand.anatomy, pose), &hand.skin, view, side);
    draw_details(hand, pose, &mut Brush::new(&mut surface, view));
    draw_nails(&hand.nails, &hand.skin, pose, view, &mut surface);
    let mut brush = Brush::new(&mut surface, view);
    if let Some(ring) = &shot.ring {
        ring.draw(pose, &mut brush);
    }
    if let Some(watch) = &shot.watch {
        watch.draw(hand, pose, &mut brush);
    }
    surface
}

/// The light that reaches the camera: hand over ground, `[side, side]`.
fn composed(surface: &Surface, shot: &Shot) -> Vec<[f32; 3]> {
    let side = surface.coverage.side;
    let shade = Shade::new(surface, &shot.light);
    let hand = lit(surface, &shot.light, &shade, shot.background.color);
    let unit = 2.0 / side as f32;
    let place = |pixel: usize| [pixel % side, pixel / side].map(|index| (index as f32 + 0.5) * unit - 1.0);
    (0..side * side)
        .map(|pixel| {
            let covered = surface.coverage.values[pixel];
            if covered >= 1.0 {
                return hand[pixel];
            }
            let reflectance = shot.background.at(place(pixel), unit);
            let visible = shade.on_ground[pixel];
            let key = visible.key * shot.light.direction[2];
            let ground = std::array::from_fn(|channel| {
                let light = shot.light.key[channel] * key + shot.light.ambient[channel] * visible.ambient;
                reflectance[channel] * light
            });
            mix_colors(ground, hand[pixel], covered)
        })
        .collect()
}
