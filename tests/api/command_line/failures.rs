//! What cannot be read is named and counted, and the rest of the work goes on.

use std::fs;

use crate::support::program::{Folder, MODEL, counts, fresh, json, reid_web, text};

#[test]
fn an_image_that_cannot_be_read_is_named_and_the_others_go_on() {
    let (folder, out) = (Folder::with_two_identities("broken"), fresh("broken.json"));
    fs::write(folder.0.join("query/0001/broken.png"), b"no image").unwrap();
    // The same content is refused again, and said of each.
    fs::write(folder.0.join("gallery/0001/copy.png"), b"no image").unwrap();
    let options = ["--out", out.to_str().unwrap()];
    let done = folder.evaluate(&options);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    let (shown, saved) = (text(&done.stdout), json(&out));
    assert!(shown.contains("2 of 3 queries evaluated"), "{shown}");
    assert!(shown.contains("\n1 query and 1 gallery image have no embedding\n"), "{shown}");
    assert_eq!(counts(&saved), (2, 2));
    assert_eq!(saved["notEmbedded"], serde_json::json!({"queries": 1, "gallery": 1}));
    assert!(said.contains("query/0001/broken.png: ") && said.contains("gallery/0001/copy.png: "), "{said}");
    let summary = said.lines().last().unwrap();
    assert!(summary.contains("2 of 6 images could not be read and are left out: "), "{said}");
    assert!(summary.contains("query/0001/broken.png") && summary.contains("gallery/0001/copy.png"), "{said}");
    let kept = folder.evaluate(&[&options[..], &["--keep-going"]].concat());
    assert!(kept.status.success());
    assert!(text(&kept.stderr).ends_with(&format!("{summary}\n")), "it is said all the same");
}

#[test]
fn a_query_whose_match_cannot_be_read_is_not_said_to_be_absent() {
    let (folder, out) = (Folder::with_two_identities("lost"), fresh("lost.json"));
    for file in fs::read_dir(folder.0.join("gallery/0002")).unwrap() {
        fs::write(file.unwrap().path(), b"no image").unwrap();
    }
    let words = "in the gallery only as images without an embedding";
    let done = folder.evaluate(&["--keep-going", "--out", out.to_str().unwrap()]);
    assert!(
        text(&done.stdout).contains(&format!("1 query has no match: 1 {words}")),
        "{}",
        text(&done.stdout)
    );
    assert_eq!(json(&out)["unmatchedBy"]["notEmbedded"], 1);
    let single = folder.evaluate(&["--keep-going", "--protocol", "cuhk03"]);
    assert!(text(&single.stdout).contains(words), "{}", text(&single.stdout));
    for protocol in ["leave-one-out", "splits"] {
        let done = folder.evaluate(&["--keep-going", "--protocol", protocol]);
        assert!(text(&done.stdout).contains(" no embedding\n"), "{}", text(&done.stdout));
    }
}

#[test]
fn every_command_tells_failures_by_its_status() {
    let folder = Folder::new("failures");
    for (at, set) in ["query0", "query1", "gallery0", "gallery1"].iter().enumerate() {
        folder.add(format!("runs/{set}/0001/a.png"), at);
        folder.add(format!("runs/{set}/0002/b.png"), at + 6);
    }
    fs::write(folder.0.join("runs/query1/0001/broken.png"), b"").unwrap();
    let (data, out) = (folder.path("runs"), fresh("failures.json"));
    let out = out.to_str().unwrap();
    for arguments in [
        &["embed", "--run", "1", "--out", out][..],
        &["rank", "--run", "1"],
        &["evaluate", "--run", "1"],
        &["evaluate", "--all-runs", "--out", out],
    ] {
        let arguments = [arguments, &["--model", MODEL, "--data", &data]].concat();
        let done = reid_web(&arguments);
        assert_eq!(done.status.code(), Some(1), "{arguments:?}: {}", text(&done.stderr));
        assert!(text(&done.stderr).contains("query1/0001/broken.png: "), "{}", text(&done.stderr));
        let kept = reid_web(&[&arguments[..], &["--keep-going"]].concat());
        assert!(kept.status.success(), "{arguments:?}: {}", text(&kept.stderr));
        assert_eq!(kept.stdout, done.stdout);
    }
}

#[test]
fn without_any_embedding_there_is_no_result() {
    let folder = Folder::new("none");
    for set in ["query", "gallery"] {
        fs::create_dir_all(folder.0.join(set).join("0001")).unwrap();
        fs::write(folder.0.join(set).join("0001/a.png"), set).unwrap();
    }
    let done = folder.evaluate(&["--keep-going"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("none of 2 images could be embedded"), "{}", text(&done.stderr));
}

/// A file that nobody may read, root included, and a folder whose path is too long to be listed.
#[cfg(target_os = "linux")]
#[test]
fn files_and_folders_that_the_system_refuses_are_named() {
    let folder = Folder::with_two_identities("refused");
    std::os::unix::fs::symlink("/proc/self/mem", folder.0.join("query/0001/mem.png")).unwrap();
    let half = vec![format!("{:0250}", 1); 10].join("/");
    fs::create_dir_all(folder.0.join("half").join(&half)).unwrap();
    fs::create_dir_all(folder.0.join("gallery").join(&half)).unwrap();
    fs::rename(folder.0.join("half"), folder.0.join("gallery").join(&half).join("half")).unwrap();
    let done = folder.evaluate(&[]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(text(&done.stdout).contains("2 of 3 queries evaluated"));
    assert!(said.contains("query/0001/mem.png: Input/output error"), "{said}");
    assert!(said.contains("1: File name too long"), "{said}");
    assert!(said.contains("1 of 5 images could not be read and are left out"), "{said}");
    assert!(said.contains("1 could not be listed; the images there are missing: "), "{said}");
}
