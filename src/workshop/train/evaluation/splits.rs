//! Re-identification averaged over random choices of the gallery image.

use serde::Serialize;

use crate::Result;
use crate::embedding::normalise;
use crate::workshop::train::evaluation::validate::{Embedded, rank_one_each};
use crate::workshop::train::{Images, Random, SizedImages};

/// A mean and the standard deviation of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean over the splits.
    pub mean: f64,
    /// Square root of Σ(x - mean)² / (n - 1); 0 for a single split.
    pub standard_deviation: f64,
}

/// What the splits say. Fractions are 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SplitSummary {
    /// See [`crate::workshop::train::Validation::rank_1`].
    pub rank_1: Spread,
    /// See [`crate::workshop::train::Validation::mean_average_precision`].
    pub mean_average_precision: Spread,
    /// Number of queries of a split.
    pub queries: usize,
    /// Number of gallery images of a split, one for each identity.
    pub gallery: usize,
}

/// Distinguishes this stream of random numbers from others with the same seed.
const GALLERY_CHOICE: u64 = 0x5F;

/// Takes every other image as a query against a gallery of one image per identity, which is drawn again for each split.
///
/// - `splits`: at least 1; split s depends on `seed` and s only
///
/// # Errors
///
/// [`crate::Error::Training`] if no identity has two images; [`crate::Error`] of
/// [`crate::embedding::SimilarityMatrix`] if embeddings cannot be compared.
pub fn evaluate_splits(embedded: &Embedded, splits: u32, seed: u64) -> Result<SplitSummary> {
    let results = (0..u64::from(splits.max(1))).map(|split| {
        rank_one_each(embedded, |identity, images| {
            Random::new(&[seed, GALLERY_CHOICE, split, identity]).below(images)
        })
    });
    let results = results.collect::<Result<Vec<_>>>()?;
    Ok(SplitSummary {
        rank_1: spread(results.iter().map(|result| result.rank_1)),
        mean_average_precision: spread(results.iter().map(|result| result.mean_average_precision)),
        queries: results[0].queries,
        gallery: results[0].gallery,
    })
}

/// The encoder's input of every image, as if it were an embedding: what an encoder has to be better than.
///
/// # Errors
///
/// If an image cannot be read, or one is black throughout.
pub fn raw_pixels(images: &SizedImages) -> Result<Embedded> {
    let pixels = |identity, index| {
        let mut pixels = images.preprocessor().normalise(&images.image(identity, index)?);
        normalise(&mut pixels)?;
        Ok(pixels)
    };
    let all = |identity| (0..images.count(identity)).map(|index| pixels(identity, index)).collect();
    (0..images.identities()).map(all).collect()
}

fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let values: Vec<f64> = values.collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Spread { mean, standard_deviation: (squares / (count - 1.0).max(1.0)).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let found = spread([2.0, 4.0, 9.0].into_iter());
        assert_eq!(found.mean, 5.0);
        assert!((found.standard_deviation - 13.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(spread([0.5].into_iter()), Spread { mean: 0.5, standard_deviation: 0.0 });
    }

    #[test]
    fn a_split_takes_one_image_of_each_identity_as_the_gallery() -> Result<()> {
        // Identity 0 points along x; identity 1 has one image along y and one that looks like identity 0.
        let embedded = vec![vec![vec![1.0, 0.0]; 3], vec![vec![0.0, 1.0], vec![0.8, 0.6]]];
        let found = evaluate_splits(&embedded, 40, 7)?;
        assert_eq!((found.queries, found.gallery), (3, 2));
        // Whichever image of identity 1 is the query, identity 0's image or its own comes first: of the
        // three queries two are always right; the third is if its gallery image is the one along y.
        assert!(found.rank_1.mean > 2.0 / 3.0 - 1e-9 && found.rank_1.mean < 1.0, "{found:?}");
        assert!(found.rank_1.standard_deviation > 0.0);
        assert_eq!(found, evaluate_splits(&embedded, 40, 7)?);
        assert_ne!(found, evaluate_splits(&embedded, 40, 8)?);
        Ok(())
    }
}
