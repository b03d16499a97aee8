//! Labels from paths: the layouts of published data sets, and names that only look like them.

use reid_web::dataset::{Set, label_from_path, skip_reason};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn set_of(path: &str) -> (Option<Set>, Option<String>, bool) {
    let label = label_from_path(path);
    (label.set, label.run, label.distractors)
}

/// Identity, camera and source, each "-" if there is none.
fn subject_of(path: &str) -> (String, String, &'static str) {
    let label = label_from_path(path);
    let text = |name: Option<String>| name.unwrap_or("-".to_owned());
    (text(label.identity), text(label.camera), label.source)
}

fn assert_subject(path: &str, identity: &str, camera: &str, source: &str) {
    assert_eq!(subject_of(path), (identity.to_owned(), camera.to_owned(), source_of(source)), "{path}");
}

fn source_of(source: &str) -> &'static str {
    match source {
        "folder" => "folder name",
        "both" => "folder name, camera from the file name",
        "market" => "Market-1501 file name",
        "veri" => "VeRi-776 file name",
        "msmt17" => "MSMT17 file name",
        "hd" => "HD file name",
        _ => "nothing",
    }
}

#[test]
fn set_folders_are_recognised_in_any_case() {
    let (query, gallery) = (Some(Set::Query), Some(Set::Gallery));
    for (path, set) in [
        ("query/a.jpg", query),
        ("Queries/a.jpg", query),
        ("PROBE/a.jpg", query),
        ("data/Gallery/0001/a.jpg", gallery),
        ("galleries\\0001\\a.jpg", gallery),
        ("Market/bounding_box_test/a.jpg", gallery),
        ("VeRi/image_query/a.jpg", query),
        ("VeRi/image_test/a.jpg", gallery),
        ("Market/bounding_box_train/a.jpg", None),
        ("my query pictures/a.jpg", None),
        ("query.jpg", None),
        ("querya/a.jpg", None),
        ("query_all/a.jpg", None),
        ("", None),
    ] {
        assert_eq!(set_of(path), (set, None, false), "{path}");
    }
}

#[test]
fn runs_and_distractors_come_from_the_set_folder() {
    let run = |run: &str| Some(run.to_owned());
    assert_eq!(set_of("11k/query0/0001051/a.jpg"), (Some(Set::Query), run("0"), false));
    assert_eq!(set_of("Gallery12/0001051/a.jpg"), (Some(Set::Gallery), run("12"), false));
    assert_eq!(set_of("gallery3_all/0001051/a.jpg"), (Some(Set::Gallery), run("3"), true));
    assert_eq!(set_of("GALLERY_ALL/0001051/a.jpg"), (Some(Set::Gallery), None, true));
}

#[test]
fn the_innermost_set_folder_counts() {
    assert_eq!(set_of("gallery/query2/7/a.jpg"), (Some(Set::Query), Some("2".to_owned()), false));
}

#[test]
fn a_folder_below_the_set_folder_is_the_identity() {
    assert_subject("query0/0001051/a.jpg", "0001051", "-", "folder");
    assert_subject("./query0//0001051/a.jpg", "0001051", "-", "folder");
    assert_subject("query0/Ann Lee/2024_c1.jpg", "Ann Lee", "-", "folder");
    assert_subject("query/0001/0001_c1s1_000151_01.jpg", "0001", "1", "both");
    assert_subject("gallery/-1/-1_c3s2_000151_01.jpg", "-1", "3", "both");
    assert_subject("query0/a.jpg", "-", "-", "nothing");
    assert_subject("query/images/a.jpg", "-", "-", "nothing");
    assert_subject("query/images/0001_c1s1_000151_01.jpg", "0001", "1", "market");
}

#[test]
fn the_parent_folder_is_the_identity_where_nothing_else_is() {
    assert_subject("hands/0001051/a.jpg", "0001051", "-", "folder");
    assert_subject("hands/0001051/0042_c2_f0046985.jpg", "0042", "2", "market");
    assert_subject("DCIM/a.jpg", "-", "-", "nothing");
    assert_subject("a.jpg", "-", "-", "nothing");
    assert_subject("", "-", "-", "nothing");
}

#[test]
fn file_names_of_published_data_sets_carry_identity_and_camera() {
    assert_subject("bounding_box_test/0001_c1s1_000151_01.jpg", "0001", "1", "market");
    assert_subject("bounding_box_test/-1_c1s1_000401_03.jpg", "-1", "1", "market");
    assert_subject("gt_bbox/0001_c1s1_001051_00.jpg.jpg", "0001", "1", "market");
    assert_subject("query/0005_c2_f0046985.jpg", "0005", "2", "market");
    assert_subject("0000_c14_0030.jpg", "0000", "14", "market");
    assert_subject("0007_c3.png", "0007", "3", "market");
    assert_subject("image_test/0002_c002_00030600_0.jpg", "0002", "002", "veri");
    assert_subject("test/0000/0000_000_01_0303morning_0015_0.jpg", "0000", "01", "msmt17");
    assert_subject("HD/Original Images/1-501/0448_1.jpg", "0448", "-", "hd");
}

#[test]
fn names_that_only_resemble_them_carry_nothing() {
    for name in [
        "IMG_0001_c1.jpg",
        "0001_c.jpg",
        "0001_c1234.jpg",
        "0001_cat.jpg",
        "0001_c1x.jpg",
        "0001_c1seen.jpg",
        "--1_c1.jpg",
        "1-2_c1.jpg",
        "_c1.jpg",
        "0448_1.jpg",
        "0000_000_01_0015_0.jpg",
        "2024_01_02_1200.jpg",
        "0000_c١.jpg",
    ] {
        assert_subject(name, "-", "-", "nothing");
    }
}

#[test]
fn javascript_receives_a_label_as_in_types_js() {
    let label = serde_json::to_string(&label_from_path("gallery3_all/7/a.jpg")).unwrap();
    let expected = r#"{"set":"gallery","run":"3","distractors":true,"identity":"7","camera":null,"source":"folder name"}"#;
    assert_eq!(label, expected);
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
    for path in [
        ".DS_Store",
        "query/._a.jpg",
        ".git/a.jpg",
        "__MACOSX/query/a.jpg",
        "query/@eaDir/a.jpg",
        "Thumbs.db",
        "query\\desktop.ini",
        "HandInfo.CSV",
        "readme.txt",
        "labels.json",
        "a.mat",
        "a.xml",
        "README.md",
        "index.html",
        "a.pdf",
        "a.MP4",
        "model.safetensors",
        "",
    ] {
        assert!(skip_reason(path).is_some(), "{path}");
    }
}
