//! The files of `tests/fixtures/exchange`, as a browser's worker can have them: within the program.

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../fixtures/exchange/", $name)))),*]
    };
}

const FILES: &[(&str, &[u8])] = files![
    "expected.json"
    "malformed/1d.npy"
    "malformed/3d.npy"
    "malformed/archive.npz"
    "malformed/booleans.npy"
    "malformed/complex.npy"
    "malformed/integers.npy"
    "malformed/large.npy"
    "malformed/no_rows.npy"
    "malformed/objects.npy"
    "malformed/records.npy"
    "malformed/scalar.npy"
    "malformed/text.npy"
    "npy/big_f2_C.npy"
    "npy/big_f2_F.npy"
    "npy/big_f4_C.npy"
    "npy/big_f4_F.npy"
    "npy/big_f8_C.npy"
    "npy/big_f8_F.npy"
    "npy/little_f2_C.npy"
    "npy/little_f2_F.npy"
    "npy/little_f4_C.npy"
    "npy/little_f4_F.npy"
    "npy/little_f8_C.npy"
    "npy/little_f8_F.npy"
    "npy/unit_1.npy"
    "npy/unit_103.npy"
    "npy/unit_12.npy"
    "npy/version_2.npy"
    "npy/version_3.npy"
];

/// A file by its path in `tests/fixtures/exchange`.
pub fn file(path: &str) -> &'static [u8] {
    let found = FILES.iter().find(|(name, _)| *name == path);
    found.unwrap_or_else(|| panic!("{path} is not in the list")).1
}
