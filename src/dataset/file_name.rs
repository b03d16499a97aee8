//! File names of known data sets, which carry identity and camera.

use super::Subject;

/// Folders in which the HD data set comes, by the numbers of its persons.
const HD_FOLDERS: [&str; 2] = ["1-501", "502-712"];

/// Identity and camera by the first data set whose rule the name follows in full.
pub(super) fn label_from_file_name<'a>(name: &'a str, parent: Option<&str>) -> Option<Subject<'a>> {
    market_or_veri(name).or_else(|| msmt17(name)).or_else(|| hd(name, parent))
}

/// Market-1501 and DukeMTMC `([-\d]+)_c(\d)`, VeRi-776 `(\d+)_c(\d\d\d)`.
///
/// Read from the start of the name, and the camera to its last digit: the original expressions
/// would find camera 1 in `0001_c14_0030.jpg`, a name that MSMT17 has in some copies.
fn market_or_veri(name: &str) -> Option<Subject<'_>> {
    let (identity, rest) = name.split_once("_c")?;
    let (camera, rest) = split_digits(rest);
    let is_market = is_digits(identity.strip_prefix('-').unwrap_or(identity)) && ends_camera(rest);
    let source = match camera.len() {
        1 | 2 => "Market-1501 file name",
        3 => "VeRi-776 file name",
        _ => return None,
    };
    is_market.then_some(Subject { identity: Some(identity), camera: Some(camera), source })
}

/// MSMT17 `0000_000_01_0303morning_0015_0.jpg`: identity, image, camera, day and time.
fn msmt17(name: &str) -> Option<Subject<'_>> {
    let mut fields = name.split('_');
    let (identity, image, camera, time) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let (day, time) = split_digits(time);
    let is_msmt17 = [identity, image, camera, day].into_iter().all(is_digits)
        && matches!(time, "morning" | "noon" | "afternoon");
    let source = "MSMT17 file name";
    is_msmt17.then_some(Subject { identity: Some(identity), camera: Some(camera), source })
}

/// HD `0448_1.jpg`. Many other names look like this one, so only in the folders of HD.
fn hd<'a>(name: &'a str, parent: Option<&str>) -> Option<Subject<'a>> {
    let (identity, _) = name.split_once('_')?;
    let is_hd = is_digits(identity) && parent.is_some_and(|folder| HD_FOLDERS.contains(&folder));
    is_hd.then_some(Subject { identity: Some(identity), camera: None, source: "HD file name" })
}

/// Whether a camera number may be followed by this: Market-1501's sequence `s1`, a field, or the
/// end.
fn ends_camera(rest: &str) -> bool {
    let sequence = rest.strip_prefix('s').is_some_and(|rest| !split_digits(rest).0.is_empty());
    sequence || rest.is_empty() || rest.starts_with(['_', '.'])
}

fn split_digits(text: &str) -> (&str, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.split_at(text.len() - rest.len())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
