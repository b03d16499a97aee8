//! `.mat` files without usable embeddings.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use reid_web::exchange::read_mat;

use crate::exchange::files::file;
use crate::exchange::malformed::says;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn mat_files_without_usable_features_and_labels_are_refused() {
    for (name, expected) in [
        ("other_names", "it holds \"features, labels\", expected query_f and gallery_f"),
        ("no_label", "it holds query_f, but not query_label"),
        ("label_count", "query_label has 3 numbers and query_f 2 rows"),
        ("camera_count", "query_cam has 1 numbers and query_f 2 rows"),
        ("cells", "query_label is a cell array, expected a matrix of numbers"),
        ("text", "query_label is text"),
        ("fractions", "query_label[1] is 2.5, expected a whole number"),
        ("label_matrix", "query_label is 2 × 2, expected one row"),
        ("sparse", "query_f is a sparse matrix"),
        ("complex", "query_f holds complex numbers"),
        ("3d", "query_f has the dimensions [1.0, 2.0, 3.0], expected two"),
        ("widths", "gallery_f has 2 columns, query_f 3"),
        ("nan", "query_f[1]: value 2 of the embedding is NaN"),
        ("zeros", "gallery_f[0]: all values of the embedding are 0"),
        ("no_rows", "there is no embedding in it"),
        ("large", "gallery_f: it holds 1e300"),
        ("version_4", "of version 4, expected version 7: save(…, '-v7')"),
    ] {
        says(read_mat(file(&format!("malformed/{name}.mat"))), expected, name);
    }
}

#[test]
fn mat_files_that_lie_about_themselves_are_refused() {
    let plain = |change: fn(&mut Vec<u8>)| {
        let mut file = file("mat/clip_handid.mat").to_vec();
        change(&mut file);
        file
    };
    let hdf5 = [&[b' '; 512][..], b"\x89HDF\r\n\x1a\n"].concat();
    for (what, file, expected) in [
        ("nothing", vec![], "too short"),
        ("text", b"path,set\n".repeat(20), "does not begin like a file"),
        ("HDF5", hdf5, "version 7.3 (HDF5), expected version 7: save(…, '-v7')"),
        ("cut off", plain(|file| file.truncate(300)), "it is cut off or damaged"),
        ("only its header", plain(|file| file.truncate(128)), "it holds \"\", expected query_f"),
        // The first variable: its length is at 132, flags at 144, rows at 160, the type of the numbers at 192.
        ("a variable too long", plain(|file| file[135] = 0xff), "it is cut off or damaged"),
        ("rows that are not there", plain(|file| file[160] = 6), "gallery_f is 6 × 6, but holds 30 numbers"),
        ("rows below 0", plain(|file| file[160..164].fill(0xff)), "gallery_f has the dimensions [-1.0, 6.0]"),
        (
            "rows beyond counting",
            plain(|file| file[160..168].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f].repeat(2))),
            "gallery_f is 2147483647 × 2147483647, but holds 30 numbers",
        ),
        ("an unknown type", plain(|file| file[192] = 99), "gallery_f is cut off or damaged"),
        ("no flags", plain(|file| file[136] = 1), "the description of a variable is cut off or damaged"),
    ] {
        says(read_mat(&file), expected, what);
    }
}

#[test]
fn compressed_variables_are_not_believed_either() {
    for (what, tag, cut, expected) in [
        (
            "more than is accepted",
            [14, 1 << 31],
            0,
            "a variable has 2147483648 bytes, expected up to 1073741824",
        ),
        (
            "more than there is",
            [14, 1 << 29],
            0,
            "variable does not have the 536870912 bytes that its header states",
        ),
        ("less than there is", [14, 48], 0, "variable does not have the 48 bytes that its header states"),
        ("another type", [9, 56], 0, "a compressed element is not a variable"),
        ("without its checksum", [14, 56], 4, "a compressed variable is cut off or damaged: "),
        ("cut off", [14, 56], 30, "a compressed variable is cut off or damaged: "),
    ] {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&tag.map(u32::to_le_bytes).concat()).unwrap();
        packed.write_all(&file("mat/one_image.mat")[136..192]).unwrap();
        let mut packed = packed.finish().unwrap();
        packed.truncate(packed.len() - cut);
        let mut file = file("mat/clip_handid.mat")[..128].to_vec();
        file.extend([15, packed.len() as u32].map(u32::to_le_bytes).concat());
        file.extend(packed);
        says(read_mat(&file), expected, what);
    }
}
