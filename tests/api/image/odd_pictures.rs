//! Pictures of odd kinds are read as Pillow reads them, or refused for what they are.
//!
//! The fixtures come from `python tests/reference/pictures/make_odd_pictures.py`, which makes 850 more of them for
//! `tests/reference/pictures/compare_pictures.rs`.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use reid_web::Error;
use reid_web::image::{decode, is_known_format};

use crate::image::parity::{File, difference_to_pillow};

/// A file of `tests/fixtures/image/odd/`.
macro_rules! fixture {
    ($($path:expr),*) => {
        include_bytes!(concat!("../../fixtures/image/odd/", $($path),*)).as_slice()
    };
}

/// Files with the RGB pixels that Pillow makes of them.
macro_rules! files {
    ($($name:literal)*) => {
        [$(($name, fixture!($name), fixture!($name, ".png"))),*]
    };
}

/// Files that are cut off.
macro_rules! cut {
    ($($name:literal)*) => {
        [$(($name, fixture!("cut/", $name))),*]
    };
}

/// As `KEPT` in make_odd_pictures.py.
const ODD: [File; 109] = files! {
    "420-separate.jpg" "420-y-cbcr.jpg" "420-ycb-cr.jpg" "422-cbcr-y.jpg" "440-backwards.jpg"
    "411-one-scan.jpg" "410-one-scan.jpg" "24-separate.jpg" "311-one-scan.jpg" "131-small.jpg"
    "mixed-y-cbcr.jpg" "cb-finer-one-scan.jpg" "chroma-finer-restarts.jpg" "chroma-taller-small.jpg"
    "crossed-separate.jpg" "cr-finest-cbcr-y.jpg" "420-1x1.jpg" "420-17x5.jpg" "cb-finer-2x1.jpg"
    "440-3x3.jpg" "colours-jfif-adobe0-123.jpg" "colours-adobe0-123.jpg" "colours-none-RGB.jpg"
    "colours-none-012.jpg" "colours-none-1-34-35.jpg" "colours-adobe0-finer.jpg" "colours-adobe0-y-cbcr.jpg"
    "colours-adobe-late.jpg" "grey-22.jpg" "cmyk-420.jpg" "cmyk-k-finer.jpg" "ycck-440.jpg"
    "ycck-pairs-mixed.jpg" "progressive-420.jpg" "progressive-chroma-finer.jpg" "approximation-optimize.jpg"
    "approximation-arithmetic.jpg" "arithmetic-420.jpg" "arithmetic-restarts.jpg"
    "arithmetic-progressive-cb-finer.jpg" "sequential-pairs-optimize.jpg" "sequential-pairs-arithmetic.jpg"
    "no-huffman-tables.jpg" "no-huffman-tables-separate.jpg" "fill-bytes.jpg" "extended-sequential.jpg"
    "thumbnail.jpg" "second-picture.jpg" "no-end.jpg" "zeroed-end.jpg" "padded-with-zeros.jpg"
    "padded-with-ff.jpg" "half-end.jpg" "exif-type-3-big.jpg" "exif-type-4-little.jpg" "exif-type-5-big.jpg"
    "exif-type-6-little.jpg" "exif-type-9-big.jpg" "exif-type-11-little.jpg" "exif-type-12-big.jpg"
    "exif-type-1-little.jpg" "exif-type-2-little.jpg" "exif-type-7-big.jpg" "exif-type-3-count-2.jpg"
    "exif-value-9.jpg" "exif-two-blocks.jpg" "exif-two-blocks-first-broken.jpg" "exif-two-xmp.jpg"
    "exif-xmp-and-exif-1.jpg" "exif-xmp-and-exif-without.jpg" "exif-type-4.png" "exif-type-9-late.png"
    "exif-with-prefix.png" "two-exif.png" "raw-profile.png" "xmp-compressed.png" "xmp-and-exif-1.png"
    "grey-16-key.png" "exif-type-4.webp" "exif-prefix.webp" "xmp.webp" "lossy-15x17.webp" "palette-1.tiff"
    "palette-2-tiles.tiff" "palette-4-big-endian.tiff" "palette-8-deflate.tiff" "palette-alpha.tiff"
    "cmyk.tiff" "cmyk-planar.tiff" "cmyk-16.tiff" "cmyk-and-alpha-predicted.tiff" "rgb-big.tiff" "grey-2.tiff"
    "white-is-zero-4.tiff" "white-is-zero-16.tiff" "rgb-premultiplied.tiff" "rgbx-tiles.tiff"
    "orientation-long.tiff" "orientation-big.tiff" "orientation-twice.tiff" "ycc-420-jpeg-tiles.tiff"
    "rgb-jpeg-strips.tiff" "ycc-422-jpeg-big.tiff" "grey-jpeg-big-endian.tiff" "jpeg.tiff"
    "555-masks.bmp"
    "frame-10-5-20-15-5-local.gif" "grey-100.pgm" "ascii-1000.ppm"
};

/// Of some the end is missing, others have an end marker or zeros instead.
const CUT: [(&str, &[u8]); 29] = cut! {
    "cut-420-75-eoi.jpg" "cut-420-75-zeros-eoi.jpg" "cut-420-75-zeros.jpg" "cut-420-75.jpg"
    "cut-420-zeroed.jpg" "cut-arithmetic-75-eoi.jpg" "cut-arithmetic-75-zeros-eoi.jpg"
    "cut-arithmetic-75-zeros.jpg" "cut-arithmetic-75.jpg" "cut-arithmetic-97-eoi.jpg"
    "cut-arithmetic-97-zeros-eoi.jpg" "cut-arithmetic-97-zeros.jpg" "cut-arithmetic-97.jpg"
    "cut-last-progressive-scan-eoi.jpg"
    "cut-last-scan-eoi.jpg" "cut-progressive-75-eoi.jpg" "cut-progressive-75-zeros-eoi.jpg"
    "cut-progressive-75-zeros.jpg" "cut-progressive-75.jpg" "cut-restarts-75-eoi.jpg"
    "cut-restarts-75-zeros-eoi.jpg" "cut-restarts-75-zeros.jpg" "cut-restarts-75.jpg"
    "cut-restarts-zeroed.jpg" "cut-separate-75-eoi.jpg" "cut-separate-75-zeros-eoi.jpg"
    "cut-separate-75-zeros.jpg" "cut-separate-75.jpg" "cut-separate-zeroed.jpg"
};

#[test]
fn odd_pictures_have_the_pixels_of_pillow() {
    for file in ODD {
        assert_eq!(difference_to_pillow(file), (0, 0.0), "{}", file.0);
    }
}

#[test]
fn a_jpeg_of_which_blocks_or_scans_are_missing_is_refused_whatever_its_end() {
    for (name, file) in CUT {
        let error = decode(file).err().unwrap_or_else(|| panic!("{name} is read"));
        assert!(matches!(error, Error::CutOffImage { .. } | Error::ImageDecoding { .. }), "{name}: {error}");
        assert!(error.to_string().contains("cut off"), "{name}: {error}");
    }
}

/// Start of a frame header: marker, length, bits, height, width, components.
fn frame(process: u8, bits: u8, height: u16, width: u16, components: u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8, 0xff, process, 0, 8 + 3 * components, bits];
    file.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
    file.push(components);
    (1..=components).for_each(|id| file.extend([id, 0x11, 0]));
    file
}

#[test]
fn jpeg_kinds_that_are_not_read_are_named() {
    for (file, reason) in [
        (frame(0xc1, 12, 8, 8, 3), "12 bits, expected 8"),
        (frame(0xc0, 8, 8, 8, 2), "2 colour components, expected 1, 3 or 4"),
        (frame(0xc0, 8, 0, 8, 3), "its height is not in its header"),
        (frame(0xc3, 8, 8, 8, 3), "losslessly"),
        (frame(0xc5, 8, 8, 8, 3), "hierarchically"),
        (frame(0xf7, 8, 8, 8, 3), "JPEG-LS"),
    ] {
        let error = decode(&file).unwrap_err();
        assert!(matches!(error, Error::UnsupportedImage { format: "JPEG", .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_jpeg_of_more_than_100_megapixels_is_refused_by_its_header() {
    for process in [0xc0, 0xc2, 0xc9] {
        let error = decode(&frame(process, 8, 10_001, 10_000, 3)).unwrap_err();
        assert!(matches!(error, Error::TooManyPixels { width: 10_000, height: 10_001 }), "{error}");
    }
}

#[test]
fn a_png_of_more_than_100_megapixels_is_refused_by_its_header() {
    let side = 60_000_u32;
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let chunk = |kind: &[u8], content: &[u8]| {
        let named = [kind, content].concat();
        [&(content.len() as u32).to_be_bytes()[..], &named, &crc32(&named).to_be_bytes()].concat()
    };
    let file =
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", b""), chunk(b"IEND", b"")]
            .concat();
    let error = decode(&file).unwrap_err();
    assert!(matches!(error, Error::TooManyPixels { width: 60_000, height: 60_000 }), "{error}");
}

/// The checksum of PNG.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

/// An ISO media file's first box.
fn media(brands: &[u8]) -> Vec<u8> {
    let length = (brands.len() + 8) as u32;
    [&length.to_be_bytes()[..], b"ftyp", brands, &[0; 40]].concat()
}

/// A TIFF file whose directory has these entries of one 32-bit number.
fn tiff(entries: &[(u16, u32)]) -> Vec<u8> {
    let mut file = [b"II*\0".as_slice(), &8u32.to_le_bytes(), &(entries.len() as u16).to_le_bytes()].concat();
    for (tag, value) in entries {
        file.extend([tag.to_le_bytes(), 4u16.to_le_bytes()].concat());
        file.extend([1u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file
}

#[test]
fn formats_that_are_not_read_are_named_with_what_to_do() {
    let cases: [(Vec<u8>, &str, &str); 22] = [
        (media(b"heic\0\0\0\0mif1heic"), "a HEIC photo", "save it as JPEG"),
        (media(b"mif1\0\0\0\0mif1heic"), "a HEIC photo", "save it as JPEG"),
        (media(b"mif1\0\0\0\0mif1miaf"), "a HEIF picture", "save it as JPEG"),
        (media(b"avif\0\0\0\0avifmif1miaf"), "an AVIF picture", "save it as JPEG"),
        (media(b"mif1\0\0\0\0mif1avif"), "an AVIF picture", "save it as JPEG"),
        (media(b"isom\0\0\x02\0isomiso2avc1mp41"), "an MP4 video", "frames"),
        (media(b"qt  \0\0\0\0qt  "), "a QuickTime video", "frames"),
        (media(b"crx \0\0\0\x01crx isom"), "a camera RAW photo", "export it as JPEG"),
        (b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0".to_vec(), "a camera RAW photo", "export it as JPEG"),
        (tiff(&[(254, 1), (330, 99)]), "a camera RAW photo", "export it as JPEG"),
        (tiff(&[(254, 0), (50_706, 1025)]), "a camera RAW photo", "export it as JPEG"),
        (b"\0\0\0\x0cjP  \r\n\x87\n".to_vec(), "a JPEG 2000 picture", "save it as JPEG"),
        (b"\xff\x4f\xff\x51\0\x2f".to_vec(), "a JPEG 2000 picture", "save it as JPEG"),
        (b"\0\0\0\x0cJXL \r\n\x87\n".to_vec(), "a JPEG XL picture", "save it as JPEG"),
        (b"\xff\x0a\xfa\x1f".to_vec(), "a JPEG XL picture", "save it as JPEG"),
        (b"8BPS\0\x01".to_vec(), "a Photoshop document", "save it as JPEG"),
        (b"%PDF-1.7".to_vec(), "a PDF document", "pictures"),
        (b"<?xml version=\"1.0\"?>\n<svg>".to_vec(), "an SVG drawing", "save it as PNG"),
        (b"\0\0\x01\0\x02\0\x10\x10".to_vec(), "an icon (ICO)", "save it as PNG"),
        (b"\n<!DOCTYPE html><title>404</title>".to_vec(), "a web page", "fetch"),
        (b"version https://git-lfs.github.com/spec/v1\noid".to_vec(), "a Git LFS pointer", "git lfs pull"),
        (b"PK\x03\x04\x14\0".to_vec(), "a ZIP archive", "unpack"),
    ];
    for (file, what, advice) in cases {
        let error = decode(&file).unwrap_err();
        assert!(matches!(error, Error::ForeignImageFormat { .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("this is {what}")) && text.contains(advice), "{text}");
    }
}

#[test]
fn tiff_colours_and_storage_that_are_not_read_are_named() {
    let (rgb, inverted) = (fixture!("rgbx-tiles.tiff"), "the bits of its bytes are in reverse order");
    for (from, to, reason) in [
        // BitsPerSample becomes FillOrder 2.
        ([0x02, 0x01, 3, 0], [0x0a, 0x01, 3, 0], inverted),
        // PhotometricInterpretation becomes another tag.
        ([0x06, 0x01, 3, 0], [0x07, 0x01, 3, 0], "does not say what its colours are"),
    ] {
        let at = rgb.windows(4).position(|window| window == from).unwrap();
        let mut file = rgb.to_vec();
        file[at..at + 4].copy_from_slice(&to);
        if reason == inverted {
            file[at + 4..at + 12].copy_from_slice(&[1, 0, 0, 0, 2, 0, 0, 0]);
        }
        let error = decode(&file).unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains("TIFF"), "{error}");
    }
}

#[test]
fn both_sizes_of_tiff_are_known_and_cameras_files_are_not() {
    assert!(is_known_format(b"II+\0\x08\0\0\0"));
    assert!(is_known_format(b"MM\0+\0\x08\0\0"));
    assert!(!is_known_format(b"II*\0\x10\0\0\0CR\x02\0"));
}
