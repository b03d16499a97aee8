//! The text of a label, wherever it comes from: a path, a table, a file of embeddings, a person who types.

use super::composed;
use crate::labels::JUNK;

/// What people and programs write for "nothing is known", in lower case: those that pandas reads as missing, and the
/// word itself. An empty text is unknown as well.
const UNKNOWN: [&str; 12] =
    ["nan", "-nan", "none", "null", "na", "n/a", "<na>", "#na", "#n/a", "nat", "nil", "unknown"];

/// An identity without the spaces and invisible characters around it, in Unicode's composed form (NFC), as macOS and
/// others write the same name differently. `None` if it is unknown, and every way to write the number −1 is junk, "-1".
///
/// ```
/// # use reid_web::dataset::read_identity;
/// assert_eq!(read_identity(" Mu\u{308}ller\u{a0}").as_deref(), Some("Müller"));
/// assert_eq!(read_identity("NaN"), None);
/// assert_eq!(read_identity("-1.0").as_deref(), Some("-1"));
/// assert_eq!(read_identity("0001").as_deref(), Some("0001"));
/// ```
#[must_use]
pub fn read_identity(text: &str) -> Option<String> {
    let text = read_text(text)?;
    Some(if is_minus_one(&text) { JUNK.to_owned() } else { text })
}

/// A camera, as [`read_identity`]; −1 is what data sets write where it is unknown.
///
/// ```
/// # use reid_web::dataset::read_camera;
/// assert_eq!(read_camera(" c1 ").as_deref(), Some("c1"));
/// assert_eq!((read_camera("nan"), read_camera("-1.0")), (None, None));
/// ```
#[must_use]
pub fn read_camera(text: &str) -> Option<String> {
    read_text(text).filter(|text| !is_minus_one(text))
}

/// The identities of a whole column, or of all paths of a data set. A column of nothing but `7.0` and `12.0`, as a
/// program writes whole numbers once one of them is missing, holds 7 and 12.
///
/// ```
/// # use reid_web::dataset::read_identities;
/// assert_eq!(read_identities(["7.0", "12.0"].map(Some)), ["7", "12"].map(|text| Some(text.into())));
/// assert_eq!(read_identities(["7", "7.0"].map(Some)), ["7", "7.0"].map(|text| Some(text.into())));
/// ```
#[must_use]
pub fn read_identities<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> Vec<Option<String>> {
    whole_numbers(cells.into_iter().map(|cell| read_identity(cell?)).collect())
}

/// The cameras of a whole column, as [`read_identities`].
#[must_use]
pub fn read_cameras<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> Vec<Option<String>> {
    whole_numbers(cells.into_iter().map(|cell| read_camera(cell?)).collect())
}

/// Takes `.0` away if every label has it; junk may stand among them.
fn whole_numbers(mut labels: Vec<Option<String>>) -> Vec<Option<String>> {
    let mut known = labels.iter().flatten().filter(|label| *label != JUNK);
    if known.any(|label| whole_part(label).is_none()) {
        return labels;
    }
    for label in labels.iter_mut().flatten() {
        if let Some(whole) = whole_part(label) {
            *label = whole.to_owned();
        }
    }
    labels
}

/// "7" of "7.0" or "7.000".
pub(crate) fn whole_part(label: &str) -> Option<&str> {
    let (whole, zeros) = label.split_once('.')?;
    let is_whole = is_digits(whole.strip_prefix('-').unwrap_or(whole));
    (is_whole && is_digits(zeros) && zeros.bytes().all(|digit| digit == b'0')).then_some(whole)
}

fn read_text(text: &str) -> Option<String> {
    let text = composed(text.trim_matches(is_blank));
    let is_unknown = text.is_empty() || UNKNOWN.contains(&text.to_lowercase().as_str());
    (!is_unknown).then_some(text)
}

/// -1, also as -1.0, with a typographic minus, or as the `00-1` of MARS.
fn is_minus_one(text: &str) -> bool {
    let number = whole_part(text).unwrap_or(text);
    let digits = number.trim_start_matches('0').strip_prefix(['-', '−']);
    digits.is_some_and(|digits| digits.trim_start_matches('0') == "1")
}

/// Spaces, line ends, and characters that are not seen at all.
pub(crate) fn is_blank(c: char) -> bool {
    let is_invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    is_invisible || c.is_whitespace() || c.is_control()
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
