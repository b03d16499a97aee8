//! Torch archives and legacy torch files, and whatever else comes.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| reid_web_fuzz::read(file));
