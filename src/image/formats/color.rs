//! Colours that are none of red, green and blue.

/// From four inks, 255 for all of each.
///
/// Source: Pillow 13 `src/libImaging/Convert.c`, `cmyk2rgb`.
pub(in crate::image) fn cmyk_to_rgb([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let light = 255 - black;
    [cyan, magenta, yellow].map(|ink| light - product(ink, light))
}

/// a · b / 255, rounded.
fn product(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    (((product >> 8) + product) >> 8) as u8
}
