use super::MAGIC;
use crate::embedding::EmbeddingRows;

/// numpy begins the numbers at a multiple of this.
const ALIGNMENT: usize = 64;
/// numpy leaves room for a number of rows with this many digits, for whoever appends rows later.
const ROW_DIGITS: usize = 21;
/// Magic, version and length of the header.
const PREFIX_BYTES: usize = 10;

/// Embeddings as a `.npy` file, byte by byte what `numpy.save` writes of `[N, D]` float32.
///
/// ```
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::exchange::{read_npy, write_npy};
/// let embeddings = EmbeddingRows::new(&[1.0, 0.0, 0.6, 0.8], 2)?;
/// let file = write_npy(embeddings);
/// assert_eq!(read_npy(&file)?.row(1), [0.6, 0.8]);
/// # Ok::<(), reid_web::Error>(())
/// ```
#[must_use]
pub fn write_npy(embeddings: EmbeddingRows<'_>) -> Vec<u8> {
    let mut file = npy_header(embeddings.count(), embeddings.dim());
    file.reserve(4 * embeddings.values().len());
    file.extend(embeddings.values().iter().flat_map(|value| value.to_le_bytes()));
    file
}

/// How `numpy.save` begins a file of `[rows, columns]` float32; the numbers follow, row by row and little-endian.
///
/// ```
/// # use reid_web::exchange::{npy_header, read_npy};
/// let similarities = [0.5_f32, -1.0, 0.25].map(f32::to_le_bytes);
/// let file = [npy_header(1, 3), similarities.concat()].concat();
/// assert_eq!(read_npy(&file)?.row(0), [0.5, -1.0, 0.25]);
/// # Ok::<(), reid_web::Error>(())
/// ```
#[must_use]
pub fn npy_header(rows: usize, columns: usize) -> Vec<u8> {
    let dictionary = dictionary(rows, columns);
    let mut file = Vec::with_capacity(PREFIX_BYTES + dictionary.len());
    file.extend(MAGIC);
    file.extend([1, 0]);
    file.extend((dictionary.len() as u16).to_le_bytes());
    file.extend(dictionary.as_bytes());
    file
}

/// The dictionary, spaces up to the alignment, and a line end.
fn dictionary(rows: usize, columns: usize) -> String {
    let dictionary = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let spare = ROW_DIGITS - rows.to_string().len();
    let end = PREFIX_BYTES + dictionary.len() + spare + 1;
    let length = end.next_multiple_of(ALIGNMENT) - PREFIX_BYTES - 1;
    format!("{dictionary:<length$}\n")
}
