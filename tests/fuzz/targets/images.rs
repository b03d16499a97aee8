//! Pictures of all formats, and whatever else comes. `tests/fixtures/image/{decode,odd}` are a corpus.
#![no_main]

use reid_web::image::{decode, is_known_format};

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    if let Ok(image) = decode(file) {
        assert!(is_known_format(file));
        assert_eq!(image.pixels.len(), image.width as usize * image.height as usize * 3);
    }
});
