//! Files that must not be taken for embeddings, and what people are told.

mod export;
mod labels;
mod mat;
mod npy;

use reid_web::exchange::{read_mat, read_npy};

use crate::exchange::files::file;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// That nothing is read, and that the message contains `expected`.
fn says<T: std::fmt::Debug>(result: Result<T, impl std::fmt::Display>, expected: &str, what: &str) {
    let message = result.map_err(|error| error.to_string()).unwrap_err();
    assert!(message.contains(expected), "{what}: {message}");
}

/// Whatever one byte is changed to, there is a set or a message, and no panic.
#[test]
fn no_single_changed_or_missing_byte_breaks_a_reader() {
    let names = ["mat/baseline.mat", "mat/compressed.mat", "mat/big_endian.mat", "npy/little_f8_F.npy"];
    let read = |name: &str, file: &[u8]| match name.rsplit_once('.') {
        Some((_, "mat")) => read_mat(file).map(drop),
        _ => read_npy(file).map(drop),
    };
    for name in names {
        let whole = file(name);
        for at in 0..whole.len() {
            drop(read(name, &whole[..at]));
            for value in [0, 1, 0x7f, 0x80, 0xff, whole[at] ^ 4] {
                let mut changed = whole.to_vec();
                changed[at] = value;
                drop(read(name, &changed));
            }
        }
    }
}
