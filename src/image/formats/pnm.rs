//! Samples of a PNM file whose largest value is not 255.

/// From the decoder's samples, scaled to `scale` and rounded, to Pillow's: `round(v / largest · target)`, halves to
/// the even number.
pub(in crate::image) fn rescaled(
    bytes: &[u8],
    samples: impl Iterator<Item = u32>,
    scale: u32,
    target: u32,
) -> Vec<u8> {
    let largest = largest(bytes).unwrap_or(scale).clamp(1, scale);
    let value = |sample: u32| {
        let stored = (u64::from(sample) * u64::from(largest) + u64::from(scale / 2)) / u64::from(scale);
        (stored as f64 / f64::from(largest) * f64::from(target)).round_ties_even().min(255.0) as u8
    };
    samples.map(value).collect()
}

/// The fourth word of the header, or the third of bitmaps, which have none.
fn largest(bytes: &[u8]) -> Option<u32> {
    let without_comments =
        bytes.split(|&byte| byte == b'\n').take(64).map(|line| line.split(|&byte| byte == b'#').next());
    let header: Vec<u8> =
        without_comments.flatten().flat_map(|line| [line, b" "].concat()).take(4096).collect();
    let mut words = header.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let magic = words.next()?;
    if !matches!(magic, b"P2" | b"P3" | b"P5" | b"P6") {
        return None;
    }
    std::str::from_utf8(words.nth(2)?).ok()?.parse().ok()
}
