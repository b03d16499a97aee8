//! Re-identification of identities that the encoder has never seen.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use serde::Serialize;

use crate::embedding::{SimilarityMatrix, normalise};
use crate::encoder::VisionTransformer;
use crate::evaluation::{EvaluationOptions, evaluate};
use crate::labels::ImageLabel;
use crate::workshop::train::{Images, SizedImages};
use crate::{Error, Result};

/// What a validation says. Fractions are 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Validation {
    /// Share of the queries whose best gallery image shows their identity.
    pub rank_1: f64,
    /// Mean average precision, standard definition.
    pub mean_average_precision: f64,
    /// Number of queries.
    pub queries: usize,
    /// Number of gallery images, one for each identity.
    pub gallery: usize,
}

/// Embeddings of numbered identities: `[identity][index][D]`, each of length 1.
pub type Embedded = Vec<Vec<Vec<f32>>>;

/// Images that are encoded at once.
const BATCH: usize = 32;

/// Ranks one gallery image of each identity for each of its other images.
///
/// - `tower`: on a device without gradients
/// - `identities`: held out from the training
/// - `most_images`: of an identity that are looked at, the gallery image included
///
/// # Errors
///
/// [`Error::Training`] if no identity has two images; if an image cannot be read; [`Error::NotFinite`]
/// if an embedding is not finite.
pub fn validate(
    tower: &VisionTransformer,
    images: &SizedImages,
    identities: Range<u32>,
    most_images: u32,
) -> Result<Validation> {
    rank_one_each(&embed_all(tower, images, identities, most_images)?, |_, _| 0)
}

/// Ranks one gallery image of each identity for each of its other images.
///
/// - `chosen`: from an identity and its number of images, the index of the gallery image
pub(crate) fn rank_one_each(embedded: &Embedded, chosen: impl Fn(u64, u32) -> u32) -> Result<Validation> {
    let mut matrix = SimilarityMatrix::new();
    let (mut query, mut gallery) = (Vec::new(), Vec::new());
    for (identity, images) in (0..).zip(embedded) {
        let chosen = chosen(identity, images.len() as u32);
        for (index, embedding) in (0..).zip(images) {
            let label = ImageLabel { identity: Some(identity.to_string()), camera: None, content: None };
            if index == chosen {
                matrix.push_gallery(embedding)?;
                gallery.push(label);
            } else {
                matrix.push_query(embedding)?;
                query.push(label);
            }
        }
    }
    summary(&matrix, &query, &gallery)
}

fn summary(matrix: &SimilarityMatrix, query: &[ImageLabel], gallery: &[ImageLabel]) -> Result<Validation> {
    let evaluation = evaluate(matrix, query, gallery, EvaluationOptions::default())?;
    match (evaluation.cmc.first(), evaluation.mean_average_precision) {
        (Some(&rank_1), Some(mean_average_precision)) => {
            Ok(Validation { rank_1, mean_average_precision, queries: query.len(), gallery: gallery.len() })
        }
        _ => Err(Error::Training("no held-out identity has two images, so nothing can be validated".into())),
    }
}

/// Embeds the first images of each identity.
///
/// - `tower`: on a device without gradients
/// - `most_images`: of an identity
///
/// # Errors
///
/// If an image cannot be read; [`Error::NotFinite`] if an embedding is not finite.
pub fn embed_all(
    tower: &VisionTransformer,
    images: &SizedImages,
    identities: Range<u32>,
    most_images: u32,
) -> Result<Embedded> {
    let counts = identities.clone().map(|identity| images.count(identity).min(most_images));
    let counts: Vec<u32> = counts.collect();
    let of_one = |(identity, &count): (u32, &u32)| (0..count).map(move |index| (identity, index));
    let rows: Vec<_> = identities.zip(&counts).flat_map(of_one).collect();
    let embeddings = rows.chunks(BATCH).map(|rows| embed(tower, images, rows)).collect::<Result<Vec<_>>>()?;
    let mut embeddings = embeddings.into_iter().flatten();
    Ok(counts.iter().map(|&count| embeddings.by_ref().take(count as usize).collect()).collect())
}

/// The embeddings of these images, `[B][D]`, each of length 1.
fn embed(tower: &VisionTransformer, images: &SizedImages, rows: &[(u32, u32)]) -> Result<Vec<Vec<f32>>> {
    let mut pixels = Vec::new();
    for &(identity, index) in rows {
        pixels.extend(images.preprocessor().normalise(&images.image(identity, index)?));
    }
    let side = images.preprocessor().output_size()[0] as usize;
    let pixels = TensorData::new(pixels, [rows.len(), 3, side, side]);
    let embeddings = tower.forward(Tensor::from_data(pixels, &tower.device()));
    let [_, dim] = embeddings.dims();
    let values = embeddings.into_data().try_into_vec::<f32>();
    let mut values = values.map_err(|cause| Error::Device(format!("{cause:?}")))?;
    if !values.iter().all(|value| value.is_finite()) {
        return Err(Error::NotFinite);
    }
    values.chunks_mut(dim).try_for_each(normalise)?;
    Ok(values.chunks(dim).map(<[f32]>::to_vec).collect())
}
