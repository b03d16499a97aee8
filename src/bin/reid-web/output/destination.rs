//! Where results go, and in which format.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::images::ImageFile;
use crate::model::weight_files;
use crate::options::{Command, Input, Options};
use crate::output::console::{either, note};
use crate::output::files::{check_writable, is_special, named};

/// The ending of a file's name, in lower case.
pub fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Where the labels of a `.npy` file are written.
pub fn labels_beside(npy: &Path) -> PathBuf {
    npy.with_extension("csv")
}

/// Where the queries of an evaluation in CSV are written.
pub fn queries_beside(csv: &Path) -> PathBuf {
    csv.with_extension("queries.csv")
}

/// Keeps the content of a file that the command line does not name under another name, unless the same is written
/// again: labels may have been corrected by hand.
pub fn keep_old(path: &Path, new: &[u8]) -> Outcome<()> {
    let old = match fs::read(path) {
        Ok(old) if old != new && !is_special(path) => old,
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(named(path)(error)),
        _ => return Ok(()),
    };
    let kept = write_beside(path, &old)?;
    note(format_args!("{}: replaced; what it held is kept in {}", path.display(), kept.display()));
    Ok(())
}

/// Writes to the first free one of `m.csv.old`, `m.csv.old2` …
fn write_beside(path: &Path, bytes: &[u8]) -> Outcome<PathBuf> {
    let mut number = 1;
    loop {
        let mut name = OsString::from(path);
        name.push(if number == 1 { ".old".to_owned() } else { format!(".old{number}") });
        let kept = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&kept) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                return written.map(|()| kept.clone()).map_err(named(&kept));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(named(&kept)(error)),
        }
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
    for path in written(options.command, out) {
        if let Some(read) = read_file(options, &path) {
            return Err(overwrites(out, &path, read));
        }
        check_writable(&path)?;
    }
    check_pair(options.command, out)
}

/// The same for the images, once they are listed.
pub fn check_images(options: &Options, images: &[ImageFile]) -> Outcome<()> {
    let Some(out) = options.out.as_deref() else { return Ok(()) };
    for path in written(options.command, out) {
        let Ok(real) = fs::canonicalize(&path) else { continue };
        if images.iter().any(|image| image.file == real) {
            return Err(overwrites(out, &path, "which is read"));
        }
    }
    Ok(())
}

fn overwrites(out: &Path, path: &Path, what: &str) -> Box<dyn std::error::Error> {
    format!("--out {} would overwrite {}, {what}", out.display(), path.display()).into()
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

/// The named file, and the one that is written besides.
fn written(command: Command, out: &Path) -> Vec<PathBuf> {
    [out.to_owned()].into_iter().chain(beside(command, out)).collect()
}

/// The file that a result writes besides the one that was named.
fn beside(command: Command, out: &Path) -> Option<PathBuf> {
    match (command, ending(out).as_str()) {
        (Command::Embed, "npy") => Some(labels_beside(out)),
        (Command::Evaluate, "csv") => Some(queries_beside(out)),
        _ => None,
    }
}

/// Errors if a file that nobody has named is there without the one that an earlier run would have written with it.
fn check_pair(command: Command, out: &Path) -> Outcome<()> {
    match beside(command, out) {
        Some(path) if path.exists() && !out.exists() => {
            Err(overwrites(out, &path, "which is no earlier result; choose another name"))
        }
        _ => Ok(()),
    }
}

/// Why a file is not to be overwritten, if it is read.
fn read_file(options: &Options, path: &Path) -> Option<&'static str> {
    let real = fs::canonicalize(path).ok()?;
    let is_it = |one: &PathBuf| fs::canonicalize(one).is_ok_and(|one| one == real);
    match &options.input {
        Input::Embeddings { file, labels } => {
            [Some(file), labels.as_ref()].into_iter().flatten().any(is_it).then_some("which is read")
        }
        Input::Images(images) => {
            let in_folder =
                fs::canonicalize(&images.model).is_ok_and(|model| real.parent() == Some(model.as_path()));
            let is_part = in_folder || weight_files::all_files(&images.model).iter().any(is_it);
            is_part.then_some("which is in the model's folder")
        }
    }
}
