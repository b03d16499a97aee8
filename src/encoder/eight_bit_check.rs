//! Is 8-bit arithmetic good enough for these images? Some of a person's own images are embedded in F32 as well and
//! compared.
//!
//! A check of a few images says nothing about images that are unlike them, so three rules work together:
//!
//! 1. Which images are compared: the first ones, one in `EVERY` after them, and every image that is less like the
//!    compared ones than these are like each other.
//! 2. No compared image may be below [`LEAST_AGREEMENT`].
//! 3. The spread of the logarithm of 1 − cosine over the compared images predicts that of others: its mean and
//!    `DEVIATIONS` standard deviations must also stay above [`LEAST_AGREEMENT`].
//!
//! If one of them is broken, no 8-bit embedding may be kept.

use crate::encoder::LEAST_AGREEMENT;

/// Number of images that are compared before any is embedded in 8 bits alone.
const FIRST: usize = 24;
/// Afterwards, one image out of this many is compared.
const EVERY: usize = 32;
/// An image is unlike the others if fewer of the compared ones than this are as far from their nearest.
const OUTERMOST: usize = 6;
/// Standard deviations between the mean and what is still expected to occur. In 546 simulated runs on 39 odd towers
/// (`tests/reference/encoder/simulate_eight_bits.py`) 4 accepted one with an image at 0.9986, 4.5 none.
const DEVIATIONS: f64 = 4.5;
/// The least standard deviation of ln(1 − cosine), because a few images may have similar values by chance.
const LEAST_DEVIATION: f64 = 0.25;
/// Smaller values of 1 − cosine are not distinguished.
const LEAST_DIFFERENCE: f64 = 1e-7;

/// Compares embeddings of 8 bits with those of F32, as the images arrive.
#[derive(Clone, Debug, Default)]
pub struct EightBitCheck {
    seen: usize,
    /// The images chosen to be compared.
    chosen: Vec<Chosen>,
    compared: Vec<Compared>,
}

#[derive(Clone, Debug)]
struct Chosen {
    /// `[D]`, of length 1.
    embedding: Vec<f32>,
    /// The similarity to the nearest other one.
    nearest: f32,
}

#[derive(Clone, Debug)]
struct Compared {
    name: String,
    /// 1 − cosine; infinite where an embedding is not finite.
    difference: f64,
}

impl EightBitCheck {
    /// Whether an image must be compared. Call it once for each image.
    ///
    /// - `found`: its embedding in 8 bits, `[D]`, of length 1
    pub fn wants(&mut self, found: &[f32]) -> bool {
        let is_due = self.chosen.len() < FIRST || self.seen.is_multiple_of(EVERY);
        self.seen += 1;
        let similarities: Vec<f32> =
            self.chosen.iter().map(|chosen| dot(&chosen.embedding, found) as f32).collect();
        let nearest = similarities.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if !is_due && nearest >= self.outermost() {
            return false;
        }
        for (chosen, similarity) in self.chosen.iter_mut().zip(similarities) {
            chosen.nearest = chosen.nearest.max(similarity);
        }
        self.chosen.push(Chosen { embedding: found.to_vec(), nearest });
        true
    }

    /// The similarity to the nearest image that only a few of the chosen images are below.
    fn outermost(&self) -> f32 {
        let mut nearest: Vec<f32> = self.chosen.iter().map(|chosen| chosen.nearest).collect();
        nearest.sort_by(f32::total_cmp);
        nearest.get(OUTERMOST - 1).copied().unwrap_or(f32::INFINITY)
    }

    /// Records the comparison of an image.
    ///
    /// - `name`: of the image, for a person
    /// - `exact`, `found`: its embeddings in F32 and in 8 bits, `[D]`, of length 1
    pub fn compare(&mut self, name: &str, exact: &[f32], found: &[f32]) {
        let squares = exact.iter().zip(found).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
        let half = squares.sum::<f64>() / 2.0;
        let is_whole = exact.len() == found.len() && !found.is_empty() && half.is_finite();
        let difference = if is_whole { half } else { f64::INFINITY };
        self.compared.push(Compared { name: name.into(), difference });
    }

    /// Why 8 bits are not good enough, in a sentence for a person; `None` as long as they are.
    pub fn refusal(&self) -> Option<String> {
        let Compared { name, difference } = self.worst()?;
        let cosine = cosine_in_words(*difference);
        if *difference > f64::from(1.0 - LEAST_AGREEMENT) {
            return Some(format!(
                "8-bit changed some of your pictures too much (cosine {cosine} for {name}); all pictures are \
                 processed in F32 instead"
            ));
        }
        (self.compared.len() >= FIRST && self.expected() > f64::from(1.0 - LEAST_AGREEMENT)).then(|| {
            format!(
                "8-bit changed your pictures too unevenly (cosine {cosine} for {name}, below {LEAST_AGREEMENT} \
                 expected for others); all pictures are processed in F32 instead"
            )
        })
    }

    /// What was found so far, in a sentence for a person; `None` before the first comparison.
    pub fn summary(&self) -> Option<String> {
        let Compared { name, difference } = self.worst()?;
        let cosine = cosine_in_words(*difference);
        let (compared, seen) = (self.compared.len(), self.seen.max(self.compared.len()));
        Some(format!(
            "{compared} of {seen} pictures were compared with F32: the lowest cosine is {cosine} ({name})"
        ))
    }

    /// How many images were compared.
    pub fn compared(&self) -> usize {
        self.compared.len()
    }

    /// The lowest cosine of the compared images; `None` before the first.
    pub fn lowest_cosine(&self) -> Option<f64> {
        self.worst().map(|worst| 1.0 - worst.difference)
    }

    fn worst(&self) -> Option<&Compared> {
        self.compared.iter().max_by(|a, b| a.difference.total_cmp(&b.difference))
    }

    /// The largest 1 − cosine that is expected of images that were not compared.
    fn expected(&self) -> f64 {
        let count = self.compared.len() as f64;
        let logarithms = || self.compared.iter().map(|one| one.difference.max(LEAST_DIFFERENCE).ln());
        let mean = logarithms().sum::<f64>() / count;
        let variance = logarithms().map(|number| (number - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let deviation = variance.sqrt().max(LEAST_DEVIATION) * (1.0 + 1.0 / count).sqrt();
        (mean + DEVIATIONS * deviation).exp()
    }
}

/// With enough digits to tell it from 1, and never rounded up: 0.9996, 0.99987, 0.962.
fn cosine_in_words(difference: f64) -> String {
    if !difference.is_finite() {
        return "undefined".into();
    }
    let digits = match difference {
        difference if difference > 1e-3 => 3,
        difference if difference > 1e-4 => 4,
        _ => 5,
    };
    let unit = 10f64.powi(digits);
    format!("{:.*}", digits as usize, ((1.0 - difference) * unit).floor() / unit)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A check that compared images of these cosines, each unlike the others.
    fn check(cosines: &[f64]) -> EightBitCheck {
        let mut check = EightBitCheck::default();
        for (index, cosine) in cosines.iter().enumerate() {
            let sine = (1.0 - cosine * cosine).sqrt();
            assert!(check.wants(&image(index)));
            check.compare(&format!("{index}.jpg"), &[1.0, 0.0], &[*cosine as f32, sine as f32]);
        }
        check
    }

    /// The embedding of an image; any two have the similarity 0.64.
    fn image(index: usize) -> Vec<f32> {
        (0..64).map(|at| if at == 0 { 0.8 } else { 0.6 * f32::from(at == 1 + index) }).collect()
    }

    #[test]
    fn one_image_below_the_bar_is_enough_and_is_named() {
        assert_eq!(check(&[0.9999, 0.9998]).refusal(), None);
        let sentence = check(&[0.9999, 0.9624, 0.9998]).refusal().unwrap();
        let expected = "8-bit changed some of your pictures too much (cosine 0.962 for 1.jpg); all pictures are \
                        processed in F32 instead";
        assert_eq!(sentence, expected);
    }

    #[test]
    fn images_that_all_pass_but_spread_widely_are_refused_once_there_are_enough() {
        let even = vec![0.9998; FIRST];
        let spread: Vec<f64> = (0..FIRST).map(|at| if at % 4 == 0 { 0.9992 } else { 0.99999 }).collect();
        assert_eq!(check(&even).refusal(), None);
        assert_eq!(check(&spread[..FIRST - 1]).refusal(), None);
        assert!(check(&spread).refusal().unwrap().contains("too unevenly"));
    }

    #[test]
    fn an_embedding_that_is_not_finite_is_refused() {
        let mut check = EightBitCheck::default();
        check.compare("a.png", &[1.0, 0.0], &[f32::NAN, 0.0]);
        assert!(check.refusal().unwrap().contains("cosine undefined for a.png"));
    }

    #[test]
    fn the_first_images_are_compared_then_some_and_those_that_are_unlike_them() {
        let mut check = check(&[0.9999; FIRST]);
        let alike = image(3);
        let wanted = (FIRST..2 * EVERY + 1).filter(|_| check.wants(&alike)).count();
        assert_eq!(wanted, 2);
        let unlike: Vec<f32> = (0..64).map(|at| f32::from(at == 63)).collect();
        assert!(check.wants(&unlike));
    }

    #[test]
    fn what_was_compared_is_said() {
        assert_eq!(EightBitCheck::default().summary(), None);
        let mut check = check(&[0.99987; FIRST]);
        assert!(!check.wants(&image(2)));
        let summary = "24 of 25 pictures were compared with F32: the lowest cosine is 0.9998 (";
        assert!(check.summary().unwrap().starts_with(summary), "{:?}", check.summary());
    }
}
