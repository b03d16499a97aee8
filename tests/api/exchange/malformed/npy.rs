//! Files that are no `.npy` file of embeddings.

use reid_web::exchange::{ImportedSet, read_npy};

use crate::exchange::files::file;
use crate::exchange::malformed::says;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// numpy's own file of 5 × 3 numbers, changed.
fn changed(change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut file = file("npy/little_f4_C.npy").to_vec();
    change(&mut file);
    file
}

/// The same with another shape in its header.
fn reshaped(shape: &str) -> Vec<u8> {
    changed(|file| {
        let at = file.windows(6).position(|bytes| bytes == b"(5, 3)").unwrap();
        file.splice(at..at + 6, shape.bytes());
        file.drain(127..121 + shape.len()); // spaces
    })
}

#[test]
fn arrays_that_are_no_matrix_of_floating_point_are_refused() {
    for (name, expected) in [
        ("1d.npy", "1 dimensions, [3], expected 2"),
        ("3d.npy", "3 dimensions, [1, 2, 3]"),
        ("scalar.npy", "0 dimensions"),
        ("no_rows.npy", "empty, 0 × 3"),
        ("integers.npy", "whole numbers (<i8)"),
        ("booleans.npy", "true and false (|b1)"),
        ("complex.npy", "complex numbers (<c8)"),
        ("text.npy", "text (<U4)"),
        ("records.npy", "records ([('path', '<U4')"),
        ("objects.npy", "Python objects (a pickle)"),
        ("archive.npz", ".npz archive; save the embeddings alone"),
        ("large.npy", "it holds 1e300; 32-bit floating point holds up to 3.4"),
    ] {
        says(read_npy(file(&format!("malformed/{name}"))), expected, name);
    }
}

#[test]
fn npy_files_that_lie_about_themselves_are_refused() {
    for (what, file, expected) in [
        ("nothing", vec![], "it is empty"),
        ("text", b"path,set\n".to_vec(), "does not begin as numpy.save writes"),
        ("only the magic", changed(|file| file.truncate(6)), "cut off in its header, after 6 bytes"),
        ("half a header", changed(|file| file.truncate(60)), "cut off in its header, after 60 bytes"),
        ("a version to come", changed(|file| file[6] = 4), "version 4, expected 1, 2 or 3"),
        ("no text", changed(|file| file[20] = 0xff), "header is not text"),
        ("another dictionary", changed(|file| file[10] = b'['), "its header is \"['descr'"),
        ("cut off", changed(|file| file.truncate(180)), "that is 60; 52 bytes follow"),
        ("more at the end", changed(|file| file.push(0)), "that is 60; 61 bytes follow"),
        ("more rows than there are", reshaped("(6, 3)"), "6 × 3 numbers of 4 bytes, that is 72; 60 bytes"),
        ("overflow", reshaped("(9999999999, 9999999999)"), "more than any computer has"),
        ("overflow by the bytes", reshaped("(4294967296, 1073741824)"), "more than any computer has"),
        ("overflow to 0", reshaped("(4294967296, 4294967296)"), "more than any computer has"),
    ] {
        says(read_npy(&file), expected, what);
    }
}

#[test]
fn embeddings_and_labels_that_do_not_belong_together_are_refused() {
    let npy = file("npy/little_f4_C.npy");
    let replaced = |row: [f32; 3]| {
        changed(|file| {
            file.splice(128 + 3 * 12..128 + 4 * 12, row.iter().flat_map(|value| value.to_le_bytes()));
        })
    };
    let labels = b"path\na\nb\n\"c\nd\"\ne\nf\n";
    for (what, npy, labels, expected) in [
        ("a label too few", npy.to_vec(), &b"path\na\nb\nc\nd\n"[..], "5 embeddings for 4 rows of labels"),
        (
            "NaN",
            replaced([0.0, f32::NAN, 1.0]),
            labels,
            "e (line 6 of the CSV): value 1 of the embedding is NaN",
        ),
        (
            "infinity",
            replaced([f32::INFINITY, 0.0, 1.0]),
            labels,
            "e (line 6 of the CSV): value 0 of the embedding is inf",
        ),
        (
            "zeros",
            replaced([0.0, -0.0, 0.0]),
            labels,
            "e (line 6 of the CSV): all values of the embedding are 0",
        ),
    ] {
        says(ImportedSet::from_npy_and_csv(&npy, labels), expected, what);
    }
}
