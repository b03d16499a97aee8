//! Saved evaluations, byte for byte: whoever changes one of these files changes a format that others read.

use std::fs;

use crate::support::program::{fresh, reid_web, text};

const EMBEDDINGS: [&str; 2] = ["--embeddings", "tests/fixtures/page/embeddings.json"];

/// What the program writes to a file.
fn written(name: &str, arguments: &[&str]) -> String {
    let out = fresh(name);
    let done = reid_web(&[arguments, &EMBEDDINGS, &["--out", out.to_str().unwrap()]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    fs::read_to_string(out).unwrap()
}

fn saved(name: &str) -> String {
    fs::read_to_string(format!("tests/fixtures/page/saved/{name}")).unwrap()
}

#[test]
fn a_study_is_saved_as_ever() {
    let refined = ["evaluate", "--re-ranking", "--average-gallery", "--false-positive-rate", "0.05"];
    assert_eq!(written("golden-study.json", &refined[..1]), saved("../study.json"));
    assert_eq!(written("golden-refined.json", &refined), saved("refined.json"));
}

#[test]
fn protocols_are_saved_as_ever() {
    for (name, protocol) in [
        ("leave-one-out.json", &["leave-one-out"][..]),
        ("cuhk03.json", &["cuhk03"]),
        ("splits.json", &["splits", "--runs", "2", "--seed", "3"]),
    ] {
        let found = written(&format!("golden-{name}"), &[&["evaluate", "--protocol"], protocol].concat());
        assert_eq!(found, saved(name), "{name}");
    }
}

#[test]
fn ranks_are_saved_as_ever() {
    assert_eq!(written("golden-ranks.csv", &["rank", "--top", "4"]), saved("ranks.csv"));
}

#[test]
fn what_people_read_stays_as_it_is() {
    for (name, arguments) in [
        ("study.txt", &["evaluate", "--re-ranking"][..]),
        ("splits.txt", &["evaluate", "--protocol", "splits", "--runs", "2"]),
    ] {
        let done = reid_web(&[arguments, &EMBEDDINGS].concat());
        assert_eq!(text(&done.stdout), saved(name), "{name}");
    }
}
