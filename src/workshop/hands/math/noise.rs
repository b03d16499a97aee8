//! Smooth random fields over the plane.

use crate::workshop::hands::math::geometry::{Point, mix};

/// Value noise, -1..1, with features about 1 unit large.
pub(crate) fn noise(seed: u32, [x, y]: Point) -> f32 {
    let (column, row) = (floor(x), floor(y));
    let (across, down) = (ease(x - column as f32), ease(y - row as f32));
    let corner = |dx, dy| lattice(seed, column.wrapping_add(dx), row.wrapping_add(dy));
    let upper = mix(corner(0, 0), corner(1, 0), across);
    let lower = mix(corner(0, 1), corner(1, 1), across);
    mix(upper, lower, down)
}

/// Sum of `octaves` noises, each half as large and half as strong as the one before; about -1..1.
pub(crate) fn fractal(seed: u32, point: Point, octaves: u32) -> f32 {
    let mut sum = 0.0;
    for octave in 0..octaves {
        let frequency = (1 << octave) as f32;
        let place = [point[0] * frequency, point[1] * frequency];
        sum += noise(seed.wrapping_add(octave), place) / frequency;
    }
    sum * 0.6
}

/// The whole number below; without SSE 4.1 several times faster than `f32::floor`.
pub(crate) fn floor(x: f32) -> i32 {
    let toward_zero = x as i32;
    toward_zero - i32::from((toward_zero as f32) > x)
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// The fixed random value at a point with whole coordinates, -1..1.
pub(crate) fn lattice(seed: u32, column: i32, row: i32) -> f32 {
    let mixed = seed ^ (column as u32).wrapping_mul(0x9e37_79b1) ^ (row as u32).wrapping_mul(0x85eb_ca77);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    let mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    (mixed >> 8) as f32 / (1 << 23) as f32 - 1.0
}
