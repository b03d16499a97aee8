//! Parts of a data set that have queries and a gallery each.

use super::folder_kind::{FolderKind, folder_kind};
use super::set_folder::{is_fixed, set_folder};
use super::words::words;

/// Splits and the words for them; the order is that of runs.
const SPLITS: [(&str, &[&str]); 4] = [
    ("test", &["test", "testing"]),
    ("eval", &["eval", "evaluation"]),
    ("val", &["val", "valid", "validation", "dev"]),
    ("train", &["train", "training"]),
];

/// The split that a set folder belongs to, by its own name or the nearest folder above it that names one.
///
/// - `folders`: of a path, down to the set folder
pub(super) fn split_of(folders: &[&str]) -> Option<&'static str> {
    let mut named = folders.iter().rev().filter(|name| {
        set_folder(name).is_some() || matches!(folder_kind(name), FolderKind::Split | FolderKind::Structure)
    });
    named.find_map(|name| split_in(name))
}

fn split_in(name: &str) -> Option<&'static str> {
    // The gallery of Market-1501 is called a test, its queries are not.
    if is_fixed(name) {
        return None;
    }
    let words = words(name);
    let found = SPLITS.iter().find(|(_, all)| words.iter().any(|word| all.contains(&word.as_str())));
    found.map(|(split, _)| *split)
}

/// The place of a run among others: `None` for one that is no split.
pub(super) fn split_order(run: &str) -> Option<usize> {
    let split = run.split('/').next()?;
    SPLITS.iter().position(|(name, _)| *name == split)
}
