use std::collections::BTreeMap;

use super::labels::{by_identity, finding};
use super::{CheckedImage, Finding, FindingKind, Severity};
use crate::dataset::{composed, is_blank, whole_part};

/// Letters that are easily taken for digits.
const LOOKALIKES: [(char, char); 5] = [('o', '0'), ('l', '1'), ('i', '1'), ('s', '5'), ('z', '2')];
/// Shorter names often differ in one letter on purpose.
const MIN_LETTERS: usize = 5;
/// What may stand before the number of a camera.
const CAMERA_WORDS: [&str; 4] = ["camera", "kamera", "cam", "c"];

/// Identities that a person would take for the same, and those that lost their leading zeros.
pub(super) fn similar_names(images: &[CheckedImage]) -> [Finding; 2] {
    let alike = alike(by_identity(images), plain);
    let is_number = |names: &[&str]| names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    let (numbers, others): (Vec<_>, Vec<_>) = alike.into_iter().partition(|(names, _)| is_number(names));
    let finding = |kind, alike: Vec<(_, _)>| {
        finding(kind, Severity::Doubtful, alike.into_iter().map(|(_, group)| group))
    };
    [finding(FindingKind::SimilarNames, others), finding(FindingKind::LeadingZeros, numbers)]
}

/// Those of `others` that a person would take for the same identity as `name`, without `name` itself.
///
/// Names are compared in Unicode's composed form, without case, spaces, invisible characters, leading zeros and ".0"; a
/// letter may stand for the digit that it looks like, and one letter of a word may be missing, added, different, or have
/// changed places with its neighbour.
///
/// ```
/// use reid_web::doctor::similar_identities;
///
/// assert_eq!(similar_identities("pear", &["Pear".into(), "pear".into(), "apple".into()]), ["Pear"]);
/// assert_eq!(similar_identities("10", &["1O".into(), "11".into()]), ["1O"]);
/// assert_eq!(similar_identities("Alice", &["Alcie".into(), "Alina".into()]), ["Alcie"]);
/// ```
#[must_use]
pub fn similar_identities<'a>(name: &str, others: &'a [String]) -> Vec<&'a str> {
    let wanted = plain(name);
    let is_similar = |other: &&str| *other != name && is_similar(&wanted, &plain(other));
    others.iter().map(String::as_str).filter(is_similar).collect()
}

/// Whether two plain names may be meant as one.
fn is_similar(one: &str, other: &str) -> bool {
    let is_long_word =
        |name: &str| name.chars().count() >= MIN_LETTERS && name.chars().all(char::is_alphabetic);
    let has_slip = || is_long_word(one) && is_long_word(other) && strsim::osa_distance(one, other) == 1;
    read_as_digits(one) == read_as_digits(other) || has_slip()
}

/// The name with the digits that its letters look like, if it has any digit.
fn read_as_digits(name: &str) -> String {
    if !name.contains(|letter: char| letter.is_ascii_digit()) {
        return name.into();
    }
    let digit =
        |letter| LOOKALIKES.iter().find(|(other, _)| *other == letter).map_or(letter, |(_, digit)| *digit);
    let digits: String = name.chars().map(digit).collect();
    digits.trim_start_matches('0').into()
}

/// Cameras that may be the same.
pub(super) fn similar_cameras(images: &[CheckedImage]) -> Finding {
    let mut cameras: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, image) in images.iter().enumerate() {
        if let Some(camera) = &image.camera {
            cameras.entry(camera).or_default().push(index);
        }
    }
    let groups = alike(cameras, plain_camera).into_iter().map(|(_, group)| group);
    finding(FindingKind::SimilarCameras, Severity::Doubtful, groups)
}

/// Names that are the same once plain, with the images of all of them.
fn alike(
    images_of: BTreeMap<&str, Vec<usize>>,
    plain: impl Fn(&str) -> String,
) -> Vec<(Vec<&str>, Vec<usize>)> {
    let mut alike: BTreeMap<String, (Vec<&str>, Vec<usize>)> = BTreeMap::new();
    for (name, images) in images_of {
        let (names, all) = alike.entry(plain(name)).or_default();
        names.push(name);
        all.extend(images);
    }
    alike.into_values().filter(|(names, _)| names.len() > 1).collect()
}

/// A name in Unicode's composed form, without case, spaces, invisible characters, leading zeros and ".0".
fn plain(name: &str) -> String {
    let letters: String =
        composed(name).chars().filter(|c| !is_blank(*c)).flat_map(char::to_lowercase).collect();
    let number = whole_part(&letters).unwrap_or(&letters);
    let trimmed = number.trim_start_matches('0');
    if trimmed.is_empty() { "0".into() } else { trimmed.into() }
}

/// The same without the word for a camera before its number.
fn plain_camera(name: &str) -> String {
    let name = plain(name);
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = CAMERA_WORDS.iter().find_map(|word| {
        let rest = name.strip_prefix(word)?.trim_start_matches(['_', '-']);
        Some(rest).filter(is_number)
    });
    number.map_or_else(|| name.clone(), plain)
}
