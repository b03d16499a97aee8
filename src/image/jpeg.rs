//! Whether a JPEG file is whole.

const SOS: u8 = 0xda;
const EOI: u8 = 0xd9;

/// Whether the first image of the file has its end-of-image marker.
///
/// Walks over the segments by their length, so the end of an embedded thumbnail does not count.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default(); // after the start-of-image marker
    while let Some(position) = next_marker(rest) {
        let marker = rest[position + 1];
        rest = &rest[position + 2..];
        match marker {
            EOI => return true,
            0x01 | 0xd0..=0xd8 => (),
            _ => {
                let Some(&[high, low]) = rest.first_chunk() else {
                    return false;
                };
                let length = usize::from(u16::from_be_bytes([high, low]));
                let Some(after) = rest.get(length..) else {
                    return false;
                };
                rest = if marker == SOS { after_scan(after) } else { after };
            }
        }
    }
    false
}

/// Position of the next 0xff that is neither a fill byte nor stuffed.
fn next_marker(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff))
}

/// What follows the entropy-coded data; restart markers belong to it.
fn after_scan(bytes: &[u8]) -> &[u8] {
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    let end = bytes.windows(2).position(is_end).unwrap_or(bytes.len());
    &bytes[end..]
}
