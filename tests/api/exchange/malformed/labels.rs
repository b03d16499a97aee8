//! Tables that are no labels.

use reid_web::exchange::read_labels;

use crate::exchange::malformed::says;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
