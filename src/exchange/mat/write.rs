use super::ExchangeError;
use super::element::{INT8, INT32, INT64, MATRIX, SINGLE, UINT32, push};
use super::labels::Numbers;
use crate::dataset::Set;
use crate::embedding::EmbeddingRows;
use crate::exchange::ImportedImage;

const TEXT: &str = "MATLAB 5.0 MAT-file, written by reid-web";
const TEXT_BYTES: usize = 116;
/// What follows the text: nothing, version 1.0, little-endian.
const TEXT_END: [u8; 12] = *b"\0\0\0\0\0\0\0\0\x00\x01IM";
const SINGLE_CLASS: u32 = 7;
const INT64_CLASS: u32 = 14;

/// Embeddings and labels as a `.mat` file, as CLIP-HandID saves them: `gallery_f` `[N, D]` single and `gallery_label`
/// `[1, N]` int64, then the same of the queries. If images have cameras, `gallery_cam` and `query_cam` as well, as in
/// the Market-1501 baseline. A set without images has no variables.
///
/// # Errors
///
/// An image without set; identities and cameras that are not whole numbers, missing for some, or the same number
/// though not the same text ("1" and "01"); more than 4 GiB; and another number of images than of embeddings.
pub fn write_mat(images: &[ImportedImage], embeddings: EmbeddingRows<'_>) -> Result<Vec<u8>, ExchangeError> {
    if images.len() != embeddings.count() {
        return Err(ExchangeError::Count { embeddings: embeddings.count(), labels: images.len() });
    }
    if let Some(image) = images.iter().find(|image| image.set.is_none()) {
        return Err(ExchangeError::MatLabels(format!("{} is neither query nor gallery", image.path)));
    }
    let mut file = format!("{TEXT:<TEXT_BYTES$}").into_bytes();
    file.extend(TEXT_END);
    let (mut identities, mut cameras) = (Numbers::default(), Numbers::default());
    let has_cameras = images.iter().any(|image| image.camera.is_some());
    for (set, name) in [(Set::Gallery, "gallery"), (Set::Query, "query")] {
        let rows: Vec<usize> = (0..images.len()).filter(|&row| images[row].set == Some(set)).collect();
        if rows.is_empty() {
            continue;
        }
        push_features(&mut file, &format!("{name}_f"), embeddings, &rows)?;
        let chosen = || rows.iter().map(|&row| &images[row]);
        let numbers = chosen().map(|image| identities.number("identity", image, image.identity.as_deref()));
        push_labels(&mut file, &format!("{name}_label"), &numbers.collect::<Result<Vec<_>, _>>()?)?;
        if has_cameras {
            let numbers = chosen().map(|image| cameras.number("camera", image, image.camera.as_deref()));
            push_labels(&mut file, &format!("{name}_cam"), &numbers.collect::<Result<Vec<_>, _>>()?)?;
        }
    }
    Ok(file)
}

/// The chosen embeddings, stored column by column.
fn push_features(
    file: &mut Vec<u8>,
    name: &str,
    embeddings: EmbeddingRows<'_>,
    rows: &[usize],
) -> Result<(), ExchangeError> {
    let column = |column: usize| rows.iter().map(move |&row| embeddings.row(row)[column]);
    let bytes: Vec<u8> = (0..embeddings.dim()).flat_map(column).flat_map(f32::to_le_bytes).collect();
    push_variable(file, name, SINGLE_CLASS, [rows.len(), embeddings.dim()], SINGLE, &bytes)
}

fn push_labels(file: &mut Vec<u8>, name: &str, numbers: &[i64]) -> Result<(), ExchangeError> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    push_variable(file, name, INT64_CLASS, [1, numbers.len()], INT64, &bytes)
}

fn push_variable(
    file: &mut Vec<u8>,
    name: &str,
    class: u32,
    size: [usize; 2],
    kind: u32,
    bytes: &[u8],
) -> Result<(), ExchangeError> {
    let too_large = |_| ExchangeError::MatLabels(format!("{name} is larger than 4 GiB"));
    let flags = [class, 0].map(u32::to_le_bytes).concat();
    let dimensions = size.map(|size| (size as u32).to_le_bytes()).concat();
    let mut content = Vec::with_capacity(bytes.len() + 64);
    push(&mut content, UINT32, &flags);
    push(&mut content, INT32, &dimensions);
    push(&mut content, INT8, name.as_bytes());
    push(&mut content, kind, bytes);
    u32::try_from(content.len()).map_err(too_large)?;
    push(file, MATRIX, &content);
    Ok(())
}
