//! Decoding and preprocessing equal Pillow and transformers.
//!
//! The fixtures come from `python tests/reference/pictures/make_image_fixtures.py`; their versions are in
//! `tests/fixtures/image/versions.json`.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use reid_web::Error;
use reid_web::image::{Preprocessor, RgbImage, decode, is_known_format};

/// A file of `tests/fixtures/image/`.
macro_rules! fixture {
    ($($path:expr),*) => {
        include_bytes!(concat!("../../fixtures/image/", $($path),*)).as_slice()
    };
}

/// Files of `decode/`: name, bytes, the RGB pixels that Pillow makes of them as a PNG.
macro_rules! files {
    ($($name:literal)*) => {
        [$(($name, fixture!("decode/", $name), fixture!("decode/", $name, ".png"))),*]
    };
}

/// Name, bytes, expected pixels as PNG.
pub(crate) type File = (&'static str, &'static [u8], &'static [u8]);

/// Files that decode to Pillow's pixels, all of them.
const EQUAL: [File; 84] = files! {
    "black-white.png" "exif-6.png" "exif-6-at-the-end.png" "grey-16-bits-transparent.png" "grey-16-bits.png"
    "grey-alpha-16-bits.png" "grey-alpha.png" "grey-transparent.png" "grey.png" "interlaced.png"
    "palette-4-bits.png" "palette-transparent.png" "palette.png" "rgb-16-bits.png"
    "rgb-transparent.png" "rgb.png" "rgba-16-bits.png" "rgba.png" "xmp-8.png"
    "17x9.jpg" "1x1.jpg" "420-quality-40.jpg" "420.jpg" "422.jpg" "444.jpg" "9x17.jpg" "cmyk.jpg" "exif-1.jpg"
    "exif-2.jpg" "exif-3.jpg" "exif-4.jpg" "exif-5.jpg" "exif-6.jpg" "exif-7.jpg" "exif-8.jpg"
    "grey.jpg" "progressive.jpg" "restarts.jpg" "xmp-6.jpg" "ycck.jpg"
    "animated.webp" "exif-8.webp" "lossless-alpha.webp" "lossless.webp" "lossy-alpha.webp" "lossy.webp"
    "animated.gif" "full.gif" "interlaced.gif" "palette.gif" "partial-local.gif"
    "partial-transparent.gif" "partial.gif" "transparent.gif"
    "565.bmp" "black-white.bmp" "grey.bmp" "palette.bmp" "rgb.bmp" "rgba.bmp" "top-down.bmp"
    "big-endian.tiff" "black-white.tiff" "cmyk.tiff" "deflate.tiff" "grey-16-bits.tiff" "grey.tiff" "lzw.tiff"
    "orientation-5.tiff" "packbits.tiff" "rgb-16-bits.tiff" "rgb.tiff" "rgba.tiff"
    "ascii.pbm" "ascii.pgm" "ascii.ppm" "black-white.pbm" "grey-16-bits.pgm" "grey.pgm"
    "maxval-100.ppm" "maxval-1000.pgm" "maxval-1000.ppm"
    "rgb-16-bits.ppm" "rgb.ppm"
};

/// Decodes a file and compares with Pillow: the largest and the mean absolute difference.
pub(crate) fn difference_to_pillow((name, file, expected): File) -> (u8, f64) {
    let image = decode(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    difference(name, &image, expected)
}

fn difference(name: &str, image: &RgbImage, expected: &[u8]) -> (u8, f64) {
    let expected = image::load_from_memory(expected).unwrap().to_rgb8();
    assert_eq!((image.width, image.height), expected.dimensions(), "{name}");
    let differences = image.pixels.iter().zip(expected.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences.clone().map(u64::from).sum();
    (differences.max().unwrap(), sum as f64 / image.pixels.len() as f64)
}

#[test]
fn files_decode_to_the_pixels_of_pillow() {
    for file in EQUAL {
        assert_eq!(difference_to_pillow(file), (0, 0.0), "{}", file.0);
    }
}

/// A triangle wave from 0 to 255 and back, 2 · half long.
fn wave(t: i64, half: i64) -> i64 {
    (t % (2 * half) - half).abs() * 255 / half
}

/// `scene` of make_image_fixtures.py.
fn scene(width: u32, height: u32) -> RgbImage {
    let (w, h) = (i64::from(width), i64::from(height));
    let side = w.min(h);
    let pixel = |x: i64, y: i64| {
        let channels = [wave(3 * x + y, 255), wave(x + 2 * y, 90), ((x / 5) ^ (y / 7)) * 29 % 256];
        let disc = (2 * x - w).pow(2) + (2 * y - h).pow(2) < side * side / 2;
        channels.map(|value| if disc { 255 - value as u8 } else { value as u8 })
    };
    let pixels = (0..h).flat_map(|y| (0..w).flat_map(move |x| pixel(x, y))).collect();
    RgbImage::new(width, height, pixels).unwrap()
}

/// Name of an expected image in `resize/`, size of the scene, configuration, side or height and width of the output.
macro_rules! resizes {
    (@size $side:literal) => { [$side, $side] };
    (@size $pair:tt) => { $pair };
    ($($name:literal $width:literal $height:literal $json:literal $size:tt;)*) => {
        [$(($name, $width, $height, $json, resizes!(@size $size), fixture!("resize/", $name, ".png"))),*]
    };
}

type Resized = (&'static str, u32, u32, &'static str, [u32; 2], &'static [u8]);

/// As `RESIZES` in make_image_fixtures.py, where `{}` stands for the defaults.
const RESIZES: [Resized; 27] = resizes! {
    "1x1" 1 1 r#"{"do_resize": true}"# 64;
    "1x5000" 1 5000 r#"{"do_resize": true}"# 224;
    "5000x1" 5000 1 r#"{"do_resize": true}"# 64;
    "2x3" 2 3 r#"{"do_resize": true}"# 64;
    "223x224" 223 224 r#"{"do_resize": true}"# 224;
    "225x223" 225 223 r#"{"do_resize": true}"# 224;
    "64x64" 64 64 r#"{"do_resize": true}"# 64;
    "66x63" 66 63 r#"{"do_resize": true}"# 64;
    "67x64" 67 64 r#"{"do_resize": true}"# 64;
    "64x67" 64 67 r#"{"do_resize": true}"# 64;
    "640x480" 640 480 r#"{"do_resize": true}"# 224;
    "333x500" 333 500 r#"{"do_resize": true}"# 63;
    "4000x3000" 4000 3000 r#"{"do_resize": true}"# 224;
    "3000x4000" 3000 4000 r#"{"do_resize": true}"# 96;
    "squash" 500 333 r#"{"size": {"height": 64, "width": 64}, "do_center_crop": false}"# 64;
    "rectangle" 97 230 r#"{"size": {"height": 64, "width": 32}, "do_center_crop": false}"# [64, 32];
    "rectangle-cut" 97 230 r#"{"size": 64, "crop_size": {"height": 64, "width": 31}}"# [64, 31];
    "tall" 61 400 r#"{"size": {"shortest_edge": 40}, "crop_size": 40}"# 40;
    "tall-up" 20 200 r#"{"size": {"height": 90, "width": 64}, "do_center_crop": false}"# [90, 64];
    "larger" 300 201 r#"{"size": 77, "crop_size": {"height": 64, "width": 64}}"# 64;
    "smaller" 61 80 r#"{"size": {"shortest_edge": 47}, "crop_size": 64}"# 64;
    "unresized" 71 40 r#"{"do_resize": false, "crop_size": 64}"# 64;
    "bilinear" 200 301 r#"{"resample": 2}"# 64;
    "bilinear-up" 20 31 r#"{"resample": 2}"# 64;
    "lanczos" 200 301 r#"{"resample": 1}"# 64;
    "lanczos-up" 20 31 r#"{"resample": 1}"# 64;
    "box" 200 301 r#"{"resample": 4}"# 64;
};

#[test]
fn resized_pixels_are_those_of_pillow() {
    for (name, width, height, json, size, expected) in RESIZES {
        let preprocessor = Preprocessor::from_json(json, size).unwrap();
        let pixels = preprocessor.pixels(&scene(width, height));
        assert_eq!(difference(name, &pixels, expected), (0, 0.0), "{name}");
    }
}

/// The encoder's input for scene(67, 32) is the expected one, within the last bits of f32.
fn assert_pixel_values(json: &str, expected: &[u8]) {
    let found = Preprocessor::from_json(json, [32, 32]).unwrap().preprocess(&scene(67, 32));
    let expected: Vec<_> = expected.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} {expected}");
    }
}

#[test]
fn encoder_input_is_that_of_transformers() {
    let expected = fixture!("pixel_values/transformers.f32");
    assert_pixel_values(r#"{"do_resize": true}"#, expected);
    assert_pixel_values(r#"{"size": 32, "crop_size": 32, "resample": 3}"#, expected);
    let objects = r#"{"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32},
        "do_normalize": true, "image_processor_type": "CLIPImageProcessor", "do_rescale": null}"#;
    assert_pixel_values(objects, expected);

    let half = r#"{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}"#;
    assert_pixel_values(half, fixture!("pixel_values/half.f32"));
    assert_pixel_values(r#"{"do_resize": true, "do_rescale": false}"#, fixture!("pixel_values/unscaled.f32"));
    let unnormalized = r#"{"do_normalize": false, "rescale_factor": 0.01}"#;
    assert_pixel_values(unnormalized, fixture!("pixel_values/unnormalized.f32"));
}

#[test]
fn encoder_input_with_an_open_clip_configuration_is_that_of_openai_clip() {
    let expected = fixture!("pixel_values/openai.f32");
    assert_pixel_values(r#"{"model_cfg": {}, "preprocess_cfg": {}}"#, expected);
    let complete = r#"{"preprocess_cfg": {"size": [32, 32], "mode": "RGB", "resize_mode": "shortest",
        "interpolation": "bicubic", "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711]}}"#;
    assert_pixel_values(complete, expected);
}

#[test]
fn broken_files_are_errors_and_never_half_pictures() {
    let error = decode(fixture!("broken/page.html")).unwrap_err();
    assert!(matches!(error, Error::ForeignImageFormat { what: "a web page", .. }), "{error}");
    let error = decode(b"no picture at all").unwrap_err();
    assert!(matches!(error, Error::UnknownImageFormat(_)), "{error}");
    assert!(error.to_string().contains("\"no picture at al\""), "{error}");
    for half in [fixture!("broken/half.jpg"), fixture!("broken/half.png")] {
        assert!(matches!(decode(half), Err(Error::CutOffImage { .. })));
    }
    let error = decode(fixture!("broken/half-progressive.jpg")).unwrap_err();
    assert!(error.to_string().contains("cut off: scans with its details are missing"), "{error}");
    let flipped_bit = decode(fixture!("broken/flipped-bit.png"));
    assert!(matches!(flipped_bit, Err(Error::ImageDecoding { .. })));
}

#[test]
fn a_cut_off_file_is_an_error_or_the_whole_picture() {
    // A number written in digits can lose one unseen.
    for (name, file, _) in EQUAL.into_iter().filter(|(name, ..)| !name.starts_with("ascii")) {
        assert!(is_known_format(file), "{name}");
        assert!(decode(&file[..file.len() / 6]).is_err(), "{name}");
        let whole = decode(file).unwrap();
        for twentieth in 1..20 {
            let cut = &file[..file.len() * twentieth / 20];
            assert!(decode(cut).map_or(true, |image| image == whole), "{name} {twentieth}/20");
        }
    }
}

#[test]
fn no_damage_to_a_file_makes_decoding_panic() {
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    for (_, file, _) in EQUAL {
        for _ in 0..20 {
            let mut damaged = file.to_vec();
            for _ in 0..=random(4) {
                let beginning = if random(2) == 0 { file.len().min(64) } else { file.len() };
                damaged[random(beginning)] = random(256) as u8;
            }
            damaged.truncate(if random(3) == 0 { random(file.len()) } else { file.len() });
            let _ = decode(&damaged);
        }
    }
}
