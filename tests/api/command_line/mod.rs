//! The program: what it writes equals what Python computes from the same images, and so what the page saves, which is
//! held against the same file.

mod choices;
#[cfg(all(feature = "cli", target_arch = "x86_64"))]
mod eight_bits;
mod embeddings;
mod failures;
mod folders;
mod golden;
mod journal;
mod layout;
mod models;
mod notes;
mod options;
mod outputs;
#[cfg(all(feature = "cli", unix))]
mod pipes;
mod sets;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::program::{DATA, IMAGES, MODEL, expected, fresh, json, reid_web, text};

#[test]
fn evaluate_gives_pythons_metrics() {
    let expected = expected();
    let out = fresh("metrics.json");
    for policy in ["drop", "zero"] {
        let arguments = ["evaluate", "--model", MODEL, "--data", DATA, "--unmatched", policy, "--out"];
        let done = reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let (found, wanted) = (json(&out), &expected[policy]);
        for name in ["evaluated", "cmc", "meanAveragePrecision", "meanAveragePrecisionTrapezoidal"] {
            assert_eq!(found[name], wanted[name], "{policy} {name}");
        }
        let rank_1 = wanted["cmc"][0].as_f64().unwrap();
        assert!(text(&done.stdout).contains(&format!("Rank-1                {rank_1:.4}   ")));
        let best = expected["perQuery"][0]["ranked"][0].as_u64().unwrap() as usize;
        assert_eq!(
            found["perQuery"][0]["query"],
            format!("folders/{}", expected["query"][0].as_str().unwrap())
        );
        assert_eq!(
            found["perQuery"][0]["best"],
            format!("folders/{}", expected["gallery"][best].as_str().unwrap())
        );
    }
}

#[test]
fn saved_embeddings_rank_as_their_images_do() {
    let out = fresh("for-ranks.json");
    let images = ["--model", MODEL, "--data", DATA];
    let saved = reid_web(&[&["embed", "--out", out.to_str().unwrap()], &images[..]].concat());
    assert!(saved.status.success(), "{}: {}", saved.status, text(&saved.stderr));
    let from_images = reid_web(&[&["rank", "--top", "3"], &images[..]].concat());
    let from_file = reid_web(&["rank", "--top", "3", "--embeddings", out.to_str().unwrap()]);
    assert_eq!(text(&from_file.stdout), text(&from_images.stdout));
    let first = expected()["perQuery"][0]["ranked"][0].as_u64().unwrap() as usize;
    let line = format!(
        "folders/query0/0000001/1.png,1,folders/{},0.92",
        expected()["gallery"][first].as_str().unwrap()
    );
    assert!(text(&from_file.stdout).lines().nth(1).unwrap().starts_with(&line));
}

#[test]
fn every_format_of_embeddings_gives_the_same_numbers() {
    let images = ["--model", MODEL, "--data", DATA];
    let refinements =
        ["--re-ranking", "--average-gallery", "--normalise", "t", "--false-positive-rate", "0.05"];
    let of_images = reid_web(&[&["evaluate"], &images[..], &refinements].concat());
    assert!(of_images.status.success(), "{}", text(&of_images.stderr));
    for ending in ["json", "npy", "mat"] {
        let file = fresh(&format!("embeddings.{ending}"));
        let path = file.to_str().unwrap();
        assert!(reid_web(&[&["embed", "--out", path], &images[..]].concat()).status.success());
        let labels = file.with_extension("csv");
        let labels = if ending == "npy" { vec!["--labels", labels.to_str().unwrap()] } else { Vec::new() };
        let of_file = reid_web(&[&["evaluate", "--embeddings", path], &labels[..], &refinements].concat());
        assert_eq!(text(&of_file.stdout), text(&of_images.stdout), "{ending}: {}", text(&of_file.stderr));
    }
}

/// Three runs with galleries that have distractors: each as by itself, then mean and standard deviation (n − 1).
#[test]
fn all_runs_are_evaluated_and_summed_up() {
    let root = std::env::temp_dir().join(format!("reid-web-{}-runs", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    for run in 0..3 {
        for (set, to) in [("query0", format!("query{run}")), ("gallery0_all", format!("gallery{run}_all"))] {
            for identity in fs::read_dir(format!("{DATA}/{set}")).unwrap().map(Result::unwrap) {
                let files = fs::read_dir(identity.path()).unwrap().map(|file| file.unwrap().path());
                let target = root.join(&to).join(identity.file_name());
                fs::create_dir_all(&target).unwrap();
                // Every run asks for other queries.
                let is_asked = |at: usize| set != "query0" || at % 3 == run;
                for (_, file) in files.enumerate().filter(|(at, _)| is_asked(*at)) {
                    fs::copy(&file, target.join(file.file_name().unwrap())).unwrap();
                }
            }
        }
    }
    let (out, root) = (fresh("runs.json"), root.to_str().unwrap().to_owned());
    let arguments = ["evaluate", "--model", MODEL, "--data", &root, "--out", out.to_str().unwrap()];
    let done = reid_web(&[&arguments[..], &["--all-runs"]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let all = json(&out);
    let mut values = Vec::new();
    for run in ["0", "1", "2"] {
        assert!(reid_web(&[&arguments[..], &["--run", run]].concat()).status.success());
        let alone = json(&out)["meanAveragePrecision"].as_f64().unwrap();
        assert_eq!(all["runs"][values.len()]["meanAveragePrecision"], alone);
        values.push(alone);
    }
    let mean = values.iter().sum::<f64>() / 3.0;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
    let summary = &all["summary"]["meanAveragePrecision"];
    assert!((summary["mean"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert!((summary["standardDeviation"].as_f64().unwrap() - deviation).abs() < 1e-12);
    fs::remove_dir_all(&root).unwrap();
}

/// Ten runs with flip augmentation, with and without distractors.
#[test]
fn clip_handids_protocol_gives_its_means() {
    let fixture: Value = serde_json::from_str(include_str!("../../fixtures/handid/runs.json")).unwrap();
    let root = fresh("handid");
    for (place, source) in fixture["files"].as_object().unwrap() {
        let place = root.join(place);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(PathBuf::from(DATA).join(source.as_str().unwrap()), place).unwrap();
    }
    let out = fresh("handid.json");
    for (name, flag) in [("plain", &[][..]), ("distractors", &["--distractors"])] {
        let flip = r#"{"augmentation": "flip"}"#;
        let arguments = ["evaluate", "--model", MODEL, "--choices", flip, "--all-runs", "--data"];
        let paths = [root.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let done = reid_web(&[&arguments[..], &paths, flag].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let found = json(&out);
        assert_eq!(found["runs"].as_array().unwrap().len(), 10);
        for (metric, expected) in fixture["means"][name].as_object().unwrap() {
            let mean = found["summary"][metric]["mean"].as_f64().unwrap();
            assert!((mean - expected.as_f64().unwrap()).abs() < 1e-9, "{name} {metric}: {mean}");
        }
    }
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn protocols_say_their_settings_and_rank_what_they_are_for() {
    let (embeddings, out) = (fresh("for-protocols.json"), fresh("protocol.json"));
    let images = ["embed", "--model", MODEL, "--data", DATA, "--out", embeddings.to_str().unwrap()];
    assert!(reid_web(&images).status.success());
    let input = ["evaluate", "--embeddings", embeddings.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let found = |arguments: &[&str]| {
        let done = reid_web(&[&input[..], arguments].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        (text(&done.stdout), json(&out))
    };
    let (shown, pool) = found(&["--protocol", "leave-one-out", "--keep-same-camera"]);
    assert_eq!(pool["settings"], serde_json::json!({"removeSameCamera": false, "unmatched": "drop"}));
    assert_eq!(pool["perQuery"].as_array().unwrap().len(), IMAGES);
    assert!(shown.contains(&format!("of {IMAGES} queries evaluated")), "{shown}");

    let drawn = ["--protocol", "splits", "--gallery-images", "2", "--runs", "3", "--seed", "7"];
    let (shown, splits) = found(&drawn);
    assert_eq!((&splits["settings"]["galleryImages"], &splits["settings"]["seed"]), (&2.into(), &7.into()));
    let values = splits["runs"].as_array().unwrap().iter();
    let values: Vec<f64> = values.map(|run| run["meanAveragePrecision"].as_f64().unwrap()).collect();
    let mean = splits["summary"]["meanAveragePrecision"]["mean"].as_f64().unwrap();
    assert!(values.len() == 3 && (values.iter().sum::<f64>() / 3.0 - mean).abs() < 1e-12);
    assert!(shown.contains(&format!("{:22}{mean:.4} ± ", "mAP")), "{shown}");
    assert_eq!(found(&drawn).1, splits, "the same seed");

    let (_, single) = found(&["--protocol", "cuhk03"]);
    assert_eq!((&single["repeats"], &single["settings"]["repeats"]), (&10.into(), &10.into()));
    let whole = found(&[]).1;
    assert_eq!(single["evaluation"]["meanAveragePrecision"], whole["meanAveragePrecision"]);
    assert_eq!(single["evaluation"]["perQuery"][0]["best"], whole["perQuery"][0]["best"]);
    // Images of no set, and those of one.
    let folder = "tests/fixtures/page/folders/query0";
    let images = ["evaluate", "--model", MODEL, "--data", folder, "--protocol", "leave-one-out"];
    assert!(reid_web(&images).status.success());
}

#[test]
fn a_report_names_the_weights_and_the_images_by_their_content() {
    let out = fresh("facts.json");
    let arguments = ["evaluate", "--model", MODEL, "--data", DATA, "--out", out.to_str().unwrap()];
    assert!(reid_web(&arguments).status.success());
    let found = json(&out);
    assert_eq!(found["model"]["sha256"], sha256(&fs::read(MODEL).unwrap()));
    let mut hashes = Vec::new();
    for folder in fs::read_dir(format!("{DATA}/query0")).unwrap() {
        let files = fs::read_dir(folder.unwrap().path()).unwrap();
        hashes.extend(files.map(|file| sha256(&fs::read(file.unwrap().path()).unwrap())));
    }
    hashes.sort();
    let lines: String = hashes.iter().map(|hash| format!("{hash}\n")).collect();
    let query =
        serde_json::json!({"images": 27, "identities": 9, "cameras": 0, "content": sha256(lines.as_bytes())});
    assert_eq!(found["data"]["query"], query);
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// The page's tests hold theirs against the same files.
#[test]
fn an_evaluation_is_saved_as_tables_too() {
    let out = fresh("study.csv");
    let arguments = ["evaluate", "--embeddings", "tests/fixtures/page/embeddings.json", "--out"];
    assert!(reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat()).status.success());
    let queries = fs::read_to_string(out.with_extension("queries.csv")).unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), include_str!("../../fixtures/page/study.csv"));
    assert_eq!(queries, include_str!("../../fixtures/page/study.queries.csv"));
    // The tables have what the JSON has.
    let study: Value = serde_json::from_str(include_str!("../../fixtures/page/study.json")).unwrap();
    let line = |name: &str, value: &Value| format!("\n{name},{value}\n");
    let table = include_str!("../../fixtures/page/study.csv");
    assert!(table.contains(&line("cmc.5", &study["cmc"][4])));
    assert!(table.contains(&line("intervals.rank1.low", &study["intervals"]["rank1"]["low"])));
    assert!(table.contains("\nsettings.unmatched,drop\n"));
    assert_eq!(queries.lines().count(), 1 + study["perQuery"].as_array().unwrap().len());
}

/// The page's tests hold it against the same file.
#[test]
fn the_page_and_the_program_agree_in_every_number_of_a_study() {
    let out = fresh("study.json");
    let arguments = ["evaluate", "--embeddings", "tests/fixtures/page/embeddings.json", "--out"];
    assert!(reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat()).status.success());
    let expected: Value = serde_json::from_str(include_str!("../../fixtures/page/study.json")).unwrap();
    assert_eq!(json(&out), expected);
}
