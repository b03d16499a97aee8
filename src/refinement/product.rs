use super::EmbeddingRows;
use crate::Result;
use crate::embedding::cosine_similarity_matrix;

/// Rows of similarities that are in memory at a time.
const ROWS_AT_ONCE: usize = 64;

/// Gives the similarities of each left embedding with all right ones to `take`, row by row in order, without
/// the whole matrix in memory.
///
/// - `take`: gets the left index and `[right]`
pub(super) fn for_each_similarity_row(
    left: EmbeddingRows,
    right: EmbeddingRows,
    mut take: impl FnMut(usize, &[f32]) -> Result<()>,
) -> Result<()> {
    left.check_dim(right)?;
    for (block, values) in left.values().chunks(ROWS_AT_ONCE * left.dim()).enumerate() {
        let similarities = cosine_similarity_matrix(values, right.values(), left.dim())?;
        for offset in 0..values.len() / left.dim() {
            let row = &similarities[offset * right.count()..][..right.count()];
            take(block * ROWS_AT_ONCE + offset, row)?;
        }
    }
    Ok(())
}
