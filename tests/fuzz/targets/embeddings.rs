//! Files of embeddings, and whatever else comes: `.mat`, JSON, or `.npy` and, behind the first "\n\n", its labels.
#![no_main]

use reid_web::exchange::read_embeddings;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let split = file.windows(2).position(|two| two == b"\n\n").map_or(file.len(), |at| at + 1);
    let (npy, labels) = file.split_at(split);
    for (ending, bytes, labels) in [("mat", file, None), ("json", file, None), ("npy", npy, Some(labels))] {
        if let Ok(set) = read_embeddings(ending, bytes, labels) {
            assert_eq!(set.embeddings.len(), set.images.len() * set.dim, "{ending}");
            assert!(set.embeddings.iter().all(|value| value.is_finite()), "{ending}");
        }
    }
});
