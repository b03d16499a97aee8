//! Folders that name a set.

use serde::{Deserialize, Serialize};

use super::label_text::is_digits;
use super::words::words;

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
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SetFolder {
    pub(super) set: Set,
    pub(super) run: Option<String>,
    pub(super) distractors: bool,
}

/// Names of published data sets that do not say it: Market-1501, MARS, VeRi-776.
const FIXED: [&str; 3] = ["bounding_box_test", "bbox_test", "image_test"];

const WORDS: [(&str, Set); 6] = [
    ("query", Set::Query),
    ("queries", Set::Query),
    ("probe", Set::Query),
    ("probes", Set::Query),
    ("gallery", Set::Gallery),
    ("galleries", Set::Gallery),
];

/// Words that may stand beside that of the set. With another one the name means something else: `gt_query` of
/// Market-1501 holds no images, and "Tate Gallery" may be an identity.
const COMPANIONS: &str = "\
    all bbox bounding box boxes crop cropped crops data dataset detected distractors eval evaluation folder folders \
    frames full image images img imgs infrared ir jpeg jpg labeled labelled my new nir old part person photo photos \
    picture pictures png pics reid rgb run sample samples set sets split test testing thermal train training val \
    valid validation visible";

/// The set that a folder is named for, in any case.
pub(super) fn set_folder(name: &str) -> Option<SetFolder> {
    if is_fixed(name) {
        return Some(SetFolder { set: Set::Gallery, run: None, distractors: false });
    }
    let words = words(name);
    let mut sets = words.iter().filter_map(|word| set_of_word(word));
    let (set, None) = (sets.next()?, sets.next()) else { return None };
    if !words.iter().all(|word| set_of_word(word).is_some() || is_companion(word)) {
        return None;
    }
    let numbers: Vec<&str> = words.iter().map(String::as_str).filter(|word| is_digits(word)).collect();
    let run = (!numbers.is_empty()).then(|| numbers.join("_"));
    let distractors = set == Set::Gallery && words.iter().any(|word| word == "all");
    Some(SetFolder { set, run, distractors })
}

/// The innermost set folder of a path, with what is above it, and which set it is.
///
/// ```
/// # use reid_web::dataset::{Set, set_folder_of};
/// assert_eq!(set_folder_of("duke/query/0001/a.jpg"), Some((Set::Query, "duke/query")));
/// assert_eq!(set_folder_of("duke/0001/query.jpg"), None);
/// ```
#[must_use]
pub fn set_folder_of(path: &str) -> Option<(Set, &str)> {
    path.rmatch_indices(['/', '\\']).find_map(|(end, _)| {
        let folder = &path[..end];
        let name = folder.rsplit(['/', '\\']).next()?;
        Some((set_folder(name)?.set, folder))
    })
}

/// Whether a folder is a set by the name that it has in a published data set.
pub(super) fn is_fixed(name: &str) -> bool {
    FIXED.iter().any(|fixed| name.eq_ignore_ascii_case(fixed))
}

/// By the word itself, or written together with a companion: `queryset`.
fn set_of_word(word: &str) -> Option<Set> {
    let is_named = |name: &str| {
        let rest = word.strip_prefix(name).or_else(|| word.strip_suffix(name));
        rest.is_some_and(|rest| rest.is_empty() || is_known(rest))
    };
    WORDS.iter().find(|(name, _)| is_named(name)).map(|&(_, set)| set)
}

/// Known ones, numbers and single letters.
fn is_companion(word: &str) -> bool {
    is_digits(word) || word.chars().count() == 1 || is_known(word)
}

fn is_known(word: &str) -> bool {
    COMPANIONS.split_ascii_whitespace().any(|one| one == word)
}
