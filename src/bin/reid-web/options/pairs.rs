//! Options that go together, and options that do not.

use crate::Outcome;
use crate::options::Command;

/// Options that exclude each other.
const EXCLUSIVE: [(&str, &[&str]); 4] = [
    ("embeddings", &["model", "data", "query", "gallery", "choices", "device", "threads", "keep-going"]),
    ("data", &["query", "gallery"]),
    ("all-runs", &["run"]),
    ("protocol", &["false-positive-rate"]),
];

/// Options that say nothing without another.
const NEEDED: [(&str, &str); 4] =
    [("labels", "embeddings"), ("run", "data"), ("all-runs", "data"), ("distractors", "data")];

/// Options that say nothing to other commands.
const OF_COMMANDS: [(&[Command], &str, &[&str]); 4] = [
    (
        &[Command::Evaluate],
        "evaluate",
        &[
            "all-runs",
            "average-gallery",
            "average-queries",
            "false-positive-rate",
            "normalise",
            "query-expansion",
            "re-ranking",
            "seed",
            "unmatched",
            "whitening",
        ],
    ),
    (&[Command::Evaluate, Command::Rank], "evaluate and rank", &["keep-same-camera"]),
    (&[Command::Rank], "rank", &["top"]),
    (
        &[Command::Evaluate, Command::Rank, Command::Embed],
        "evaluate, rank and embed",
        &["data", "distractors", "embeddings", "gallery", "keep-going", "query", "run", "threads"],
    ),
];

/// Options that say nothing together, or to this command.
pub fn check(command: Command, names: &[String]) -> Outcome<()> {
    let is_given = |name: &str| names.iter().any(|given| given == name);
    for (one, others) in EXCLUSIVE {
        if let Some(other) = others.iter().find(|other| is_given(one) && is_given(other)) {
            return Err(exclude(one, other));
        }
    }
    for (one, other) in NEEDED {
        if is_given(one) && !is_given(other) {
            return Err(format!("--{one} belongs to --{other}, which is missing").into());
        }
    }
    for (commands, called, options) in OF_COMMANDS {
        if let Some(option) = options.iter().find(|option| is_given(option) && !commands.contains(&command)) {
            return Err(format!("--{option} is for {called}").into());
        }
    }
    Ok(())
}

/// The error of two options that exclude each other.
pub fn exclude(one: &str, other: &str) -> Box<dyn std::error::Error> {
    format!("--{one} and --{other} exclude each other").into()
}
