//! Unit-length embeddings and the cosine similarity between them.
//!
//! The similarity of two unit-length embeddings is their dot product. Its summation order is fixed,
//! so a pair of images has the same similarity, to the last bit, whichever of them came first, in
//! whichever order the others came, and in the browser as on the desktop.

mod embedding_rows;
mod ordered_bits;
mod pca;
mod products;
mod similarity_matrix;
mod similarity_rows;

use crate::{Error, Result};
pub use embedding_rows::EmbeddingRows;
pub(crate) use embedding_rows::{add_weighted, normalised};
pub(crate) use ordered_bits::{ascending_bits, descending_bits, from_ascending_bits};
pub(crate) use pca::PrincipalComponents;
use products::write_products;
pub use similarity_matrix::SimilarityMatrix;
pub(crate) use similarity_matrix::check_index;

/// How far the length of an embedding may be from 1.
const UNIT_TOLERANCE: f64 = 1e-3;

/// Scales an embedding to length 1 (L2 norm), in place.
///
/// Errors: an empty embedding, a value that is not finite, and an embedding of zeros.
///
/// ```
/// let mut embedding = [3.0, 4.0];
/// reid_web::embedding::normalise(&mut embedding)?;
/// assert_eq!(embedding, [0.6, 0.8]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn normalise(embedding: &mut [f32]) -> Result<()> {
    let norm = finite_norm(embedding)?;
    if norm == 0.0 {
        return Err(Error::ZeroEmbedding);
    }
    for value in embedding {
        *value = (f64::from(*value) / norm) as f32;
    }
    Ok(())
}

/// Cosine similarity of every query with every gallery image.
///
/// - `queries`: `[Q, dim]` row-major, each row of length 1
/// - `gallery`: `[G, dim]` row-major, each row of length 1
/// - returns `[Q, G]` row-major, -1..=1 up to rounding
///
/// Errors: `dim` 0, an incomplete row, and what [`SimilarityMatrix::push_query`] refuses.
///
/// ```
/// # use reid_web::embedding::cosine_similarity_matrix;
/// let similarities = cosine_similarity_matrix(&[1.0, 0.0], &[0.6, 0.8, 0.0, -1.0], 2)?;
/// assert_eq!(similarities, [0.6, 0.0]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn cosine_similarity_matrix(queries: &[f32], gallery: &[f32], dim: usize) -> Result<Vec<f32>> {
    check_rows(queries, dim)?;
    check_rows(gallery, dim)?;
    let mut similarities = vec![0.0; queries.len() / dim * (gallery.len() / dim)];
    write_products(queries, gallery, dim, &mut similarities);
    Ok(similarities)
}

/// Errors unless `[rows, dim]` are rows of length 1.
fn check_rows(values: &[f32], dim: usize) -> Result<()> {
    if dim == 0 {
        return Err(Error::EmptyEmbedding);
    }
    let mut rows = values.chunks_exact(dim);
    match rows.remainder() {
        [] => rows.try_for_each(check_unit),
        rest => Err(Error::EmbeddingLength { found: rest.len(), expected: dim }),
    }
}

fn check_unit(embedding: &[f32]) -> Result<()> {
    let norm = finite_norm(embedding)?;
    if (norm - 1.0).abs() > UNIT_TOLERANCE {
        return Err(Error::EmbeddingNotUnit { norm, tolerance: UNIT_TOLERANCE });
    }
    Ok(())
}

/// L2 norm; an error if the embedding is empty or has a value that is not finite.
fn finite_norm(embedding: &[f32]) -> Result<f64> {
    if embedding.is_empty() {
        return Err(Error::EmptyEmbedding);
    }
    if let Some(index) = embedding.iter().position(|value| !value.is_finite()) {
        return Err(Error::EmbeddingNotFinite { index, value: embedding[index] });
    }
    let squares: f64 = embedding.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
    Ok(squares.sqrt())
}
