//! Which dropped files are not even tried as images.

use super::components;

/// What operating systems, cameras and network drives leave beside images.
const LEFTOVERS: [&str; 5] = ["__macosx", "@eadir", "thumbs.db", "ehthumbs.db", "desktop.ini"];

/// Extensions of files that data sets keep beside their images. Anything else, known or not, is
/// tried: the content decides.
const NOT_IMAGES: &str = "\
    7z avi bat bz2 c ckpt cpp css csv db doc docx flac gz h h5 hdf5 htm html ini ipynb js json \
    jsonl log m m4a m4v mat md mkv mov mp3 mp4 mpeg mpg npy npz onnx parquet pdf pickle pkl pt \
    pth py rar rs safetensors sh sqlite svg tar toml tsv txt wav webm xls xlsx xml yaml yml \
    zip";

/// Why a file is left out without looking into it; `None` if it may be an image.
///
/// Left out are hidden files and folders, leftovers of operating systems, and extensions that are
/// certainly no image, in any case. A name without an extension, or with an unknown one, is tried.
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
    let is_leftover = |part: &str| LEFTOVERS.iter().any(|one| part.eq_ignore_ascii_case(one));
    if components(path).any(is_leftover) {
        return Some("left by the operating system".to_owned());
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
        ".{extension} is no image format; JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are accepted, \
         HEIC and AVIF where the browser reads them"
    ))
}
