//! The files below a folder, links included.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, DirEntry, Metadata};
use std::hash::Hash;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use reid_web::dataset::skip_reason;

use crate::Outcome;
use crate::images::names::{of_folder, shown};
use crate::output::console::note;
use crate::output::failures::Failures;
use crate::output::files::named;

/// Links that are named, at most.
const NAMED: usize = 3;

/// A file that may be an image.
pub struct Walked {
    /// Where it really is, with all links followed.
    pub file: PathBuf,
    /// As people know it: from the chosen folder on, with `/`.
    pub path: String,
    /// Links on the way to it.
    pub links: usize,
}

/// Lists a folder, in the order of the paths.
///
/// A folder is listed once in each place, by the way with the fewest links, so that links that lead upwards or in a
/// circle do no harm; other links to a folder that is listed already are named. Pipes, sockets, devices and links to
/// nothing are named and skipped. What cannot be listed is a failure.
///
/// - `place`: what a folder's path tells about the files in it; where that differs, the same folder counts again
///
/// Errors if the folder itself cannot be listed.
pub fn walk<P: Eq + Hash>(
    root: &Path,
    place: impl Fn(&str) -> P,
    failures: &mut Failures,
) -> Outcome<Vec<Walked>> {
    let real = fs::canonicalize(root).map_err(named(root))?;
    if !real.is_dir() {
        return Err(format!("{} is a file, expected a folder", root.display()).into());
    }
    fs::read_dir(&real).map_err(named(root))?;
    let path = of_folder(root, &real);
    let mut walk =
        Walk { root: Folder { real, path, links: 0, above: Vec::new() }, failures, files: Vec::new() };
    let (mut listed, mut again, mut folders) = (HashMap::new(), Vec::new(), vec![walk.root.clone()]);
    while !folders.is_empty() {
        let mut linked = Vec::new();
        while let Some(folder) = folders.pop() {
            match listed.entry((place(&folder.path), folder.real.clone())) {
                Entry::Vacant(entry) => {
                    entry.insert(folder.path.clone());
                    walk.list(&folder, &mut folders, &mut linked);
                }
                Entry::Occupied(first) => again.push((folder.path, first.get().clone())),
            }
        }
        // What is found by fewer links comes first, then what has the lower path: the last is taken first.
        linked.sort_by(|a: &Folder, b| b.path.cmp(&a.path));
        folders = linked;
    }
    say_again(&again);
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.files)
}

/// Reports which folders are left out because they are listed by another path: links, not copies.
fn say_again(again: &[(String, String)]) {
    let named = again.iter().take(NAMED).map(|(path, first)| format!("{path} is {first}"));
    let named = Vec::from_iter(named).join(", ");
    let more = if again.len() > NAMED { ", …" } else { "" };
    match again.len() {
        0 => {}
        1 => note(format_args!("left out: 1 link to a folder that is listed already: {named}")),
        links => {
            note(format_args!("left out: {links} links to folders that are listed already: {named}{more}"));
        }
    }
}

#[derive(Clone)]
struct Folder {
    real: PathBuf,
    path: String,
    links: usize,
    /// The real folders in which the links to it lie.
    above: Vec<PathBuf>,
}

struct Walk<'a> {
    root: Folder,
    failures: &'a mut Failures,
    files: Vec<Walked>,
}

impl Walk<'_> {
    fn list(&mut self, folder: &Folder, inner: &mut Vec<Folder>, linked: &mut Vec<Folder>) {
        let found = fs::read_dir(&folder.real).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>);
        let mut entries = found.unwrap_or_else(|error| {
            self.failures.add_folder(&folder.path, error);
            Vec::new()
        });
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            let path = format!("{}/{}", folder.path, shown(&entry.file_name()));
            if !self.is_left_out(&format!("{path}/")) {
                self.take(folder, &entry, path, inner, linked);
            }
        }
    }

    /// - `inner`, `linked`: get the folders; those that a link leads to go into `linked`
    fn take(
        &mut self,
        folder: &Folder,
        entry: &DirEntry,
        path: String,
        inner: &mut Vec<Folder>,
        linked: &mut Vec<Folder>,
    ) {
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let links = folder.links + usize::from(is_link);
        let (real, metadata) = match target(entry, is_link) {
            Ok(found) => found,
            Err(error) if is_link && leads_nowhere(&error) => {
                return note(format_args!("{path}: skipped; the link leads nowhere"));
            }
            Err(error) => return self.failures.add_folder(&path, error),
        };
        match (metadata.is_dir(), is_link) {
            (true, true) if self.is_above(folder, &real, &path) => {}
            (true, true) => {
                let above = folder.above.iter().chain([&folder.real]).cloned().collect();
                linked.push(Folder { real, path, links, above });
            }
            (true, false) => inner.push(Folder { real, path, links, above: folder.above.clone() }),
            _ => self.take_file(Walked { file: real, path, links }, metadata.is_file()),
        }
    }

    fn take_file(&mut self, file: Walked, is_file: bool) {
        match (self.is_left_out(&file.path), is_file) {
            (true, _) => {}
            (false, true) => self.files.push(file),
            (false, false) => {
                note(format_args!("{}: skipped; it is a pipe, a socket or a device, not a file", file.path));
            }
        }
    }

    /// Whether a link leads to a folder on the way to it, which is listed already, or above the chosen one.
    fn is_above(&self, folder: &Folder, target: &Path, path: &str) -> bool {
        let is_above = folder.above.iter().chain([&folder.real]).any(|one| one.starts_with(target));
        if is_above && !target.starts_with(&self.root.real) {
            note(format_args!("{path}: skipped; the link leads above {}", self.root.path));
        }
        is_above
    }

    /// Whether a file is none to be tried; of a folder, with `/` at its end, whether no file in it is.
    ///
    /// The chosen folder itself may have any name.
    fn is_left_out(&self, path: &str) -> bool {
        let below = &path[self.root.path.len()..];
        let name = if below.ends_with('/') { "image" } else { "" };
        skip_reason(&format!("{below}{name}")).is_some()
    }
}

/// Where an entry really is, and what.
fn target(entry: &DirEntry, is_link: bool) -> io::Result<(PathBuf, Metadata)> {
    let real = if is_link { fs::canonicalize(entry.path())? } else { entry.path() };
    let metadata = fs::metadata(&real)?;
    Ok((real, metadata))
}

/// Whether a link leads to nothing, or back to itself.
fn leads_nowhere(error: &io::Error) -> bool {
    // "Too many levels of symbolic links" on Linux and on macOS.
    error.kind() == ErrorKind::NotFound || matches!(error.raw_os_error(), Some(40 | 62))
}
