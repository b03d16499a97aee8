//! The program: what it says of matches that are left out, of intervals, and of refinements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Set, identity, camera, embedding.
type Image = (&'static str, Option<&'static str>, Option<&'static str>, [f32; 3]);

/// Embeddings of images in a file for this test alone.
fn embeddings(name: &str, images: &[Image]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("reid-web-{}-notes-{name}.json", std::process::id()));
    let lines: Vec<Value> = images
        .iter()
        .enumerate()
        .map(|(at, (set, identity, camera, embedding))| {
            json!({"path": format!("{set}/{at}.png"), "set": set, "identity": identity, "camera": camera, "embedding": embedding})
        })
        .collect();
    fs::write(&path, json!({ "model": null, "images": lines }).to_string()).unwrap();
    path
}

fn run(command: &str, file: &Path, more: &[&str]) -> Output {
    let arguments = [&[command, "--embeddings", file.to_str().unwrap()][..], more].concat();
    Command::new(env!("CARGO_BIN_EXE_reid-web")).args(arguments).output().unwrap()
}

fn evaluated(file: &Path, more: &[&str]) -> String {
    let done = run("evaluate", file, more);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Three identities, two queries and two gallery images of each.
fn three(camera: Option<&'static str>) -> Vec<Image> {
    let names = ["ann", "ben", "eve"];
    let image = |at: usize| {
        let mut embedding = [0.1, 0.05, 0.02 * at as f32];
        embedding[at % 3] = 1.0;
        (if at < 6 { "query" } else { "gallery" }, Some(names[at % 3]), camera, embedding)
    };
    (0..12).map(image).collect()
}

#[test]
fn one_camera_for_everything_is_said_in_numbers_with_the_switch() {
    let file = embeddings("camera", &three(Some("1")));
    let text = evaluated(&file, &[]);
    let expected = "no query can be evaluated: all 12 matches are from the query's own camera\n--keep-same-camera counts";
    assert!(text.contains(expected), "{text}");
    let text = evaluated(&file, &["--keep-same-camera"]);
    assert!(
        text.contains("6 of 6 queries evaluated, 0 without a match") && !text.contains("camera"),
        "{text}"
    );
    let text = evaluated(&file, &["--protocol", "leave-one-out"]);
    assert!(
        text.contains("no query can be evaluated: all 36 matches are from the query's own camera"),
        "{text}"
    );
}

#[test]
fn some_lost_queries_are_counted_by_the_reason() {
    let mut images = three(None);
    images[0].1 = Some("zoe");
    for at in [1, 4, 7, 10] {
        images[at].2 = Some("1");
    }
    let text = evaluated(&embeddings("some", &images), &[]);
    let expected =
        "3 queries have no match: 1 not in the gallery, 2 in the gallery only from the same camera\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn sets_that_share_nothing_say_what_is_missing() {
    let named = |query: [Option<&'static str>; 2], gallery: Option<&'static str>| {
        [
            ("query", query[0], None, [1.0, 0.0, 0.0]),
            ("query", query[1], None, [0.0, 1.0, 0.0]),
            ("gallery", gallery, None, [0.0, 0.6, 0.8]),
        ]
    };
    for (name, images, expected) in [
        (
            "none",
            named([None, Some("-1")], Some("a")),
            "none of the 2 queries has an identity; 1 is junk (-1)",
        ),
        ("gallery", named([Some("a"), Some("b")], None), "the only gallery image has no identity"),
        (
            "apart",
            named([Some("a"), Some("b")], Some("c")),
            "none of the 2 queries with an identity is in the gallery",
        ),
    ] {
        let text = evaluated(&embeddings(name, &images), &[]);
        assert!(text.contains(&format!("no query can be evaluated: {expected}\n")), "{text}");
    }
    let text =
        evaluated(&embeddings("zero", &named([Some("a"), Some("b")], Some("c"))), &["--unmatched", "zero"]);
    assert!(text.contains("no query has a match: none of the 2 queries"), "{text}");
}

#[test]
fn an_interval_without_spread_says_so() {
    let text = evaluated(&embeddings("perfect", &three(None)), &[]);
    assert!(text.contains("Rank-1                1.0000   no spread\n"), "{text}");
    let meaning =
        "with 3 identities, up to 63 % of all identities could still give another value (95 % confidence)\n";
    assert!(text.contains(meaning), "{text}");
    assert!(text.contains("Rank-10 covers the whole gallery of 6 images\n"), "{text}");
    assert!(!text.contains("1.0000 to 1.0000"), "{text}");
}

#[test]
fn refinements_are_compared_with_the_plain_numbers_and_no_matter_of_rank() {
    let file = embeddings("refined", &three(None));
    let text = evaluated(&file, &["--re-ranking"]);
    assert!(text.contains("without refinements: Rank-1 1.0000, mAP 1.0000\n"), "{text}");
    assert!(!evaluated(&file, &[]).contains("refinements"));
    let refused = run("rank", &file, &["--re-ranking"]);
    assert!(!refused.status.success());
    let reason = String::from_utf8(refused.stderr).unwrap();
    assert!(reason.contains("--re-ranking is for evaluate"), "{reason}");
}
