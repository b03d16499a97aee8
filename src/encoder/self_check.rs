//! Does a device compute correctly? The same known images must have the same embeddings on two devices.

use crate::{Error, Result};

/// Least cosine similarity between the embeddings of one image on two devices.
pub const LEAST_AGREEMENT: f32 = 0.999;

/// Two different images that need no file: `[2, 3, H, W]`, values −2 to 2 like normalised pixels.
///
/// - `image_size`: H and W
pub fn known_images([height, width]: [usize; 2]) -> Vec<f32> {
    let value = |image: usize, channel: usize, y: usize, x: usize| {
        let frequency = (1 + image + 2 * channel) as f32 / width as f32;
        let phase = std::f32::consts::TAU * frequency * (x as f32 + (2 * image) as f32 * y as f32);
        phase.sin() + ((y / 4 + x / 4 + image) % 3) as f32 - 1.0
    };
    let mut pixels = Vec::with_capacity(2 * 3 * height * width);
    for (image, channel) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
        for y in 0..height {
            pixels.extend((0..width).map(|x| value(image, channel, y, x)));
        }
    }
    pixels
}

/// Compares the embeddings of [`known_images`] on a trusted and on another device.
///
/// - `trusted`, `found`: `[2, D]`, rows of length 1
/// - returns the lower of the two cosine similarities
///
/// # Errors
///
/// [`Error::SelfCheck`] if the shapes differ, `found` is not finite or does not depend on the image, or a
/// similarity is below [`LEAST_AGREEMENT`].
pub fn agreement(trusted: &[f32], found: &[f32]) -> Result<f32> {
    if trusted.len() != found.len() || found.is_empty() || !found.len().is_multiple_of(2) {
        let (expected, found) = (trusted.len(), found.len());
        return Err(Error::SelfCheck(format!("it returned {found} values, expected {expected}")));
    }
    if found.iter().any(|value| !value.is_finite()) {
        return Err(Error::SelfCheck("its embeddings are not finite".into()));
    }
    let (first, second) = found.split_at(found.len() / 2);
    if first == second {
        return Err(Error::SelfCheck("it returned the same embedding for two different images".into()));
    }
    let (trusted_first, trusted_second) = trusted.split_at(trusted.len() / 2);
    let cosine = dot(trusted_first, first).min(dot(trusted_second, second));
    match cosine >= LEAST_AGREEMENT {
        true => Ok(cosine),
        false => Err(Error::SelfCheck(format!(
            "its embeddings have cosine {cosine:.4} to those of F32 on the CPU; expected {LEAST_AGREEMENT} or more"
        ))),
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_embeddings_agree() {
        let trusted = [1.0, 0.0, 0.0, 1.0];
        assert_eq!(agreement(&trusted, &trusted).unwrap(), 1.0);
    }

    #[test]
    fn a_device_that_is_wrong_is_detected() {
        let trusted = [1.0, 0.0, 0.0, 1.0];
        for (found, reason) in [
            (vec![f32::NAN, 0.0, 0.0, 1.0], "not finite"),
            (vec![0.6, 0.8, 0.6, 0.8], "same embedding"),
            (vec![0.0; 4], "same embedding"),
            (vec![1.0, 0.0, 1.0, 0.001], "cosine"),
            (vec![1.0, 0.0], "expected 4"),
        ] {
            let message = agreement(&trusted, &found).unwrap_err().to_string();
            assert!(message.contains(reason), "{found:?}: {message}");
        }
    }

    #[test]
    fn known_images_differ_and_stay_in_range() {
        let pixels = known_images([17, 9]);
        let (first, second) = pixels.split_at(3 * 17 * 9);
        assert_ne!(first, second);
        assert!(pixels.iter().all(|value| value.abs() <= 2.0));
    }
}
