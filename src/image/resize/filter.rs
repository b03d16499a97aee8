//! The resampling filters of Pillow.
//!
//! Source: python-pillow/Pillow@13.0.0 `src/libImaging/Resample.c`.

use std::f64::consts::PI;

/// How source pixels are weighted by their distance from the output pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::image) enum Filter {
    /// Mean over an area.
    Box,
    Bilinear,
    /// Keys' cubic convolution with a = −0.5.
    Bicubic,
    /// Sinc, windowed by a sinc three lobes wide.
    Lanczos,
}

impl Filter {
    /// Distance from which on the weight is 0.
    pub fn support(self) -> f64 {
        match self {
            Self::Box => 0.5,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    /// Weight at a distance, in source pixels (when downscaling: output pixels).
    pub fn weight(self, distance: f64) -> f64 {
        match self {
            Self::Box if distance > -0.5 && distance <= 0.5 => 1.0,
            Self::Box => 0.0,
            Self::Bilinear => (1.0 - distance.abs()).max(0.0),
            Self::Bicubic => bicubic(distance.abs()),
            Self::Lanczos if (-3.0..3.0).contains(&distance) => sinc(distance) * sinc(distance / 3.0),
            Self::Lanczos => 0.0,
        }
    }

    /// The filter's name for descriptions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Box => "box",
            Self::Bilinear => "bilinear",
            Self::Bicubic => "bicubic",
            Self::Lanczos => "Lanczos",
        }
    }
}

/// The order of the operations matters for the last bit.
fn bicubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) }
}
