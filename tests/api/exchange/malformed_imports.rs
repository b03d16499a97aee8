//! Files that must not be taken for embeddings, and what people are told.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use reid_web::exchange::{ImportedSet, read_export, read_labels, read_mat, read_npy};

use crate::exchange::files::file;

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

fn says<T: std::fmt::Debug>(result: Result<T, impl std::fmt::Display>, expected: &str, what: &str) {
    let message = result.map_err(|error| error.to_string()).unwrap_err();
    assert!(message.contains(expected), "{what}: {message}");
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
fn tables_that_are_no_labels_are_refused_by_line() {
    let utf16: Vec<u8> = "\u{feff}path\tset\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (what, csv, expected) in [
        ("nothing", &b""[..], "line 1 of the CSV: no column is named path; the columns are \"\""),
        (
            "no header",
            b"a.jpg,query,1\n",
            "line 1 of the CSV: no column is named path; the columns are \"a.jpg, query, 1\"",
        ),
        ("other columns", b"file;label\na.jpg;1\n", "the columns are \"file, label\", expected path"),
        (
            "other columns and no identity",
            b"Path,pid,camid,set\na.jpg,1,2,query\n",
            "line 1 of the CSV: no column is named identity, and nothing is known of pid, camid; expected path, and",
        ),
        ("UTF-16", &utf16, "line 1 of the CSV: the text is UTF-16, expected UTF-8"),
        ("Latin-1", b"path\r\na.jpg\r\nS\xfcd.jpg\r\n", "line 3 of the CSV: the text is not in UTF-8"),
        ("a column twice", b"path,set,Path\n", "line 1 of the CSV: two columns are named path"),
        (
            "a cell too few",
            b"path,set\r\na.jpg,query\r\nb.jpg\r\n",
            "line 3 of the CSV: it has 1 cells, the first line 2",
        ),
        (
            "a comma without quotes",
            b"path,set\na, b.jpg,query\n",
            "line 2 of the CSV: it has 3 cells, the first line 2",
        ),
        (
            "a quote never closed",
            b"path,set\n\"a.jpg,query\nb.jpg,query\n",
            "line 2 of the CSV: a quote has no partner",
        ),
        (
            "an unknown set",
            b"path,set\n\"a\nb\",query\nc,train\n",
            "line 4 of the CSV: its set is \"train\", expected query, gallery or nothing",
        ),
        ("no path", b"path,identity\na.jpg,1\n,2\n", "line 3 of the CSV: its path is empty"),
        (
            "a path twice",
            b"path,set\r\na,query\r\n\r\na,gallery\r\na,query\r\n",
            "line 5 of the CSV: \"a\" appears twice, first in line 2",
        ),
    ] {
        says(read_labels(csv), expected, what);
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

#[test]
fn json_that_is_no_export_is_refused() {
    for (what, json, expected) in [
        ("nothing", "", "not an export of embeddings: EOF"),
        ("another file of the page", r#"{"model":{},"perQuery":[]}"#, "missing field `images`"),
        ("no images", r#"{"images":[]}"#, "there is no embedding in it"),
        (
            "cut off",
            "{\"images\":[\n{\"path\":\"a\",\"embedding\":[1,0",
            "EOF while parsing a list at line 2 column 28",
        ),
        ("no path", r#"{"images":[{"embedding":[1]}]}"#, "missing field `path`"),
        (
            "an unknown set",
            r#"{"images":[{"path":"a","set":"train"}]}"#,
            "unknown variant `train`, expected `query` or `gallery`",
        ),
        (
            "NaN",
            r#"{"images":[{"path":"a","embedding":[1,null]}]}"#,
            "a (image 1 of the export): value 1 of the embedding is NaN",
        ),
        ("no values", r#"{"images":[{"path":"a","embedding":[]}]}"#, "there is no embedding in it"),
        (
            "two lengths",
            r#"{"images":[{"path":"a","embedding":[1]},{"path":"b","embedding":[1,0]}]}"#,
            "the embedding of b has 2 values, expected 1",
        ),
    ] {
        says(read_export(json.as_bytes()), expected, what);
    }
}

#[test]
fn images_that_an_export_has_twice_are_refused() {
    let image = |path: &str, set: &str, content: &str| {
        format!(r#"{{"path": "{path}", "set": {set}, "content": {content}, "embedding": [1, 0]}}"#)
    };
    let export = |images: &[String]| format!(r#"{{"images": [{}]}}"#, images.join(","));
    let hash = |digit: &str| format!("\"{}\"", digit.repeat(64));
    let (query, gallery, none, a, b) = (r#""query""#, r#""gallery""#, "null", hash("a"), hash("b"));
    let other = image("other.jpg", query, none);
    for (set, first, again) in
        [(query, none, none), (gallery, &a, &a), (none, none, none), (query, &a, none), (query, none, &a)]
    {
        let export = export(&[image("a.jpg", set, first), other.clone(), image("a.jpg", set, again)]);
        let expected = r#""a.jpg" appears twice in one set, as images 1 and 3 of the export"#;
        says(read_export(export.as_bytes()), expected, &export);
    }
    for (image_0, image_1) in [
        (image("a.jpg", query, none), image("a.jpg", gallery, none)),
        (image("a.jpg", query, &a), image("a.jpg", gallery, &a)),
        (image("a.jpg", query, &a), image("a.jpg", query, &b)),
        (image("a.jpg", query, &a), image("b.jpg", query, &a)),
    ] {
        let found = read_export(export(&[image_0, image_1]).as_bytes());
        assert_eq!(found.unwrap().images.len(), 2);
    }
}

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
