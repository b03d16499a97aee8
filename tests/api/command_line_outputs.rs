//! The program: what a result takes the place of.

use std::fs;

use super::program::{DATA, Folder, MODEL, reid_web, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

fn written(command: &str, out: &str) -> (bool, String) {
    let done = reid_web(&[command, "--embeddings", EXPORT, "--out", out]);
    (done.status.success(), text(&done.stderr))
}

#[test]
fn a_file_that_nobody_has_named_is_only_replaced_if_it_is_the_programs_own() {
    let folder = Folder::new("beside");
    for (command, out, beside) in [("embed", "keep.npy", "keep.csv"), ("evaluate", "m.csv", "m.queries.csv")]
    {
        let (out, beside) = (folder.path(out), folder.path(beside));
        for own in ["", "my,own,table\n1,2,3\n", "path,set\nx.png,query\n"] {
            fs::write(&beside, own).unwrap();
            let (is_done, said) = written(command, &out);
            let message = format!("--out {out} would overwrite {beside}, which holds something else");
            assert!(!is_done && said.contains(&message), "{said}");
            assert_eq!(fs::read_to_string(&beside).unwrap(), own);
            assert!(!fs::exists(&out).unwrap());
        }
        fs::remove_file(&beside).unwrap();
        let (is_done, said) = written(command, &out);
        assert!(is_done && !said.contains("replaced"), "{said}");
        let first = fs::read(&beside).unwrap();
        let (is_done, said) = written(command, &out);
        assert!(is_done && said.contains(&format!("{beside}: replaced as well")), "{said}");
        assert_eq!(fs::read(&beside).unwrap(), first);
    }
}

#[test]
fn labels_that_are_read_are_not_overwritten() {
    let folder = Folder::new("read-labels");
    let (npy, csv) = (folder.path("e.npy"), folder.path("e.csv"));
    assert!(written("embed", &npy).0);
    let other = folder.path("other.npy");
    fs::copy(&npy, &other).unwrap();
    let done = reid_web(&["embed", "--embeddings", &other, "--labels", &csv, "--out", &npy]);
    let message = format!("--out {npy} would overwrite {csv}, which is read");
    assert!(!done.status.success() && text(&done.stderr).contains(&message), "{}", text(&done.stderr));
}

#[test]
fn embeddings_are_written_by_an_ending_by_which_they_are_read() {
    let folder = Folder::new("no-ending");
    let out = folder.path("embeddings");
    let (is_done, said) = written("embed", &out);
    let message = "embeddings are written as .json, .npy or .mat, not a name without an ending";
    assert!(!is_done && said.contains(message) && !fs::exists(&out).unwrap(), "{said}");
}

#[test]
fn errors_of_labels_name_their_file() {
    let folder = Folder::new("bad-labels");
    let (npy, csv) = (folder.path("e.npy"), folder.path("labels.csv"));
    assert!(written("embed", &npy).0);
    for (labels, message) in [
        ("path,set\na.png,neither\n", format!("reid-web: {csv}: line 2 of the CSV: its set is \"neither\"")),
        ("file\na.png\n", format!("reid-web: {csv}: line 1 of the CSV: no column is named path")),
        ("path\na.png\n", format!("reid-web: {npy}: ")),
        ("path\na.png\n", format!("({csv})")),
    ] {
        fs::write(&csv, labels).unwrap();
        let done = reid_web(&["evaluate", "--embeddings", &npy, "--labels", &csv]);
        assert!(text(&done.stderr).contains(&message), "{message}: {}", text(&done.stderr));
    }
}

#[test]
fn two_runs_do_not_write_one_result() {
    let folder = Folder::with_two_identities("two-runs");
    let out = folder.path("e.json");
    let partial = format!("{out}.partial");
    let other = fs::OpenOptions::new().append(true).create(true).open(&partial).unwrap();
    other.lock().unwrap();
    let arguments = ["embed", "--model", MODEL, "--data", DATA, "--out", &out];
    let refused = reid_web(&arguments);
    let message = format!("{partial}: another run is writing it");
    assert!(
        !refused.status.success() && text(&refused.stderr).contains(&message),
        "{}",
        text(&refused.stderr)
    );
    drop(other);
    let done = reid_web(&arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(fs::exists(&out).unwrap() && !fs::exists(&partial).unwrap());
}
