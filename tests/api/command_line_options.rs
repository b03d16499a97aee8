//! Options: what is wrong is said in words, and what the help mentions exists.

use std::collections::BTreeSet;
use std::fs;

use super::program::{DATA, Folder, MODEL, reid_web, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

#[test]
fn what_is_wrong_is_said() {
    for (arguments, reason) in [
        (&["evolve"][..], "there is no command \"evolve\""),
        (&["rank"], "--model FOLDER or --embeddings FILE is missing"),
        (&["rank", "--model", MODEL], "images are missing"),
        (&["rank", "--model", MODEL, "--query", DATA], "images are missing"),
        (&["rank", "--embeddings", "nowhere.json"], "nowhere.json"),
        (&["rank", "--embeddings", "Cargo.toml"], "Cargo.toml: "),
        (&["evaluate", "--embeddings", "e.npy", "--normalise", "x"], "--normalise takes z, t or s"),
        (&["rank", "--embeddings", "e.json", "--protocol", "cuhk03"], "--protocol is for evaluate"),
        (&["evaluate", "--embeddings", "e.json", "--protocol", "market"], "leave-one-out, cuhk03 or splits"),
        (&["evaluate", "--embeddings", "e.json", "--runs", "3"], "are for --protocol splits"),
        (&["evaluate", "--embeddings", "e.json", "--protocol", "cuhk03", "--re-ranking"], "no refinements"),
        (&["rank", "--model", MODEL, "--data", "tests/fixtures/page/folders/query0"], "no gallery images"),
        (&["rank", "--model", "tests/fixtures/page", "--data", DATA], "no weight file"),
        (&["rank", "--model", "tests/fixtures/clip/quick-gelu", "--data", DATA], "weight files"),
        (&["rank", "--model", MODEL, "--data", DATA, "--run", "7"], "there is no run 7"),
        (&["rank", "--model", MODEL, "--data", DATA, "--device", "tpu"], "--device takes cpu or webgpu"),
        (
            &["rank", "--model", MODEL, "--data", DATA, "--query", DATA],
            "--data and --query exclude each other",
        ),
        (
            &["rank", "--embeddings", "e.json", "--model", MODEL],
            "--embeddings and --model exclude each other",
        ),
        (&["rank", "--embeddings", "e.json", "--data", DATA], "--embeddings and --data exclude each other"),
        (
            &["rank", "--model", MODEL, "--data", DATA, "--labels", "l.csv"],
            "--labels belongs to --embeddings",
        ),
        (
            &["rank", "--model", MODEL, "--query", DATA, "--gallery", DATA, "--run", "1"],
            "--run belongs to --data",
        ),
        (&["rank", "--model", MODEL, "--data", DATA, "--all-runs"], "--all-runs is for evaluate"),
        (&["evaluate", "--embeddings", "e.json", "--top", "3"], "--top is for rank"),
        (&["rank", "--embeddings", "e.json", "--top", "ten"], "--top takes a number, not \"ten\""),
        (&["rank", "--embeddings"], "--embeddings"),
        (&["rank", "--embeddings", EXPORT, "--out", "ranks.json"], "ranks are written as .csv, not .json"),
        (&["embed", "--embeddings", EXPORT, "--out", "e.csv"], "written as .json or .npy or .mat, not .csv"),
        (&["embed", "--embeddings", EXPORT, "--out", EXPORT], "would overwrite what is read"),
        (&["evaluate", "--embeddings", EXPORT, "--out", "nowhere/m.json"], "nowhere/m.json: No such file"),
        (&["evaluate", "--embeddings", EXPORT, "--out", "tests"], "tests is a folder, expected a file"),
    ] {
        let done = reid_web(arguments);
        assert_eq!(done.status.code(), Some(1), "{arguments:?}");
        assert!(text(&done.stderr).contains(reason), "{arguments:?}: {}", text(&done.stderr));
    }
}

/// Every option that the help names is known, and every one in it is in the help.
#[test]
fn the_help_names_the_options_that_exist() {
    let help = text(&reid_web(&["--help"]).stdout);
    assert_eq!(help, text(&reid_web(&["rank", "--help"]).stdout));
    let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
    let named: BTreeSet<&str> = help
        .split("--")
        .skip(1)
        .filter_map(|rest| rest.split(|c| !is_name(c)).next())
        .filter(|name| !name.is_empty())
        .collect();
    for name in &named {
        let done = reid_web(&["evaluate", &format!("--{name}"), "1"]);
        assert!(!text(&done.stderr).contains("there is no option"), "--{name}: {}", text(&done.stderr));
    }
    assert!(text(&reid_web(&["evaluate", "--nothing"]).stderr).contains("there is no option --nothing"));
    let source = fs::read_to_string("src/bin/reid-web/options.rs").unwrap();
    let arms = source.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => "));
    let known: BTreeSet<&str> = arms.map(|(name, _)| name).filter(|name| name.len() > 1).collect();
    let values = ["cpu", "drop", "webgpu", "zero"];
    assert_eq!(
        known.difference(&named).filter(|name| !values.contains(name)).count(),
        0,
        "{known:?} {named:?}"
    );
    assert!(known.len() > 20, "{known:?}");
}

#[test]
fn results_go_where_they_are_asked_for() {
    let folder = Folder::new("results");
    for (command, name, start) in [
        ("evaluate", "m.JSON", "{"),
        ("evaluate", "m.Csv", "name,value"),
        ("evaluate", "without-an-ending", "{"),
        ("rank", "r.csv", "query,rank"),
        ("embed", "e.json", "{\"model\""),
    ] {
        let out = folder.path(name);
        let done = reid_web(&[command, "--embeddings", EXPORT, "--out", &out]);
        assert!(done.status.success(), "{name}: {}", text(&done.stderr));
        assert!(fs::read_to_string(out).unwrap().starts_with(start), "{name}");
    }
}
