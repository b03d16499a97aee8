//! Folders that name neither a set nor an identity: structure, splits, cameras, sides.

use super::label_text::is_digits;
use super::words::words;

/// What a folder that names no set may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum FolderKind<'a> {
    /// Something that data sets and cameras make: `images`, `bounding_box_train`.
    Structure,
    /// A part of a data set, `test` or `val`, unless the folders beside it are identities: Val is a name, too.
    Split,
    /// One camera, and its name if it has one: `cam1`, `c1`, `camera_front`.
    Camera(Option<&'a str>),
    /// A side of a body: `left`, `dorsal_right`.
    Side,
    /// Anything else: perhaps an identity.
    Named,
}

/// The folders of HD, by the numbers of its persons.
pub(super) const HD_FOLDERS: [&str; 2] = ["1-501", "502-712"];

const SPLITS: &str = "dev eval evaluation test testing train training val valid validation";

/// Names of these words alone, or with the word of a split, are structure.
const STRUCTURE: &str = "\
    all bbox bounding box boxes crops data dataset dcim detected frames image images img imgs infrared ir jpeg jpg \
    labeled labelled multi nir photos pictures pics png rgb sequences set shot single thermal tracklets visible";

const SIDES: &str = "back bottom dorsal front frontal lateral left palmar profile rear right top ventral";

/// Words that may stand beside a side's.
const OF_SIDE: &str = "ear eye face flank foot hand hands paw side view";

const CAMERAS: [&str; 3] = ["camera", "kamera", "cam"];

/// Digits that a camera named `c1` may have: longer numbers are those of individuals.
const CAMERA_DIGITS: usize = 3;

/// What a folder stands for by its name, in any case.
pub(super) fn folder_kind(name: &str) -> FolderKind<'_> {
    let words = words(name);
    let is_of = |word: &String, list: &str| list.split_ascii_whitespace().any(|one| one == word);
    let all = |lists: [&str; 2]| {
        !words.is_empty() && words.iter().all(|word| lists.iter().any(|list| is_of(word, list)))
    };
    let any = |list| words.iter().any(|word| is_of(word, list));
    if let Some(camera) = camera(name) {
        FolderKind::Camera(camera)
    } else if HD_FOLDERS.contains(&name) || (all([STRUCTURE, SPLITS]) && any(STRUCTURE)) {
        FolderKind::Structure
    } else if words.len() == 1 && any(SPLITS) {
        FolderKind::Split
    } else if all([SIDES, OF_SIDE]) && any(SIDES) {
        FolderKind::Side
    } else {
        FolderKind::Named
    }
}

/// The camera that a folder is named for: `cam1`, `Camera 2`, `cam_a`, `c1`; of `camera` alone `None` inside.
fn camera(name: &str) -> Option<Option<&str>> {
    if let Some(digits) =
        strip_prefix(name, "c").filter(|rest| is_digits(rest) && rest.len() <= CAMERA_DIGITS)
    {
        return Some(Some(digits));
    }
    let rest = CAMERAS.iter().find_map(|word| strip_prefix(name, word))?;
    let number = rest.trim_matches(['_', '-', ' ']);
    let is_short = is_digits(number) || (number.len() == 1 && number.len() < rest.len());
    let is_named = rest.starts_with(['_', '-']) && !number.is_empty();
    match rest {
        "" => Some(None),
        _ => (is_short || is_named).then_some(Some(number)),
    }
}

/// What follows a word, in any case.
fn strip_prefix<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = name.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::FolderKind::{Camera, Named, Side, Split, Structure};
    use super::*;

    #[test]
    fn folders_are_told_apart_by_their_names() {
        for (name, kind) in [
            ("cam1", Camera(Some("1"))),
            ("Camera 2", Camera(Some("2"))),
            ("cam_a", Camera(Some("a"))),
            ("CAM-front_left", Camera(Some("front_left"))),
            ("C01", Camera(Some("01"))),
            ("camera", Camera(None)),
            ("Camilla", Named),
            ("Cam Smith", Named),
            ("Cama", Named),
            ("c0042", Named),
            ("cat", Named),
            ("left", Side),
            ("Dorsal_Right", Side),
            ("left hand", Side),
            ("hand", Named),
            ("Val", Split),
            ("test", Split),
            ("bounding_box_train", Structure),
            ("train_images", Structure),
            ("Images", Structure),
            ("502-712", Structure),
            ("0001", Named),
            ("", Named),
        ] {
            assert_eq!(folder_kind(name), kind, "{name}");
        }
    }
}
