//! What must hold for every file, whatever is in it.

use reid_web::weights::{Header, HeaderReader};

/// Reads a file by ranges, as the page does.
///
/// # Panics
///
/// If what is wanted or found does not lie in the file, or reading does not come to an end.
pub fn read(file: &[u8]) {
    let mut reader = HeaderReader::new(file.len() as u64);
    let mut ranges = 0;
    while let Some(range) = reader.next() {
        assert!(range.start < range.end && range.end <= file.len() as u64, "{range:?} of {}", file.len());
        if reader.give(&file[range.start as usize..range.end as usize]).is_err() {
            return;
        }
        ranges += 1;
        assert!(ranges < 64, "still wants {:?}", reader.next());
    }
    if let Ok(header) = reader.finish() {
        check(&header, file);
    }
}

/// A header's tensors lie in their file, and can be copied into one of their own.
fn check(header: &Header, file: &[u8]) {
    for tensor in &header.tensors {
        let bytes = &tensor.bytes;
        assert!(bytes.start <= bytes.end && bytes.end <= file.len() as u64, "{tensor:?} in {}", file.len());
    }
    let names: Vec<&str> = header.tensors.iter().map(|tensor| tensor.name.as_str()).take(64).collect();
    let subset = header.subset(&names);
    let length: u64 = subset.blocks.iter().map(|block| block.end - block.start).sum();
    let copy =
        Header::parse(&subset.header, subset.header.len() as u64 + length).expect("a subset is a file");
    assert!(copy.tensors.iter().all(|tensor| names.contains(&tensor.name.as_str())));
    assert_eq!(copy.tensors.len(), names.len());
}
