//! Folders that name a set, and folders that name nothing.

use serde::{Deserialize, Serialize};

/// The two sides of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Set {
    /// Images whose identity is asked for.
    Query,
    /// Images among which it is looked for.
    Gallery,
}

/// A folder that holds one set.
#[derive(Clone, Copy)]
pub(super) struct SetFolder<'a> {
    pub(super) set: Set,
    pub(super) run: Option<&'a str>,
    pub(super) distractors: bool,
}

/// Names that may be followed by the number of a run.
const NUMBERED: [(&str, Set); 5] = [
    ("query", Set::Query),
    ("queries", Set::Query),
    ("probe", Set::Query),
    ("gallery", Set::Gallery),
    ("galleries", Set::Gallery),
];

/// Names as they stand, of Market-1501 and of VeRi-776.
const FIXED: [(&str, Set); 3] =
    [("bounding_box_test", Set::Gallery), ("image_query", Set::Query), ("image_test", Set::Gallery)];

/// Folders that data sets and cameras make, which are neither a set nor an identity.
const STRUCTURE: [&str; 14] = [
    "1-501",
    "502-712",
    "bounding_box_train",
    "dcim",
    "image_train",
    "images",
    "imgs",
    "photos",
    "pictures",
    "test",
    "train",
    "train_all",
    "val",
    "validation",
];

/// The set that a folder is named for, in any case.
pub(super) fn set_folder(name: &str) -> Option<SetFolder<'_>> {
    let fixed = FIXED.iter().find(|(fixed, _)| name.eq_ignore_ascii_case(fixed));
    let fixed = fixed.map(|&(_, set)| SetFolder { set, run: None, distractors: false });
    fixed.or_else(|| NUMBERED.iter().find_map(|&(word, set)| numbered_folder(name, word, set)))
}

/// `<word>`, `<word><digits>`, and for a gallery the same with `_all`.
fn numbered_folder<'a>(name: &'a str, word: &str, set: Set) -> Option<SetFolder<'a>> {
    let (start, rest) = name.split_at_checked(word.len())?;
    let suffix = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let run = &rest[..rest.len() - suffix.len()];
    let distractors = set == Set::Gallery && suffix.eq_ignore_ascii_case("_all");
    let is_named = start.eq_ignore_ascii_case(word) && (suffix.is_empty() || distractors);
    is_named.then_some(SetFolder { set, run: Some(run).filter(|run| !run.is_empty()), distractors })
}

/// Whether a folder name is one that data sets use for structure, in any case.
pub(super) fn is_structure(name: &str) -> bool {
    STRUCTURE.iter().any(|structure| name.eq_ignore_ascii_case(structure))
}
