//! Files of embeddings: read as the page reads them.

use std::fs;

use crate::support::program::{DATA, Folder, MODEL, counts, fresh, json, reid_web, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

/// Five gallery images and three queries, embedded into a `.npy` file and its labels.
fn saved(name: &str) -> Folder {
    let folder = Folder::new(name);
    for (number, path) in ["query/0001/0", "query/0002/1", "query/0003/2"].iter().enumerate() {
        folder.add(format!("data/{path}.png"), number * 3);
    }
    for (number, identity) in [1, 2, 3, 1, 2].iter().enumerate() {
        folder.add(format!("data/gallery/{identity:04}/{}.png", number + 3), identity * 3 - 2 + number / 3);
    }
    let out = folder.path("e.npy");
    let done = reid_web(&["embed", "--model", MODEL, "--data", &folder.path("data"), "--out", &out]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    folder
}

#[test]
fn what_labels_leave_open_is_read_off_the_paths() {
    let folder = saved("labels");
    let labels = fs::read_to_string(folder.path("e.csv")).unwrap();
    let evaluated = |labels: &str| {
        fs::write(folder.path("labels.csv"), labels).unwrap();
        let (out, npy) = (fresh("paths-only.json"), folder.path("e.npy"));
        let arguments = ["evaluate", "--embeddings", &npy, "--labels", &folder.path("labels.csv"), "--out"];
        let done = reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        json(&out)
    };
    let cells = |line: &str, count| line.split(',').take(count).collect::<Vec<_>>().join(",");
    let whole = evaluated(&labels.lines().map(|line| cells(line, 4)).collect::<Vec<_>>().join("\n"));
    assert_eq!(counts(&whole), (3, 5));
    let paths: Vec<&str> = labels.lines().map(|line| line.split(',').next().unwrap()).collect();
    for line_end in ["\n", "\r\n"] {
        assert_eq!(evaluated(&paths.join(line_end)), whole);
        assert_eq!(
            evaluated(&format!("\u{feff}{}", paths.join(line_end))),
            whole,
            "a byte order mark is nothing"
        );
    }
}

#[test]
fn the_same_file_is_known_when_its_embedding_was_saved() {
    let folder = Folder::new("same-file-saved");
    for (path, number) in [("query/1/a", 0), ("query/1/b", 1), ("gallery/1/copy", 0), ("gallery/2/c", 4)] {
        folder.add(format!("data/{path}.png"), number);
    }
    let evaluated = |arguments: &[&str]| {
        let out = fresh("same-file.json");
        let done = reid_web(&[&["evaluate"], arguments, &["--out", out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        json(&out)
    };
    let data = folder.path("data");
    let images = ["--model", MODEL, "--data", &data];
    let expected = evaluated(&images);
    assert_eq!((&expected["sameFile"], &expected["evaluated"]), (&1.into(), &1.into()));
    for name in ["e.json", "e.npy"] {
        let saved = folder.path(name);
        assert!(reid_web(&[&["embed"], &images[..], &["--out", &saved]].concat()).status.success());
        let labels = folder.path("e.csv");
        let arguments = ["--embeddings", &saved, "--labels", &labels];
        let found = evaluated(if name == "e.npy" { &arguments } else { &arguments[..2] });
        for key in ["sameFile", "evaluated", "perQuery", "data"] {
            assert_eq!(found[key], expected[key], "{name}: {key}");
        }
    }
}

#[test]
fn endings_count_in_any_case() {
    let folder = saved("endings");
    fs::copy(folder.path("e.npy"), folder.path("E.NPY")).unwrap();
    fs::copy(folder.path("e.csv"), folder.path("E.CSV")).unwrap();
    let mat = folder.path("E.Mat");
    let from_npy = ["--embeddings", &folder.path("E.NPY"), "--labels", &folder.path("E.CSV")];
    let converted = reid_web(&[&["embed"], &from_npy[..], &["--out", &mat]].concat());
    assert!(converted.status.success(), "{}", text(&converted.stderr));
    let of = |arguments: &[&str]| text(&reid_web(&[&["evaluate"], arguments].concat()).stdout);
    assert!(of(&from_npy).contains("3 of 3 queries evaluated"));
    assert_eq!(of(&["--embeddings", &mat]), of(&from_npy));
    let tables = folder.path("METRICS.CSV");
    assert!(reid_web(&["evaluate", "--embeddings", &mat, "--out", &tables]).status.success());
    assert!(fs::read_to_string(tables).unwrap().starts_with("name,value\n"));
}

/// As spreadsheets and other programs leave them.
#[test]
fn labels_that_may_mean_the_same_are_said() {
    let folder = saved("spellings");
    for (cameras, identities, said) in [
        (["1", "2"], ["a", "b"], ""),
        (["c1", "1"], ["a", "b"], "1 camera may have several spellings, which count as different"),
        (["01", "1"], ["a", "b"], ": 01 and 1\n"),
        (
            ["", ""],
            ["7", "007"],
            "1 identity appears with and without leading zeros, which count as different",
        ),
        (
            ["", ""],
            ["Ann", "ann"],
            "1 identity has several spellings, which count as different: Ann and ann\n",
        ),
        (["", ""], ["a", "a"], "all labelled images show one identity, so every match is correct: a\n"),
        (["1", ""], ["a", "b"], "4 of the images have no camera while others do"),
    ] {
        let row = |index: usize| {
            let (set, at) = (if index < 4 { "query" } else { "gallery" }, index % 2);
            format!("{index}.png,{set},{},{}\n", identities[at], cameras[at])
        };
        let rows: String = (0..8).map(row).collect();
        fs::write(folder.path("labels.csv"), format!("path,set,identity,camera\n{rows}")).unwrap();
        let files = [&folder.path("e.npy"), "--labels", &folder.path("labels.csv")];
        for command in ["evaluate", "rank"] {
            let done = reid_web(&[&[command, "--embeddings"], &files[..]].concat());
            assert!(done.status.success());
            let found = text(&done.stderr);
            assert!(found.contains(said) && found.is_empty() == said.is_empty(), "{said:?}: {found:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_nothing() {
    let folder = Folder::new("mark");
    let marked = folder.path("e.JSON");
    fs::write(&marked, [b"\xef\xbb\xbf", fs::read(EXPORT).unwrap().as_slice()].concat()).unwrap();
    let of = |file: &str, out: &str| {
        let done = reid_web(&["evaluate", "--embeddings", file, "--out", out]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        json(out.as_ref())
    };
    let out = folder.path("metrics.json");
    assert_eq!(of(&marked, &out), of(EXPORT, &out), "the model that it names as well");
    let choices = "\u{feff}{\"augmentation\": \"flip\"}";
    let arguments = ["embed", "--model", MODEL, "--data", DATA, "--choices", choices, "--out", &out];
    let done = reid_web(&arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[test]
fn files_that_are_none_are_named() {
    for (arguments, reason) in [
        (&["nowhere.json"][..], "nowhere.json: No such file"),
        (&["tests"], "tests: "),
        (&["Cargo.toml"], "Cargo.toml: "),
        (&["e.npy"], "e.npy: --labels FILE.csv, which describes its rows, is missing"),
        (&[EXPORT, "--labels", "l.csv"], "embeddings.json: --labels belong to a .npy file"),
        (&["e.npy", "--labels", "nowhere.csv"], "e.npy: No such file"),
    ] {
        let done = reid_web(&[&["rank", "--embeddings"], arguments].concat());
        assert_eq!(done.status.code(), Some(1), "{arguments:?}");
        assert!(text(&done.stderr).contains(reason), "{arguments:?}: {}", text(&done.stderr));
    }
}
