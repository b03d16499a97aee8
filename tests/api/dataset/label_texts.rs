//! Labels as people and programs write them, and files that are no images.

use reid_web::dataset::{
    is_leftover, labels_from_paths, read_cameras, read_identities, read_identity, skip_reason,
};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn labels_are_trimmed_composed_and_unknown_if_they_say_so() {
    let text = |name: &str| Some(name.to_owned());
    assert_eq!(read_identity("\u{a0} Mu\u{308}ller\u{200b}\r\n"), text("Müller"));
    assert_eq!(read_identity("A\u{30a}sa"), text("Åsa"));
    assert_eq!(read_identity("Ann  Lee"), text("Ann  Lee"));
    assert_eq!(read_identity("✌\u{fe0f}"), text("✌\u{fe0f}"));
    for unknown in
        ["", " ", "\u{feff}", "nan", "NaN", "None", "NULL", "na", "N/A", "<NA>", "#N/A", "unknown", " NaN "]
    {
        assert_eq!(read_identity(unknown), None, "{unknown:?}");
    }
    for junk in ["-1", "-1.0", "\u{2212}1", "-01", "00-1", "-1.000"] {
        assert_eq!(read_identity(junk), text("-1"), "{junk}");
        assert_eq!(read_cameras([Some(junk)]), [None], "{junk}");
    }
    for name in ["-10", "1-1", "Nan Goldin", "0", "nano"] {
        assert_eq!(read_identity(name), text(name));
    }
}

#[test]
fn a_column_of_whole_floats_holds_whole_numbers() {
    for (column, expected) in [
        (&["1.0", "nan", "-1.0", "12.00"][..], &["1", "", "-1", "12"][..]),
        (&["1", "1.0"], &["1", "1.0"]),
        (&["1.0", "1.5"], &["1.0", "1.5"]),
        (&["1.0", "ann"], &["1.0", "ann"]),
        (&["v1.0", "v2.0"], &["v1.0", "v2.0"]),
        (&["0001.0"], &["0001"]),
    ] {
        let expected: Vec<Option<String>> =
            expected.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect();
        assert_eq!(read_identities(column.iter().map(|cell| Some(*cell))), expected, "{column:?}");
    }
    let folders = labels_from_paths(&["query/7.0/a.jpg", "gallery/7.0/b.jpg"]);
    assert!(folders.iter().all(|label| label.identity.as_deref() == Some("7")), "{folders:?}");
}

#[test]
fn images_are_tried_whatever_the_case_of_their_extension() {
    let extensions =
        "jpg JPG jpeg jpe jfif png webp gif bmp tif tiff pnm pbm pgm ppm pam heic heif avif AVIF";
    for extension in extensions.split(' ') {
        assert_eq!(skip_reason(&format!("query0/7/a.{extension}")), None);
    }
    assert_eq!(skip_reason("query0/7/frame_0042"), None);
    assert_eq!(skip_reason("./query0/7/frame.0042"), None);
}

#[test]
fn files_that_are_certainly_no_image_are_skipped_with_a_reason() {
    for path in
        ["HandInfo.CSV", "labels.json", "a.mat", "a.xml", "index.html", "a.pdf", "a.MP4", "model.safetensors"]
    {
        assert!(skip_reason(path).is_some() && !is_leftover(path), "{path}");
    }
    assert!(skip_reason("").is_some());
}

#[test]
fn what_lies_in_every_folder_is_a_leftover() {
    for path in [
        ".DS_Store",
        "query/._a.jpg",
        ".git/a.jpg",
        "__MACOSX/query/a.jpg",
        "query/@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg",
        "query/$RECYCLE.BIN/x.png",
        "System Volume Information/a.png",
        "#recycle/a.png",
        "Thumbs.db",
        "query\\desktop.ini",
        "ZbThumbnail.info",
        "Picasa.ini",
        "query/Icon",
        "query/Icon\r",
        "a.aae",
        "IMG_1.THM",
        "a.XMP",
        "a.png~",
        "a.png.part",
        "a.jpg.crdownload",
        "a.png:Zone.Identifier",
        "a.jpg.tmp",
        "~$labels.docx",
        "LICENSE",
        "LICENSE-MIT",
        "licence.txt",
        "README",
        "README.md",
        "readme.txt",
        "CITATION.cff",
    ] {
        assert!(is_leftover(path) && skip_reason(path).is_some(), "{path}");
    }
    for path in
        ["readme.jpg", "license_plate.png", "icons/a.png", "part/a.png", "a.json", "a.webp", "tmp.png"]
    {
        assert!(!is_leftover(path), "{path}");
    }
}
