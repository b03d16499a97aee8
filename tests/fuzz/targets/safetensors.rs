//! Safetensors files: the input is the JSON of the header, then a zero byte and the tensors.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let json = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let length = (json as u64).to_le_bytes();
    reid_web_fuzz::read(&[&length, input].concat());
    // The same bytes with their own idea of a length.
    reid_web_fuzz::read(input);
});
