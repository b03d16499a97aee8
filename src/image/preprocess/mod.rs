//! Upright pixels → the encoder's input.

mod config;
mod normalization;

use crate::image::RgbImage;
use crate::image::resize::filter::Filter;
use crate::image::resize::{Axes, resize_part};
use normalization::Normalization;
pub use normalization::{CLIP_MEAN_STD, HALF_MEAN_STD, IMAGENET_MEAN_STD};

/// Resizes, crops and normalises an image as the encoder was trained on.
///
/// The result is that of transformers' `CLIPImageProcessorPil`, or for OpenCLIP's configuration
/// that of its torchvision transform. Both resize with Pillow; they differ by one pixel in where
/// the centre crop lies when the part cut away is 3, 7, 11, … pixels long
/// (`CropRounding`). OpenAI's `clip` is as OpenCLIP.
#[derive(Clone, Debug)]
pub struct Preprocessor {
    pub(in crate::image) resize: Option<Resize>,
    /// Whether a centre crop of `output_size` follows.
    pub(in crate::image) crop: Option<CropRounding>,
    pub(in crate::image) normalization: Normalization,
    pub(in crate::image) output_size: Axes<u32>,
}

/// To which size an image is resized, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) struct Resize {
    pub target: Target,
    pub filter: Filter,
}

/// The size after the resize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) enum Target {
    /// The shortest side gets this length, the aspect is kept.
    ShortestSide(u32),
    /// The aspect is not kept.
    Sides(Axes<u32>),
}

/// Where the crop begins when an odd number of pixels is cut away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) enum CropRounding {
    /// transformers: half the difference, rounded down.
    Down,
    /// torchvision, as in OpenAI's `clip` and OpenCLIP: half the difference, ties to even.
    TiesToEven,
}

impl Preprocessor {
    /// CLIP's own settings for an encoder of `image_size` × `image_size` pixels.
    pub fn clip(image_size: u32) -> Self {
        let target = Target::ShortestSide(image_size);
        Self {
            resize: Some(Resize { target, filter: Filter::Bicubic }),
            crop: Some(CropRounding::Down),
            normalization: Normalization::clip(),
            output_size: Axes { x: image_size, y: image_size },
        }
    }

    /// The same for an encoder of another input size, H and W.
    ///
    /// Between squares all lengths change in proportion; for a rectangle images are stretched.
    pub fn for_size(self, [height, width]: [u32; 2]) -> Self {
        let old = self.output_size;
        let output_size = Axes { x: width, y: height };
        if output_size == old {
            return self;
        }
        let keeps_shape = width == height && old.x == old.y;
        let scaled = |side: u32| (f64::from(side) * f64::from(width) / f64::from(old.x)).round() as u32;
        let filter = self.resize.map_or(Filter::Bicubic, |resize| resize.filter);
        let target = match self.resize.map(|resize| resize.target) {
            Some(Target::ShortestSide(side)) if keeps_shape => Target::ShortestSide(scaled(side)),
            Some(Target::Sides(Axes { x, y })) if keeps_shape => {
                Target::Sides(Axes { x: scaled(x), y: scaled(y) })
            }
            _ => Target::Sides(output_size),
        };
        let crop = self.crop.filter(|_| keeps_shape);
        Self { resize: Some(Resize { target, filter }), crop, output_size, ..self }
    }

    /// Height H and width W of the encoder's input, in pixels.
    pub fn output_size(&self) -> [u32; 2] {
        [self.output_size.y, self.output_size.x]
    }

    /// The resized and cropped image, H × W: what the encoder sees.
    ///
    /// An image smaller than the crop gets black around it.
    pub fn pixels(&self, image: &RgbImage) -> RgbImage {
        let size = self.resized(image);
        let x = self.placement(size.x, u64::from(self.output_size.x));
        let y = self.placement(size.y, u64::from(self.output_size.y));
        let filter = self.resize.map_or(Filter::Box, |resize| resize.filter);
        let part = Axes { x: x.start..x.start + x.length, y: y.start..y.start + y.length };
        let visible = resize_part(image, filter, size, part);
        padded(visible, self.output_size, Axes { x: x.before as usize, y: y.before as usize })
    }

    /// The encoder's input, `[3, H, W]`: red, green and blue plane, normalised.
    pub fn preprocess(&self, image: &RgbImage) -> Vec<f32> {
        self.normalise(&self.pixels(image))
    }

    /// What [`Preprocessor::pixels`] returns as the encoder's input: `[H, W, 3]` bytes to `[3, H, W]`.
    pub fn normalise(&self, pixels: &RgbImage) -> Vec<f32> {
        let mut planes = Vec::with_capacity(pixels.pixels.len());
        for (channel, table) in self.normalization.tables().iter().enumerate() {
            let values = pixels.pixels.as_chunks::<3>().0.iter().map(|pixel| pixel[channel]);
            planes.extend(values.map(|value| table[usize::from(value)]));
        }
        planes
    }

    /// In words, for instance "shortest side to 224 (bicubic), centre crop 224 × 224, CLIP's mean and std".
    pub fn description(&self) -> String {
        let resize = self.resize.map(|Resize { target, filter }| match target {
            Target::ShortestSide(side) => format!("shortest side to {side} ({})", filter.name()),
            Target::Sides(Axes { x, y }) => format!("stretched to {x} × {y} ({})", filter.name()),
        });
        let crop = self.crop.map(|_| format!("centre crop {} × {}", self.output_size.x, self.output_size.y));
        resize
            .into_iter()
            .chain(crop)
            .chain([self.normalization.description()])
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Size after the resize. The long side is rounded down, as in torchvision and transformers.
    fn resized(&self, image: &RgbImage) -> Axes<u64> {
        let (width, height) = (u64::from(image.width), u64::from(image.height));
        let (short, long) = (width.min(height), width.max(height));
        match self.resize.map(|resize| resize.target) {
            None => Axes { x: width, y: height },
            Some(Target::Sides(Axes { x, y })) => Axes { x: x.into(), y: y.into() },
            Some(Target::ShortestSide(side)) => {
                let side = u64::from(side);
                let scaled = side * long / short;
                if width <= height { Axes { x: side, y: scaled } } else { Axes { x: scaled, y: side } }
            }
        }
    }

    /// Where the crop lies along one axis of the resized image.
    fn placement(&self, resized: u64, side: u64) -> Placement {
        let cut = resized.saturating_sub(side);
        let start = match self.crop {
            Some(CropRounding::TiesToEven) if cut % 4 == 3 => cut / 2 + 1,
            _ => cut / 2,
        };
        let before = side.saturating_sub(resized).div_ceil(2);
        Placement { start, length: resized.min(side), before }
    }
}

/// A crop along one axis.
struct Placement {
    /// First pixel of the resized image that is kept.
    start: u64,
    /// Pixels that are kept.
    length: u64,
    /// Black pixels before them.
    before: u64,
}

/// The image on black of size `size`, with its top left corner at `at`.
fn padded(image: RgbImage, size: Axes<u32>, at: Axes<usize>) -> RgbImage {
    if (image.width, image.height) == (size.x, size.y) {
        return image;
    }
    let (stride, width) = (size.x as usize * 3, image.width as usize * 3);
    let mut pixels = vec![0; stride * size.y as usize];
    let rows = pixels.chunks_exact_mut(stride).skip(at.y);
    for (row, source) in rows.zip(image.pixels.chunks_exact(width)) {
        row[at.x * 3..at.x * 3 + width].copy_from_slice(source);
    }
    RgbImage { width: size.x, height: size.y, pixels }
}
