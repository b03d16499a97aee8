//! The program: what a result takes the place of.

use std::fs;

use crate::support::program::{DATA, Folder, MODEL, reid_web, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

fn written(command: &str, out: &str) -> (bool, String) {
    let done = reid_web(&[command, "--embeddings", EXPORT, "--out", out]);
    (done.status.success(), text(&done.stderr))
}

const PAIRS: [(&str, &str, &str); 2] =
    [("embed", "keep.npy", "keep.csv"), ("evaluate", "m.csv", "m.queries.csv")];

#[test]
fn a_file_that_nobody_has_named_is_not_replaced_if_no_earlier_run_wrote_it() {
    let folder = Folder::new("beside");
    for (command, out, beside) in PAIRS {
        let (out, beside) = (folder.path(out), folder.path(beside));
        for own in ["", "my,own,table\n1,2,3\n", "path,set,identity,camera\nx.png,query,1,2\n"] {
            fs::write(&beside, own).unwrap();
            let (is_done, said) = written(command, &out);
            let message = format!("--out {out} would overwrite {beside}, which is no earlier result");
            assert!(!is_done && said.contains(&message), "{said}");
            assert_eq!(fs::read_to_string(&beside).unwrap(), own);
            assert!(!fs::exists(&out).unwrap());
        }
    }
}

#[test]
fn a_pair_of_an_earlier_run_is_replaced_and_what_was_changed_in_it_is_kept() {
    let folder = Folder::new("pair");
    for (command, out, beside) in PAIRS {
        let (out, beside) = (folder.path(out), folder.path(beside));
        let old = format!("{beside}.old");
        for _ in 0..2 {
            let (is_done, said) = written(command, &out);
            assert!(is_done && !said.contains("replaced") && !fs::exists(&old).unwrap(), "{said}");
        }
        let first = fs::read_to_string(&beside).unwrap();
        for (kept, own) in [(old.clone(), "corrected by hand"), (format!("{old}2"), "and once more")] {
            fs::write(&beside, own).unwrap();
            let (is_done, said) = written(command, &out);
            let message = format!("{beside}: replaced; what it held is kept in {kept}\n");
            assert!(is_done && said.contains(&message), "{said}");
            assert_eq!(fs::read_to_string(&kept).unwrap(), own);
            assert_eq!(fs::read_to_string(&beside).unwrap(), first);
        }
        assert_eq!(fs::read_to_string(&old).unwrap(), "corrected by hand");
    }
}

#[test]
fn embeddings_of_images_replace_their_own_labels() {
    let folder = Folder::with_two_identities("own-labels");
    let (data, out) = (folder.path(""), folder.path("e.npy"));
    for _ in 0..2 {
        let done = reid_web(&["embed", "--model", MODEL, "--data", &data, "--out", &out]);
        let said = text(&done.stderr);
        assert!(done.status.success() && !said.contains("e.csv"), "{said}");
    }
    assert!(
        fs::read_to_string(folder.path("e.csv")).unwrap().starts_with("path,set,identity,camera,content\n")
    );
}

#[test]
fn what_is_read_is_not_overwritten() {
    let folder = Folder::with_two_identities("own-model");
    fs::create_dir(folder.path("model")).unwrap();
    for name in ["model.safetensors", "config.json"] {
        fs::copy(std::path::Path::new(MODEL).with_file_name(name), folder.path(&format!("model/{name}")))
            .unwrap();
    }
    fs::write(folder.path("model/tokenizer.json"), "{}").unwrap();
    fs::copy(folder.path("query/0001/q.png"), folder.path("query/0001/q")).unwrap();
    let (data, model, weights) =
        (folder.path(""), folder.path("model"), folder.path("model/model.safetensors"));
    for (command, model, out, reason) in [
        ("embed", &model, "model/config.json", "in the model's folder"),
        ("embed", &model, "model/tokenizer.json", "in the model's folder"),
        ("embed", &weights, "model/config.json", "in the model's folder"),
        ("evaluate", &weights, "model/config.json", "in the model's folder"),
        ("evaluate", &model, "query/0001/q", "read"),
        ("rank", &model, "query/0001/q", "read"),
    ] {
        let out = folder.path(out);
        let before = fs::read(&out).unwrap();
        let done = reid_web(&[command, "--model", model, "--data", &data, "--out", &out]);
        let message = format!("--out {out} would overwrite {out}, which is {reason}");
        assert!(!done.status.success() && text(&done.stderr).contains(&message), "{}", text(&done.stderr));
        assert_eq!(fs::read(&out).unwrap(), before);
    }
    let out = folder.path("model/new.json");
    let done = reid_web(&["evaluate", "--model", &model, "--data", &data, "--out", &out]);
    assert!(done.status.success(), "{}", text(&done.stderr));
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
