//! Where results go, and in which format.

use std::fs;
use std::path::Path;

use super::Outcome;
use super::files::{check_writable, is_special};
use super::options::{Command, Input, Options};

/// The ending of a file's name, in lower case.
pub fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Errors if the result could not be written, before anything is computed for it.
pub fn check(options: &Options) -> Outcome<()> {
    let Some(out) = options.out.as_deref() else { return Ok(()) };
    let (what, accepted): (_, &[&str]) = match options.command {
        Command::Embed => ("embeddings are", &["json", "npy", "mat"]),
        Command::Evaluate => ("an evaluation is", &["json", "csv"]),
        Command::Rank => ("ranks are", &["csv"]),
        Command::Bench => ("a benchmark is", &["json"]),
    };
    let ending = ending(out);
    if !is_special(out) && !ending.is_empty() && !accepted.contains(&ending.as_str()) {
        let accepted = Vec::from_iter(accepted.iter().map(|one| format!(".{one}"))).join(" or ");
        return Err(format!("--out {}: {what} written as {accepted}, not .{ending}", out.display()).into());
    }
    if let Input::Embeddings { file, labels } = &options.input {
        let is_read = [Some(file), labels.as_ref()].into_iter().flatten().any(|one| is_same(one, out));
        if is_read && !is_special(out) {
            return Err(format!("--out {} would overwrite what is read", out.display()).into());
        }
    }
    check_writable(out)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
