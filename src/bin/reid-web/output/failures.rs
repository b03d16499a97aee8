//! What could not be read, while the rest of the work continues.

use std::collections::HashSet;
use std::fmt::Display;

use crate::output::console::note;

/// Names in the summary, at most; each has been named with its reason before.
const NAMED: usize = 20;

/// Images and folders that are missing in the result.
#[derive(Default)]
pub struct Failures {
    images: Vec<String>,
    folders: Vec<String>,
    listed: usize,
    said: HashSet<String>,
}

impl Failures {
    /// Images that were found, whether they can be read or not.
    pub fn set_listed(&mut self, images: usize) {
        self.listed = images;
    }

    /// Names an image and the reason at once, but not twice.
    pub fn say(&mut self, path: &str, reason: impl Display) {
        if self.said.insert(path.to_owned()) {
            note(format_args!("{path}: {reason}"));
        }
    }

    /// Counts an image that is left out.
    pub fn add(&mut self, path: &str, reason: impl Display) {
        self.say(path, reason);
        self.images.push(path.to_owned());
    }

    /// Counts a folder, or an entry of one, whose content is unknown.
    pub fn add_folder(&mut self, path: &str, reason: impl Display) {
        self.say(path, reason);
        self.folders.push(path.to_owned());
    }

    pub fn is_empty(&self) -> bool {
        self.images.is_empty() && self.folders.is_empty()
    }

    /// Reports how much is missing, and what.
    pub fn sum_up(&self) {
        if !self.images.is_empty() {
            let (count, listed) = (self.images.len(), self.listed);
            note(format_args!(
                "{count} of {listed} images could not be read and are left out: {}",
                names(&self.images)
            ));
        }
        if !self.folders.is_empty() {
            note(format_args!(
                "{} could not be listed; the images there are missing: {}",
                self.folders.len(),
                names(&self.folders)
            ));
        }
    }
}

fn names(paths: &[String]) -> String {
    let named = paths[..paths.len().min(NAMED)].join(", ");
    match paths.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more, each named above"),
    }
}
