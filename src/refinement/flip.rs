use crate::embedding::normalise;
use crate::{Error, Result};

/// One embedding of an image and its mirror image: their sum, scaled to length 1.
///
/// CLIP-HandID adds what the encoder gives before it is normalised, so the longer of the two weighs more. Two
/// embeddings that have been normalised weigh the same instead, which differs slightly: for that project's
/// figures, give the encoder's output as it is.
///
/// Source: nathanlem1/CLIP-HandID@73a60e2 `eval_query_gallery_clip_zeroshot.py`.
///
/// - `image`, `mirrored`: `[dim]`, of any length
/// - returns `[dim]`
///
/// Errors: different dimensions, none, a value that is not finite, and a sum of zeros.
///
/// ```
/// # use reid_web::refinement::combine_flipped;
/// assert_eq!(combine_flipped(&[3.0, 1.0], &[0.0, 3.0])?, [0.6, 0.8]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn combine_flipped(image: &[f32], mirrored: &[f32]) -> Result<Vec<f32>> {
    if mirrored.len() != image.len() {
        return Err(Error::EmbeddingLength { found: mirrored.len(), expected: image.len() });
    }
    let mut sum: Vec<f32> = image.iter().zip(mirrored).map(|(a, b)| a + b).collect();
    normalise(&mut sum)?;
    Ok(sum)
}
