//! Which dropped files are not even tried as images.

use super::path::components;

/// Folders and files that operating systems, network drives and viewers leave beside images.
const LEFTOVERS: [&str; 14] = [
    "#recycle",
    "$recycle.bin",
    "@eadir",
    "__macosx",
    "desktop.ini",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "icon",
    "icon\r",
    "lost+found",
    "picasa.ini",
    "system volume information",
    "thumbs.db",
    "zbthumbnail.info",
];

/// What names end in that phones, editors, browsers and Windows put beside an image or leave of it.
const LEFTOVER_ENDINGS: [&str; 13] = [
    ".aae",
    ".bak",
    ".crdownload",
    ".filepart",
    ".lrv",
    ".part",
    ".partial",
    ".swp",
    ".thm",
    ".tmp",
    ".xmp",
    "zone.identifier",
    "~",
];

/// Files that come with every download, without an ending or as text.
const ABOUT: &str =
    "authors changelog changes citation contributing copying licence license notice readme version";
const ABOUT_ENDINGS: [&str; 9] = ["", "bib", "cff", "htm", "html", "md", "pdf", "rst", "txt"];

/// Extensions of files that data sets keep beside their images. Anything else, known or not, is
/// tried: the content decides.
const NOT_IMAGES: &str = "\
    7z avi bat bz2 c ckpt cpp css csv db doc docx flac gz h h5 hdf5 htm html ini ipynb js json \
    jsonl log m m4a m4v mat md mkv mov mp3 mp4 mpeg mpg npy npz onnx parquet pdf pickle pkl pt \
    pth py rar rs safetensors sh sqlite svg tar toml tsv txt wav webm xls xlsx xml yaml yml \
    zip";

/// Whether a file is one of those that lie in every folder and that nobody means to hand over: hidden files, leftovers
/// of operating systems and programs, and what a download says about itself.
///
/// ```
/// # use reid_web::dataset::is_leftover;
/// assert!(is_leftover("hands/._a.jpg") && is_leftover("hands/$RECYCLE.BIN/a.jpg") && is_leftover("LICENSE"));
/// assert!(!is_leftover("hands/readme.jpg") && !is_leftover("HandInfo.csv"));
/// ```
#[must_use]
pub fn is_leftover(path: &str) -> bool {
    let is_left =
        |part: &str| part.starts_with('.') || LEFTOVERS.iter().any(|one| part.eq_ignore_ascii_case(one));
    components(path).any(is_left)
        || components(path).last().is_some_and(|name| is_leftover_name(&name.to_ascii_lowercase()))
}

/// - `name`: of a file, in lower case
fn is_leftover_name(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let word = stem.split(['-', '_', '.']).next().unwrap_or_default();
    let is_about = ABOUT.split_ascii_whitespace().any(|one| one == word) && ABOUT_ENDINGS.contains(&ending);
    is_about || name.starts_with("~$") || LEFTOVER_ENDINGS.iter().any(|one| name.ends_with(one))
}

/// Why a file is left out without looking into it; `None` if it may be an image.
///
/// Left out are leftovers ([`is_leftover`]) and extensions that are certainly no image, in any case. A name without an
/// extension, or with an unknown one, is tried.
///
/// ```
/// # use reid_web::dataset::skip_reason;
/// assert_eq!(skip_reason("query0/0001051/Hand_0000002.JPG"), None);
/// assert_eq!(skip_reason("query0/._a.jpg").as_deref(), Some("hidden file"));
/// assert!(skip_reason("HandInfo.csv").is_some_and(|reason| reason.contains(".csv")));
/// assert!(skip_reason("model.pth.tar-60").is_some_and(|reason| reason.contains(".tar-60")));
/// ```
#[must_use]
pub fn skip_reason(path: &str) -> Option<String> {
    if components(path).any(|part| part.starts_with('.')) {
        return Some("hidden file".to_owned());
    }
    if is_leftover(path) {
        return Some("left beside images by a program or a download".to_owned());
    }
    let Some(name) = components(path).last() else {
        return Some("no file name".to_owned());
    };
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    // torchreid's weights are called model.pth.tar-60.
    let kind =
        extension.rsplit_once('-').filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let kind = kind.map_or(extension.as_str(), |(kind, _)| kind);
    if !NOT_IMAGES.split_ascii_whitespace().any(|one| one == kind) {
        return None;
    }
    Some(format!(
        ".{extension} is not an image format, expected JPEG, PNG, WebP, GIF, BMP, TIFF or PNM, \
         or HEIC or AVIF where the browser reads them"
    ))
}
