//! Options: what is wrong is said in words, and what the help mentions exists.

use std::collections::BTreeSet;
use std::fs;

use crate::support::program::{DATA, Folder, MODEL, reid_web, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

#[test]
fn what_is_wrong_is_said() {
    for (arguments, reason) in [
        (&["evolve"][..], "there is no command \"evolve\", expected embed, evaluate, rank or bench"),
        (&["rank"], "--model FOLDER or --embeddings FILE is missing"),
        (&["rank", "--model", MODEL], "images are missing"),
        (&["rank", "--model", MODEL, "--query", DATA], "images are missing"),
        (&["rank", "--embeddings", "nowhere.json"], "nowhere.json"),
        (&["rank", "--embeddings", "Cargo.toml"], "Cargo.toml: "),
        (&["evaluate", "--embeddings", "e.npy", "--normalise", "x"], "--normalise is x, expected z, t or s"),
        (&["rank", "--embeddings", "e.json", "--protocol", "cuhk03"], "--protocol is for evaluate"),
        (
            &["evaluate", "--embeddings", "e.json", "--protocol", "market"],
            "--protocol is market, expected leave-one-out, splits or cuhk03",
        ),
        (&["evaluate", "--embeddings", "e.json", "--runs", "3"], "are for --protocol splits"),
        (&["evaluate", "--embeddings", "e.json", "--protocol", "cuhk03", "--re-ranking"], "no refinements"),
        (&["rank", "--model", MODEL, "--data", "tests/fixtures/page/folders/query0"], "no gallery images"),
        (&["rank", "--model", "tests/fixtures/page", "--data", DATA], "no weight file"),
        (&["rank", "--model", "tests/fixtures/clip/quick-gelu", "--data", DATA], "weight files"),
        (&["rank", "--model", MODEL, "--data", DATA, "--run", "7"], "there is no run 7"),
        (
            &["rank", "--model", MODEL, "--data", DATA, "--device", "tpu"],
            "--device is tpu, expected cpu or webgpu",
        ),
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
        (
            &["rank", "--embeddings", "e.json", "--top", "ten"],
            "--top is ten, expected a whole number, 1 or more",
        ),
        (&["rank", "--embeddings"], "--embeddings"),
        (&["rank", "--embeddings", EXPORT, "--out", "ranks.json"], "ranks are written as .csv, not .json"),
        (&["embed", "--embeddings", EXPORT, "--out", "e.csv"], "written as .json, .npy or .mat, not .csv"),
        (&["embed", "--embeddings", EXPORT, "--out", EXPORT], "which is read"),
        (&["evaluate", "--embeddings", EXPORT, "--out", "nowhere/m.json"], "nowhere/m.json: No such file"),
        (&["evaluate", "--embeddings", EXPORT, "--out", "tests"], "tests is a folder, expected a file"),
    ] {
        let done = reid_web(arguments);
        assert_eq!(done.status.code(), Some(1), "{arguments:?}");
        assert!(text(&done.stderr).contains(reason), "{arguments:?}: {}", text(&done.stderr));
    }
}

/// Each with a value on either side of its range.
#[test]
fn numbers_out_of_range_are_refused_with_the_range() {
    let evaluate = ["evaluate", "--embeddings", EXPORT];
    let rank = ["rank", "--embeddings", EXPORT];
    let embed = ["embed", "--model", MODEL, "--data", DATA];
    let splits = ["evaluate", "--embeddings", EXPORT, "--protocol", "splits"];
    let from_1 = "expected a whole number, 1 or more";
    let from_0 = "expected a whole number, 0 or more";
    for (arguments, option, values, expected) in [
        (&embed[..], "threads", &["0", "-1", "1.5", "many", "", "nan"][..], from_1),
        (&rank, "top", &["0", "-1", "2.5", "1e3", "inf"], from_1),
        (&evaluate, "seed", &["-1", "0.5", "18446744073709551616", "x"], from_0),
        (&evaluate, "query-expansion", &["0", "-3", "nan"], from_1),
        (&evaluate, "whitening", &["-1", "1.5", "all"], from_0),
        (
            &evaluate,
            "false-positive-rate",
            &["2", "-1", "nan", "inf", "1.0001", "-0.0001", "1%"],
            "expected a number from 0 to 1",
        ),
        (&splits, "gallery-images", &["0", "-1", "1.5"], from_1),
        (&splits, "runs", &["0", "-1", "1.5"], from_1),
    ] {
        for value in values {
            let done = reid_web(&[arguments, &[&format!("--{option}={value}")]].concat());
            let message = format!("--{option} is {value}, {expected}");
            assert_eq!(done.status.code(), Some(1), "{message}");
            assert!(
                text(&done.stderr).contains(&message) && done.stdout.is_empty(),
                "{message}: {}",
                text(&done.stderr)
            );
        }
    }
    for (option, value, message) in [
        ("query-expansion", "27", "--query-expansion is 27, expected 1 to "),
        ("whitening", "999", "whitening to 999 components is not possible: the gallery's embeddings have "),
    ] {
        let done = reid_web(&[&evaluate[..], &[&format!("--{option}"), value]].concat());
        assert!(!done.status.success() && text(&done.stderr).contains(message), "{}", text(&done.stderr));
    }
    for rate in ["0", "1", "1e-3"] {
        let done = reid_web(&[&evaluate[..], &["--false-positive-rate", rate]].concat());
        assert!(done.status.success(), "{rate}: {}", text(&done.stderr));
    }
}

#[test]
fn options_that_would_be_ignored_are_refused() {
    for (arguments, reason) in [
        (&["rank", "--embeddings", EXPORT, "--whitening", "0"][..], "--whitening is for evaluate"),
        (&["rank", "--embeddings", EXPORT, "--unmatched", "zero"], "--unmatched is for evaluate"),
        (
            &["embed", "--embeddings", EXPORT, "--keep-same-camera"],
            "--keep-same-camera is for evaluate and rank",
        ),
        (&["embed", "--embeddings", EXPORT, "--seed", "2"], "--seed is for evaluate"),
        (&["bench", "--model", MODEL, "--data", DATA], "--data is for evaluate, rank and embed"),
        (&["bench", "--model", MODEL, "--threads", "2"], "--threads is for evaluate, rank and embed"),
        (
            &["evaluate", "--embeddings", EXPORT, "--keep-going"],
            "--embeddings and --keep-going exclude each other",
        ),
        (
            &[
                "evaluate",
                "--embeddings",
                EXPORT,
                "--protocol",
                "leave-one-out",
                "--false-positive-rate",
                "0.1",
            ],
            "--protocol and --false-positive-rate exclude each other",
        ),
        (&["evaluate", "--embeddings", EXPORT, "--seed", "1", "--seed", "2"], "--seed is given twice"),
        (&["rank", "--embeddings", EXPORT, "--embeddings", EXPORT], "--embeddings is given twice"),
    ] {
        let done = reid_web(arguments);
        assert!(
            !done.status.success() && text(&done.stderr).contains(reason),
            "{reason}: {}",
            text(&done.stderr)
        );
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    for arguments in [&["--version"][..], &["-V"], &["evaluate", "--version"]] {
        let done = reid_web(arguments);
        assert!(done.status.success());
        assert_eq!(text(&done.stdout), concat!("reid-web ", env!("CARGO_PKG_VERSION"), "\n"));
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
    let source = fs::read_to_string("src/bin/reid-web/options/mod.rs").unwrap();
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
