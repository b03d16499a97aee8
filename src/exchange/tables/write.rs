use ::csv::Writer;
use serde::Serialize;

use super::ExchangeError;
use crate::exchange::ImportedImage;

/// One line of a ranked list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankedImage<'a> {
    /// Path of the query image.
    pub query: &'a str,
    /// Rank of the gallery image for this query, from 1.
    pub rank: usize,
    /// Path of the gallery image.
    pub gallery: &'a str,
    /// Cosine similarity, in the fewest digits that read back as the same 32-bit number.
    pub similarity: f32,
    /// Whether both show the same identity; empty if one of them is unknown.
    pub is_match: Option<bool>,
}

/// Labels as a CSV, `path,set,identity,camera`, that [`read_labels`](crate::exchange::read_labels) reads back; with a
/// column `content` if the files' SHA-256 are known.
///
/// Errors if the table cannot be written.
pub fn write_labels(images: &[ImportedImage]) -> Result<Vec<u8>, ExchangeError> {
    let columns = ["path", "set", "identity", "camera", "content"];
    if images.iter().all(|image| image.content.is_none()) {
        return table(&columns[..4], images);
    }
    let row = |ImportedImage { path, set, identity, camera, content }: &ImportedImage| {
        (path.clone(), *set, identity.clone(), camera.clone(), content.clone())
    };
    table(&columns, images.iter().map(row))
}

/// Ranked lists as a CSV, `query,rank,gallery,similarity,is_match`.
///
/// Errors if the table cannot be written.
///
/// ```
/// # use reid_web::exchange::{RankedImage, write_rank_lists};
/// let best = RankedImage { query: "q.jpg", rank: 1, gallery: "a, b.jpg", similarity: 0.1, is_match: Some(true) };
/// let csv = write_rank_lists([best])?;
/// assert_eq!(csv, b"query,rank,gallery,similarity,is_match\nq.jpg,1,\"a, b.jpg\",0.1,true\n");
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn write_rank_lists<'a>(
    rows: impl IntoIterator<Item = RankedImage<'a>>,
) -> Result<Vec<u8>, ExchangeError> {
    table(&["query", "rank", "gallery", "similarity", "is_match"], rows)
}

/// The first line also if there are no others.
fn table<T: Serialize>(
    columns: &[&str],
    rows: impl IntoIterator<Item = T>,
) -> Result<Vec<u8>, ExchangeError> {
    let mut table = csv_writer(columns)?;
    for row in rows {
        table.serialize(row)?;
    }
    csv_bytes(table)
}

/// A table with its first line.
pub(crate) fn csv_writer(columns: &[&str]) -> Result<Writer<Vec<u8>>, ExchangeError> {
    let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns)?;
    Ok(writer)
}

/// The whole table as text.
pub(crate) fn csv_bytes(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, ExchangeError> {
    writer.into_inner().map_err(|error| ExchangeError::Writing(error.into_error().into()))
}
