//! File names of known data sets, which carry identity and camera.

use std::ops::RangeInclusive;

use super::folder_kind::HD_FOLDERS;
use super::label_text::is_digits;

/// What a file name tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FileName<'a> {
    pub(super) identity: &'a str,
    pub(super) camera: Option<&'a str>,
    /// The rule that it follows, in words.
    pub(super) source: &'static str,
    /// The whole name follows the rule, not only its beginning.
    pub(super) is_full: bool,
}

/// A rule: its name, how many digits a camera has, and what comes before each number of a name up to its ending. The
/// second number is the camera.
type Rule = (&'static str, RangeInclusive<usize>, &'static [&'static str]);

const RULES: [Rule; 7] = [
    (MARKET, 1..=2, &["", "_c", "s", "_", "_"]),
    (MARKET, 1..=2, &["", "_c", "_", "_"]),
    (MARKET, 1..=2, &["", "_c", "_"]),
    (VERI, 3..=3, &["", "_c", "_", "_"]),
    ("DukeMTMC file name", 1..=1, &["", "_c", "_f"]),
    ("DukeMTMC-VideoReID file name", 1..=1, &["", "_C", "_F", "_X"]),
    (MARS, 1..=1, &["", "C", "T", "F"]),
];
const MARKET: &str = "Market-1501 file name";
const VERI: &str = "VeRi-776 file name";
const MARS: &str = "MARS file name";

/// MSMT17's, whose third number is the camera: `0000_000_01_0303morning_0015_0`.
const TIMES: [&str; 3] = ["morning_", "noon_", "afternoon_"];

/// Identity and camera by the first rule that the name follows, in full if it can.
///
/// - `parent`: the folder that the file is in
pub(super) fn read_file_name<'a>(name: &'a str, parent: Option<&str>) -> Option<FileName<'a>> {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let by_rule = RULES.iter().find_map(|rule| follow(stem, rule));
    by_rule
        .or_else(|| msmt17(stem))
        .or_else(|| of_folder(stem, parent?))
        .or_else(|| beginning_of_market(stem))
}

fn follow<'a>(stem: &'a str, (source, camera_digits, parts): &Rule) -> Option<FileName<'a>> {
    // Junk is -1 in Market-1501, 00-1 in MARS.
    let sign = if *source == MARS { "00-" } else { "-" };
    let unsigned = stem.strip_prefix(sign).unwrap_or(stem);
    let numbers = numbers(unsigned, parts)?;
    let (number, &camera) = (numbers.first()?, numbers.get(1)?);
    let identity = &stem[..stem.len() - unsigned.len() + number.len()];
    let name = FileName { identity, camera: Some(camera), source, is_full: true };
    camera_digits.contains(&camera.len()).then_some(name)
}

/// The numbers of a text, each after its part of the rule, with nothing after the last.
fn numbers<'a>(text: &'a str, rule: &[&str]) -> Option<Vec<&'a str>> {
    let mut rest = text;
    let mut numbers = Vec::with_capacity(rule.len());
    for part in rule {
        let (number, behind) = split_digits(rest.strip_prefix(part)?);
        numbers.push(Some(number).filter(|number| !number.is_empty())?);
        rest = behind;
    }
    rest.is_empty().then_some(numbers)
}

/// Identity, image, camera, day and time, …
fn msmt17(stem: &str) -> Option<FileName<'_>> {
    let found = TIMES.iter().find_map(|time| numbers(stem, &["", "_", "_", "_", time, "_"]))?;
    let (&identity, &camera) = (found.first()?, found.get(2)?);
    Some(FileName { identity, camera: Some(camera), source: "MSMT17 file name", is_full: true })
}

/// Names that resemble many others, so only in the folders of their data sets: HD `0448_1`, VIPeR `001_45` and PRID
/// `person_0001` in `cam_a` and `cam_b`.
fn of_folder<'a>(stem: &'a str, parent: &str) -> Option<FileName<'a>> {
    let name = |identity, source| Some(FileName { identity, camera: None, source, is_full: true });
    if HD_FOLDERS.contains(&parent) {
        let (identity, _) = stem.split_once('_').filter(|(identity, _)| is_digits(identity))?;
        return name(identity, "HD file name");
    }
    if !["cam_a", "cam_b"].iter().any(|folder| parent.eq_ignore_ascii_case(folder)) {
        return None;
    }
    let viper = numbers(stem, &["", "_"]).and_then(|numbers| name(numbers[0], "VIPeR file name"));
    viper.or_else(|| name(numbers(stem, &["person_"])?[0], "PRID file name"))
}

/// A name that only begins as in Market-1501 and VeRi-776: `0007_c3`, `0001_c1s1_000151_01_fake`.
///
/// The camera is read to its last digit: the published expression `([-\d]+)_c(\d)` would find camera 1 in
/// `0001_c14_0030.jpg`, a name that MSMT17 has in some copies.
fn beginning_of_market(stem: &str) -> Option<FileName<'_>> {
    let (identity, rest) = stem.split_once("_c")?;
    let (camera, rest) = split_digits(rest);
    let is_market = is_digits(identity.strip_prefix('-').unwrap_or(identity)) && ends_camera(rest);
    let source = match camera.len() {
        1 | 2 => MARKET,
        3 => VERI,
        _ => return None,
    };
    is_market.then_some(FileName { identity, camera: Some(camera), source, is_full: false })
}

/// Whether a camera number may be followed by this: Market-1501's sequence `s1`, a field, or the end.
fn ends_camera(rest: &str) -> bool {
    let sequence = rest.strip_prefix('s').is_some_and(|rest| !split_digits(rest).0.is_empty());
    sequence || rest.is_empty() || rest.starts_with('_')
}

fn split_digits(text: &str) -> (&str, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.split_at(text.len() - rest.len())
}
