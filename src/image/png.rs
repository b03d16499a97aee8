//! The chunks of a PNG file.
//!
//! The decoder stops after the pixels, but the orientation may come later.

const SIGNATURE_LENGTH: usize = 8;

/// Whether the file ends with its end chunk.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    chunks(bytes).any(|(kind, _)| kind == *b"IEND")
}

/// The EXIF data, wherever they are in the file.
pub(super) fn exif(bytes: &[u8]) -> Option<&[u8]> {
    chunks(bytes).find_map(|(kind, content)| (kind == *b"eXIf").then_some(content))
}

/// The XMP data with the header of their text chunk; compressed ones are not read.
pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    let is_xmp = |kind, content: &[u8]| kind == *b"iTXt" && content.starts_with(b"XML:com.adobe.xmp\0");
    chunks(bytes).find_map(|(kind, content)| is_xmp(kind, content).then_some(content))
}

/// Kind and content of each chunk up to the end of the file, or to where it is cut off.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes.get(SIGNATURE_LENGTH..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let kind = *rest.get(4..)?.first_chunk()?;
        let content = rest.get(8..)?.get(..length)?;
        rest = &rest[8 + length..];
        rest = rest.get(4..)?; // the checksum
        Some((kind, content))
    })
}
