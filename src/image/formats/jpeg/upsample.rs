//! From planes at their own samplings to pixels.
//!
//! Source: libjpeg-turbo 3.1 `src/jdsample.c`, with its smooth ("fancy") upsampling.

use libjpeg_turbo_rs::{JpegError, Result};

use super::planes::Plane;
use super::structure::Frame;

/// `[height, width, components]`
///
/// Errors: a component whose samples do not divide the pixels evenly.
pub(super) fn interleaved(planes: &[Plane], frame: &Frame) -> Result<Vec<u8>> {
    let (width, height, channels) = (usize::from(frame.width), usize::from(frame.height), planes.len());
    let factors = factors(frame)?;
    let mut pixels = vec![0; width * height * channels];
    let mut row = Vec::new();
    for (y, line) in pixels.chunks_exact_mut(width * channels).enumerate() {
        for (channel, (plane, factors)) in planes.iter().zip(&factors).enumerate() {
            row_of(plane, *factors, y, &mut row);
            let places = line.iter_mut().skip(channel).step_by(channels);
            places.zip(&row).for_each(|(place, &sample)| *place = sample);
        }
    }
    Ok(pixels)
}

/// For each component, how many pixels a sample is wide and high.
fn factors(frame: &Frame) -> Result<Vec<[usize; 2]>> {
    let largest = frame.largest_sampling();
    let is_even =
        |sampling: [usize; 2]| [0, 1].iter().all(|&axis| largest[axis].is_multiple_of(sampling[axis]));
    if !frame.components.iter().all(|component| is_even(component.sampling)) {
        return Err(JpegError::Unsupported("its colours are sampled at fractions of pixels".into()));
    }
    let factors = |sampling: [usize; 2]| [0, 1].map(|axis| largest[axis] / sampling[axis]);
    Ok(frame.components.iter().map(|component| factors(component.sampling)).collect())
}

/// Row `y` of the picture: smooth between samples of two pixels, repeated otherwise.
fn row_of(plane: &Plane, factors: [usize; 2], y: usize, row: &mut Vec<u8>) {
    let line = |index: usize| &plane.samples[index * plane.stride..][..plane.width];
    let nearest = line(y / factors[1]);
    row.clear();
    match factors {
        [1, 2] => {
            // The rounding differs above and below, so that it does not add up.
            let bias = 1 + (y % 2) as u16;
            let other = line(neighbour(y, plane.height));
            let mixed = |(&near, &far): (&u8, &u8)| (3 * u16::from(near) + u16::from(far) + bias) >> 2;
            row.extend(nearest.iter().zip(other).map(mixed).map(|sample| sample as u8));
        }
        [2, 1] if plane.width > 2 => {
            let samples: Vec<_> = nearest.iter().map(|&sample| u16::from(sample)).collect();
            widen(&samples, [1, 2], 2, row);
        }
        [2, 2] if plane.width > 2 => {
            let other = line(neighbour(y, plane.height));
            let mixed = |(&near, &far): (&u8, &u8)| 3 * u16::from(near) + u16::from(far);
            let samples: Vec<_> = nearest.iter().zip(other).map(mixed).collect();
            widen(&samples, [8, 7], 4, row);
        }
        [across, _] => row.extend(nearest.iter().flat_map(|&sample| std::iter::repeat_n(sample, across))),
    }
}

/// The sample above or below that is the second nearest to row `y`; the border ones are their own neighbours.
fn neighbour(y: usize, height: usize) -> usize {
    let sample = y / 2;
    if y.is_multiple_of(2) { sample.saturating_sub(1) } else { (sample + 1).min(height - 1) }
}

/// Two pixels of each sample: three parts of it and one of its neighbour, rounded by `biases` left and right.
fn widen(samples: &[u16], biases: [u16; 2], shift: u32, row: &mut Vec<u8>) {
    let last = samples.len() - 1;
    for (index, &sample) in samples.iter().enumerate() {
        let left = samples[index.saturating_sub(1)];
        let right = samples[(index + 1).min(last)];
        let pixels = [(left, biases[0]), (right, biases[1])];
        row.extend(pixels.map(|(next, bias)| ((3 * sample + next + bias) >> shift) as u8));
    }
}
