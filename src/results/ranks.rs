use crate::Result;
use crate::embedding::SimilarityMatrix;
use crate::evaluation::Ranker;
use crate::exchange::{RankedImage, write_rank_lists};

/// The first `top` gallery images of every query as a CSV, `query,rank,gallery,similarity,is_match`.
///
/// - `query`, `gallery`: paths, one for each row and each column of `matrix`
///
/// # Errors
///
/// Those of [`Ranker::rank`], and a table that cannot be written.
///
/// # Panics
///
/// If there are fewer paths of gallery images than columns, as slices do.
pub fn write_ranks<P: AsRef<str>>(
    ranker: &Ranker,
    matrix: &SimilarityMatrix,
    query: &[P],
    gallery: &[P],
    top: usize,
) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for (index, path) in query.iter().enumerate() {
        lines.extend(ranker.rank(matrix, index, top)?.into_iter().map(|entry| RankedImage {
            query: path.as_ref(),
            rank: entry.rank,
            gallery: gallery[entry.index].as_ref(),
            similarity: entry.similarity,
            is_match: entry.is_match,
        }));
    }
    Ok(write_rank_lists(lines)?)
}
