//! From the colours of a JPEG file to RGB.

use libjpeg_turbo_rs::ColorSpace;

use crate::image::formats::color::cmyk_to_rgb;

/// `[pixels, channels]` → `[pixels, 3]`
///
/// Four channels are inverted, as Adobe's programs write them and Pillow reads them.
pub(super) fn to_rgb(samples: &[u8], channels: usize, space: ColorSpace) -> Vec<u8> {
    match (channels, space) {
        (1, _) => samples.iter().flat_map(|&grey| [grey; 3]).collect(),
        (3, ColorSpace::Rgb) => samples.to_vec(),
        (3, _) => samples.as_chunks().0.iter().flat_map(|&pixel| ycc_to_rgb(pixel)).collect(),
        (_, ColorSpace::Ycck) => samples.as_chunks().0.iter().flat_map(|&pixel| ycck_to_rgb(pixel)).collect(),
        _ => samples.as_chunks().0.iter().flat_map(|&inks| cmyk_to_rgb(inks.map(|ink| 255 - ink))).collect(),
    }
}

/// Source: libjpeg-turbo 3.1 `src/jdcolor.c`, `build_ycc_rgb_table` and `ycc_rgb_convert`.
fn ycc_to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let [y, cb, cr] = [i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128];
    let red = y + ((91_881 * cr + HALF) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let blue = y + ((116_130 * cb + HALF) >> 16);
    [red, green, blue].map(|value| value.clamp(0, 255) as u8)
}

/// The inks are what is missing to white, and stored inverted.
fn ycck_to_rgb([y, cb, cr, black]: [u8; 4]) -> [u8; 3] {
    let [red, green, blue] = ycc_to_rgb([y, cb, cr]);
    cmyk_to_rgb([red, green, blue, 255 - black])
}
