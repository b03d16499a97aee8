//! Options that go together, and options that do not.

use super::Outcome;
use super::options::Command;

/// Options of which only one can be meant.
const EXCLUSIVE: [(&str, &[&str]); 3] = [
    ("embeddings", &["model", "data", "query", "gallery", "choices", "device", "threads"]),
    ("data", &["query", "gallery"]),
    ("all-runs", &["run"]),
];

/// Options that say nothing without another.
const NEEDED: [(&str, &str); 4] =
    [("labels", "embeddings"), ("run", "data"), ("all-runs", "data"), ("distractors", "data")];

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
    if is_given("all-runs") && command != Command::Evaluate {
        return Err("--all-runs is for evaluate".into());
    }
    if is_given("top") && command != Command::Rank {
        return Err("--top is for rank".into());
    }
    Ok(())
}

/// The error of two options of which only one can be meant.
pub fn exclude(one: &str, other: &str) -> Box<dyn std::error::Error> {
    format!("--{one} and --{other} exclude each other").into()
}
