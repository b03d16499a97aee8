//! Colours of a BMP file of 16 bits per pixel.

/// From the decoder's colours, which it rounds, to Pillow's, which are cut off: `v · 255 / 31` for 5 bits.
///
/// - `pixels`: `[pixels, 3]`
pub(in crate::image) fn cut_as_pillow(bytes: &[u8], pixels: &mut [u8]) {
    let Some(levels) = levels(bytes) else { return };
    for pixel in pixels.as_chunks_mut::<3>().0 {
        for (value, most) in pixel.iter_mut().zip(levels) {
            let level = (u32::from(*value) * most + 127) / 255;
            *value = (level * 255 / most) as u8;
        }
    }
}

/// The largest level of each colour; `None` of other files.
fn levels(bytes: &[u8]) -> Option<[u32; 3]> {
    let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let bits_per_pixel = number(28)? & 0xffff;
    let has_masks = number(14)? >= 40 && number(30)? == 3;
    let most = |mask: u32| (1 << mask.count_ones().min(8)) - 1;
    match (bits_per_pixel, has_masks) {
        (16, false) => Some([31; 3]),
        (16, true) => {
            let levels = [most(number(54)?), most(number(58)?), most(number(62)?)];
            levels.iter().all(|&most| most > 0).then_some(levels)
        }
        _ => None,
    }
}
