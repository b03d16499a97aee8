//! Runs of a dropped data set: which query folder goes with which gallery folder.

use reid_web::dataset::{Label, Run, choose_runs, labels_from_paths};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn labels(folders: &[(&str, usize)]) -> Vec<Label> {
    let paths = |&(folder, images): &(&str, usize)| vec![format!("{folder}/7/a.jpg"); images];
    labels_from_paths(&folders.iter().flat_map(paths).collect::<Vec<String>>())
}

/// Each run as "number: query + gallery + gallery with distractors".
fn runs(folders: &[(&str, usize)]) -> Vec<String> {
    let text = |run: Run| {
        let number = run.run.unwrap_or_default();
        format!("{number}: {} + {} + {}", run.query, run.gallery, run.gallery_all)
    };
    choose_runs(&labels(folders)).into_iter().map(text).collect()
}

#[test]
fn each_query_folder_goes_with_the_gallery_of_its_number() {
    let found = runs(&[("query10", 4), ("gallery10", 1), ("query2", 3), ("gallery2", 2)]);
    assert_eq!(found, ["2: 3 + 2 + 0", "10: 4 + 1 + 0"]);
    assert_eq!(runs(&[("query", 3), ("gallery", 2)]), [": 3 + 2 + 0"]);
    assert_eq!(runs(&[("probes_1", 3), ("gallery-1", 2), ("probes_2", 1)]), ["1: 3 + 2 + 0"]);
}

#[test]
fn a_gallery_with_distractors_is_counted_on_its_own() {
    let found = runs(&[("query0", 3), ("gallery0", 2), ("gallery0_all", 9)]);
    assert_eq!(found, ["0: 3 + 2 + 9"]);
    assert_eq!(runs(&[("query0", 3), ("gallery0_all", 9)]), ["0: 3 + 0 + 9"]);
}

#[test]
fn a_folder_without_counterpart_is_a_run_only_if_nothing_else_is() {
    let found = runs(&[("query0", 3), ("gallery0", 2), ("query1", 4), ("gallery", 1)]);
    assert_eq!(found, ["0: 3 + 2 + 0"]);
    assert_eq!(runs(&[("query1", 4), ("gallery", 1)]), [": 0 + 1 + 0", "1: 4 + 0 + 0"]);
    assert!(runs(&[("train", 5)]).is_empty());
}

#[test]
fn a_run_contains_as_many_images_as_it_counts() {
    let folders = [("query0", 3), ("gallery0", 2), ("gallery0_all", 9), ("gallery", 5), ("x", 1)];
    let labels = labels(&folders);
    let run = &choose_runs(&labels)[0];
    let contained = |all| labels.iter().filter(|label| run.contains(label, all)).count();
    assert_eq!((contained(false), contained(true)), (3 + 2, 3 + 9));
}

#[test]
fn javascript_receives_a_run_as_in_types_js_and_sends_its_labels_back() {
    let labels = serde_json::to_string(&labels(&[("query0", 3), ("gallery0_all", 1)])).unwrap();
    let labels: Vec<Label> = serde_json::from_str(&labels).unwrap();
    let expected = r#"[{"run":"0","query":3,"gallery":0,"galleryAll":1}]"#;
    assert_eq!(serde_json::to_string(&choose_runs(&labels)).unwrap(), expected);
}
