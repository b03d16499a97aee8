//! Labels from paths: the layouts of published data sets, and names that only look like them.

mod label_texts;
mod labels_in_files;
mod runs;

use reid_web::dataset::{Label, Set, labels_from_paths, labels_of_sets};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn label_of(path: &str) -> Label {
    labels_from_paths(&[path]).remove(0)
}

fn set_of(path: &str) -> (Option<Set>, Option<String>, bool) {
    let label = label_of(path);
    (label.set, label.run, label.distractors)
}

/// Checks all paths of a drop: path, identity and camera, "-" if there is none.
fn assert_labels(expected: &[(&str, &str, &str)]) {
    let paths: Vec<&str> = expected.iter().map(|(path, ..)| *path).collect();
    for (label, (path, identity, camera)) in labels_from_paths(&paths).iter().zip(expected) {
        let text = |name: &Option<String>| name.as_deref().unwrap_or("-").to_owned();
        assert_eq!(
            (text(&label.identity).as_str(), text(&label.camera).as_str()),
            (*identity, *camera),
            "{path}"
        );
    }
}

/// Checks a path that is dropped alone, and the rule that it was read by.
fn assert_subject(path: &str, identity: &str, camera: &str, source: &str) {
    assert_labels(&[(path, identity, camera)]);
    assert_eq!(label_of(path).source, source, "{path}");
}

const FOLDER: &str = "folder name";
const BOTH: &str = "folder name, camera from the file name";
const MARKET: &str = "Market-1501 file name";
const NOTHING: &str = "nothing";

#[test]
fn set_folders_are_recognised_by_their_words_in_any_case() {
    let (query, gallery) = (Some(Set::Query), Some(Set::Gallery));
    for (path, set, run) in [
        ("query/a.jpg", query, ""),
        ("Queries/a.jpg", query, ""),
        ("PROBE/a.jpg", query, ""),
        ("data/Gallery/0001/a.jpg", gallery, ""),
        ("galleries\\0001\\a.jpg", gallery, ""),
        ("Market/bounding_box_test/a.jpg", gallery, ""),
        ("MARS/bbox_test/a.jpg", gallery, ""),
        ("VeRi/image_query/a.jpg", query, ""),
        ("VeRi/image_test/a.jpg", gallery, ""),
        ("query_images/a.jpg", query, ""),
        ("Gallery Images/a.jpg", gallery, ""),
        ("galleryImages/a.jpg", gallery, ""),
        ("query-set/a.jpg", query, ""),
        ("queryset/a.jpg", query, ""),
        ("testgallery/a.jpg", gallery, ""),
        ("probes/a.jpg", query, ""),
        ("test_gallery/a.jpg", gallery, ""),
        ("test_probe/a.jpg", query, ""),
        ("my query pictures/a.jpg", query, ""),
        ("query_all/a.jpg", query, ""),
        ("query_1/a.jpg", query, "1"),
        ("gallery-set-2/a.jpg", gallery, "2"),
        ("query (3)/a.jpg", query, "3"),
        ("query07/a.jpg", query, "07"),
        ("Market/bounding_box_train/a.jpg", None, ""),
        ("Market/gt_query/a.jpg", None, ""),
        ("Tate Gallery/a.jpg", None, ""),
        ("query and gallery/a.jpg", None, ""),
        ("query.jpg", None, ""),
        ("querya/a.jpg", None, ""),
        ("", None, ""),
    ] {
        let run = (!run.is_empty()).then(|| run.to_owned());
        assert_eq!(set_of(path), (set, run, false), "{path}");
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
fn the_first_folder_below_the_set_folder_is_the_identity() {
    assert_subject("query0/0001051/a.jpg", "0001051", "-", FOLDER);
    assert_subject("./query0//0001051/a.jpg", "0001051", "-", FOLDER);
    assert_subject("query0/Ann Lee/2024_c1.jpg", "Ann Lee", "-", FOLDER);
    assert_subject("query0/a.jpg", "-", "-", NOTHING);
    assert_subject("query/images/a.jpg", "-", "-", NOTHING);
    assert_subject("query/images/0001/a.jpg", "0001", "-", FOLDER);
    assert_subject("query/images/0001_c1s1_000151_01.jpg", "0001", "1", MARKET);
    // Deeper folders are not: sides, encounters, tracklets.
    assert_subject("query/0001/left/a.jpg", "0001", "-", FOLDER);
    assert_subject("query/0001/2021-07-03/a.jpg", "0001", "-", FOLDER);
    assert_subject("gallery/Luna/encounter 2/Dorsal_Right/a.jpg", "Luna", "-", FOLDER);
    assert_subject("gallery/Luna/0002/a.jpg", "Luna", "-", FOLDER);
}

#[test]
fn cameras_and_sides_are_no_identities() {
    assert_subject("query/cam1/0001/a.jpg", "0001", "1", FOLDER);
    assert_subject("query/0001/Camera 2/a.jpg", "0001", "2", FOLDER);
    assert_subject("query/c3/a.jpg", "-", "3", NOTHING);
    assert_subject("query/left/0001/a.jpg", "0001", "-", FOLDER);
    assert_subject("query/right/a.jpg", "-", "-", NOTHING);
    assert_subject("query/Camilla/a.jpg", "Camilla", "-", FOLDER);
    assert_subject("query/cam1/0001_c1s1_000001_00.png", "0001", "1", MARKET);
    assert_subject("gallery/cam2/0002_c2s1_000001_00.png", "0002", "2", MARKET);
}

#[test]
fn a_file_name_that_follows_a_rule_in_full_wins_over_a_folder_that_does_not_agree() {
    assert_subject("query/0001/0001_c1s1_000151_01.jpg", "0001", "1", BOTH);
    assert_subject("query/1/0001_c1s1_000151_01.jpg", "1", "1", BOTH);
    assert_subject("query/person_0001/0001_c1s1_000151_01.jpg", "person_0001", "1", BOTH);
    assert_subject("gallery/-1/-1_c3s2_000151_01.jpg", "-1", "3", BOTH);
    assert_subject("gallery/1/-1_c3s2_000151_01.jpg", "-1", "3", MARKET);
    assert_subject("query/0001051/0002_c1s1_000151_01.jpg", "0002", "1", MARKET);
    assert_subject("query/2024-05-01/0002_c1s1_000151_01.jpg.jpg", "0002", "1", MARKET);
    // Only the beginning of a name: the folder is believed, and that camera with it if both agree.
    assert_subject("query/0042/2024_c1.jpg", "0042", "-", FOLDER);
    assert_subject("query/2024/2024_c1.jpg", "2024", "1", BOTH);
    assert_subject("query/0042/0001_c1s1_000151_01_fake.jpg", "0042", "-", FOLDER);
}

#[test]
fn splits_are_identities_where_the_folders_beside_them_are() {
    assert_labels(&[
        ("query/Val/a.jpg", "Val", "-"),
        ("query/Anna/left/b.jpg", "Anna", "-"),
        ("gallery/Test/c.jpg", "Test", "-"),
        ("gallery/Ben/d.jpg", "Ben", "-"),
    ]);
    // The only one in its set, but beside others in the gallery.
    assert_labels(&[
        ("query/Val/a.jpg", "Val", "-"),
        ("gallery/Val/b.jpg", "Val", "-"),
        ("gallery/Anna/c.jpg", "Anna", "-"),
    ]);
    assert_labels(&[
        ("query/test/0001/a.jpg", "0001", "-"),
        ("query/val/0002/b.jpg", "0002", "-"),
        ("gallery/0001/c.jpg", "0001", "-"),
    ]);
    assert_labels(&[("query/Val/a.jpg", "-", "-"), ("query/Test/b.jpg", "-", "-")]);
    // Without a set folder.
    assert_labels(&[("Anna/a.jpg", "Anna", "-"), ("Val/b.jpg", "Val", "-")]);
    assert_labels(&[
        ("own/train/0001/a.jpg", "0001", "-"),
        ("own/train/0002/b.jpg", "0002", "-"),
        ("own/test/0001/c.jpg", "0001", "-"),
    ]);
}

#[test]
fn without_a_set_folder_siblings_are_identities() {
    // One dropped folder says nothing of who is shown.
    assert_labels(&[("hands/IMG_1.png", "-", "-"), ("hands/IMG_2.png", "-", "-")]);
    assert_labels(&[("export/hands/IMG_1.png", "-", "-"), ("export/IMG_2.png", "-", "-")]);
    assert_labels(&[("DCIM/100CANON/a.jpg", "-", "-"), ("DCIM/101CANON/b.jpg", "-", "-")]);
    assert_labels(&[("a.jpg", "-", "-"), ("", "-", "-")]);
    // Several do, and those in it.
    assert_labels(&[("0001051/a.jpg", "0001051", "-"), ("0001052/b.jpg", "0001052", "-")]);
    assert_labels(&[
        ("hands/0001051/a.jpg", "0001051", "-"),
        ("hands/0001052/deep/b.jpg", "0001052", "-"),
        ("hands/c.jpg", "-", "-"),
    ]);
    // Cameras between them are passed over.
    assert_labels(&[
        ("SYSU/cam1/0001/0001.jpg", "0001", "1"),
        ("SYSU/cam2/0001/0001.jpg", "0001", "2"),
        ("SYSU/cam2/0002/0001.jpg", "0002", "2"),
    ]);
    // A folder alone that is named as an identity elsewhere.
    assert_labels(&[
        ("more/0001/a.jpg", "0001", "-"),
        ("gallery/0001/b.jpg", "0001", "-"),
        ("gallery/0002/c.jpg", "0002", "-"),
    ]);
}

#[test]
fn two_folders_that_are_the_sets_are_read_together() {
    let identities = |query: &[&str], gallery: &[&str]| -> Vec<Option<String>> {
        labels_of_sets(query, gallery).concat().into_iter().map(|label| label.identity).collect()
    };
    let text = |name: &str| Some(name.to_owned());
    let found = identities(&["q/0001/a.jpg"], &["g/0001/b.jpg", "g/0002/c.jpg"]);
    assert_eq!(found, [text("0001"), text("0001"), text("0002")]);
    assert_eq!(identities(&["hands/1.jpg", "hands/2.jpg"], &["hands/1.jpg"]), [None, None, None]);
    assert_eq!(identities(&["q/hands/1.jpg"], &["g/hands/1.jpg"]), [None, None]);
    let [query, gallery] = labels_of_sets(&["gallery/0001/a.jpg"], &["g/b.jpg"]);
    assert_eq!((query[0].set, gallery[0].set), (Some(Set::Query), Some(Set::Gallery)));
}

#[test]
fn file_names_of_published_data_sets_carry_identity_and_camera() {
    assert_subject("bounding_box_test/0001_c1s1_000151_01.jpg", "0001", "1", MARKET);
    assert_subject("bounding_box_test/-1_c1s1_000401_03.jpg", "-1", "1", MARKET);
    assert_subject("gt_bbox/0001_c1s1_001051_00.jpg.jpg", "0001", "1", MARKET);
    assert_subject("query/0005_c2_f0046985.jpg", "0005", "2", "DukeMTMC file name");
    assert_subject("hands/0001051/0042_c2_f0046985.jpg", "0042", "2", "DukeMTMC file name");
    assert_subject("bounding_box_test/0003_c1_21.png", "0003", "1", MARKET);
    assert_subject("0000_c14_0030.jpg", "0000", "14", MARKET);
    assert_subject("0007_c3.png", "0007", "3", MARKET);
    assert_subject("image_test/0002_c002_00030600_0.jpg", "0002", "002", "VeRi-776 file name");
    assert_subject("test/0000/0000_000_01_0303morning_0015_0.jpg", "0000", "01", "MSMT17 file name");
    assert_subject("HD/Original Images/1-501/0448_1.jpg", "0448", "-", "HD file name");
    assert_subject("VIPeR/cam_a/001_45.bmp", "001", "a", "VIPeR file name");
    assert_subject("prid/single_shot/cam_b/person_0007.png", "0007", "b", "PRID file name");
}

#[test]
fn videos_are_read_by_identity_and_tracklet() {
    assert_subject("MARS/bbox_test/0001/0001C1T0001F001.jpg", "0001", "1", BOTH);
    assert_subject("bbox_test/0000/0000C6T0101F001.jpg", "0000", "6", BOTH);
    assert_subject("bbox_test/00-1/00-1C1T0001F001.jpg", "-1", "1", BOTH);
    assert_subject("tracks/0003C4T0002F012.jpg", "0003", "4", "MARS file name");
    assert_subject("query/0001/0005/0001_C6_F0099_X30823.jpg", "0001", "6", BOTH);
    assert_subject("gallery/0002/0163/0001.jpg", "0002", "-", FOLDER);
    assert_labels(&[
        ("i-LIDS-VID/sequences/cam1/person001/cam1_person001_00317.png", "person001", "1"),
        ("i-LIDS-VID/sequences/cam2/person001/cam2_person001_05207.png", "person001", "2"),
        ("i-LIDS-VID/sequences/cam2/person002/cam2_person002_04217.png", "person002", "2"),
    ]);
    assert_labels(&[
        ("RegDB/Visible/1/female_back_v_00001_1.bmp", "1", "-"),
        ("RegDB/Thermal/1/female_back_t_00001_1.bmp", "1", "-"),
        ("RegDB/Thermal/2/male_back_t_00001_2.bmp", "2", "-"),
    ]);
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
        "0001C1T0001.jpg",
        "0001_C6_F0099.jpg",
        "person_0001.png",
        "0000_c\u{661}.jpg",
    ] {
        assert_subject(name, "-", "-", NOTHING);
    }
}

#[test]
fn folders_of_one_name_in_two_unicode_forms_are_one_identity() {
    assert_labels(&[
        ("query/Mu\u{308}ller/a.jpg", "Müller", "-"),
        ("gallery/Müller/b.jpg", "Müller", "-"),
        ("gallery/none/c.jpg", "-", "-"),
    ]);
    assert_eq!(label_of("gallery/none/c.jpg").source, NOTHING);
}

#[test]
fn javascript_receives_a_label_as_in_types_js() {
    let label = serde_json::to_string(&label_of("gallery3_all/7/a.jpg")).unwrap();
    let expected = r#"{"set":"gallery","run":"3","distractors":true,"identity":"7","camera":null,"source":"folder name"}"#;
    assert_eq!(label, expected);
}
