//! Files, read and written whole. Every error names its file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::Outcome;
use crate::output::console;

/// What some editors and shells put in front of a text in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The content of a file.
pub fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(named(file))
}

/// A text without its byte order mark.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Writes a whole file, or to the standard output.
pub fn write(out: Option<&Path>, bytes: &[u8]) -> Outcome<()> {
    match out {
        Some(path) => write_together(&[(path, bytes)]),
        None => console::say(bytes),
    }
}

/// Writes whole files that belong together.
///
/// Existing files are replaced once all new ones are complete: a full disk leaves the old ones.
pub fn write_together(files: &[(&Path, &[u8])]) -> Outcome<()> {
    let mut staged = Vec::new();
    for (index, &(path, bytes)) in files.iter().enumerate() {
        if is_special(path) {
            fs::write(path, bytes).map_err(named(path))?;
            continue;
        }
        let target = target(path);
        let temporary = beside(&target, index);
        let done = stage(&target, &temporary, bytes);
        staged.push((path, target, temporary));
        if let Err(error) = done {
            staged.iter().for_each(|(.., temporary)| drop(fs::remove_file(temporary)));
            return Err(named(path)(error));
        }
    }
    staged
        .into_iter()
        .try_for_each(|(path, target, temporary)| fs::rename(temporary, target).map_err(named(path)))
}

/// Writes what is to become a file, with the permissions of the one that is there.
fn stage(target: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    if let Ok(old) = fs::metadata(target) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// What a link leads to is replaced, not the link.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Errors if a file cannot be written: better now than after hours of work.
pub fn check_writable(path: &Path) -> Outcome<()> {
    if path.is_dir() {
        return Err(format!("{} is a folder, expected a file", path.display()).into());
    }
    if is_special(path) {
        return Ok(());
    }
    let temporary = beside(&target(path), 0);
    File::create(&temporary).and_then(|_| fs::remove_file(&temporary)).map_err(named(path))
}

/// A pipe or a device, which is written to and not replaced.
pub fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// A name in the same folder, so that it can be renamed.
fn beside(target: &Path, index: usize) -> PathBuf {
    target.with_file_name(format!(".reid-web-{}-{index}.tmp", process::id()))
}

/// Puts the file's name before an error.
pub fn named(file: &Path) -> impl Fn(io::Error) -> Box<dyn std::error::Error> {
    move |error| format!("{}: {error}", file.display()).into()
}
