//! Where results go, and in which format.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use reid_web::exchange::{write_labels, write_query_results};
use serde_json::json;

use super::Outcome;
use super::console::note;
use super::files::{check_writable, is_special};
use super::options::{Command, Input, Options};
use super::values::either;

/// The ending of a file's name, in lower case.
pub fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Where the labels of a `.npy` file are written.
pub fn labels_beside(npy: &Path) -> PathBuf {
    npy.with_extension("csv")
}

/// Where the queries of an evaluation are written that is a table.
pub fn queries_beside(csv: &Path) -> PathBuf {
    csv.with_extension("queries.csv")
}

/// Says that a file is replaced that nobody has named.
pub fn say_replaced(path: &Path) {
    if path.exists() {
        note(format_args!("{}: replaced as well", path.display()));
    }
}

/// Errors if the result could not be written, or would take the place of something else, before anything is computed
/// for it.
pub fn check(options: &Options) -> Outcome<()> {
    let Some(out) = options.out.as_deref() else { return Ok(()) };
    if is_special(out) {
        return Ok(());
    }
    check_ending(options.command, out)?;
    let beside = beside(options.command, out)?;
    let mut written = vec![out];
    written.extend(beside.as_ref().map(|(path, _)| path.as_path()));
    for path in written {
        if is_read(options, path) {
            return Err(
                format!("--out {} would overwrite {}, which is read", out.display(), path.display()).into()
            );
        }
        check_writable(path)?;
    }
    beside.map_or(Ok(()), |(path, header)| check_replaceable(out, &path, &header))
}

fn check_ending(command: Command, out: &Path) -> Outcome<()> {
    let (what, endings): (_, &[&str]) = match command {
        Command::Embed => ("embeddings are", &[".json", ".npy", ".mat"]),
        Command::Evaluate => ("an evaluation is", &[".json", ".csv"]),
        Command::Rank => ("ranks are", &[".csv"]),
        Command::Bench => ("a benchmark is", &[".json"]),
    };
    // Embeddings are read again, by their ending.
    let ending = match (ending(out), command) {
        (ending, Command::Embed) if ending.is_empty() => "a name without an ending".to_owned(),
        (ending, _) if ending.is_empty() => return Ok(()),
        (ending, _) => format!(".{ending}"),
    };
    match endings.contains(&ending.as_str()) {
        true => Ok(()),
        false => {
            Err(format!("--out {}: {what} written as {}, not {ending}", out.display(), either(endings))
                .into())
        }
    }
}

/// The file that a result writes besides the one that was named, and how it begins.
fn beside(command: Command, out: &Path) -> Outcome<Option<(PathBuf, Vec<u8>)>> {
    Ok(match (command, ending(out).as_str()) {
        (Command::Embed, "npy") => Some((labels_beside(out), write_labels(&[])?)),
        (Command::Evaluate, "csv") => {
            write_query_results(&json!({"perQuery": []}))?.map(|header| (queries_beside(out), header))
        }
        _ => None,
    })
}

/// Errors if a file that nobody has named holds something else than what an earlier run wrote there.
fn check_replaceable(out: &Path, path: &Path, header: &[u8]) -> Outcome<()> {
    let mut first = Vec::new();
    match File::open(path).and_then(|file| BufReader::new(file).read_until(b'\n', &mut first)) {
        Ok(_) if first != header => Err(format!(
            "--out {} would overwrite {}, which holds something else; choose another name",
            out.display(),
            path.display()
        )
        .into()),
        _ => Ok(()),
    }
}

fn is_read(options: &Options, path: &Path) -> bool {
    let Input::Embeddings { file, labels } = &options.input else { return false };
    [Some(file), labels.as_ref()].into_iter().flatten().any(|one| is_same(one, path))
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
