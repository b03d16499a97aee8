//! What a path says about an image: set, run, identity and camera.
//!
//! Paths are read as dropped, with `/` or `\`, for instance `query0/0001051/a.jpg`. Identities and
//! cameras are strings, exactly as written: "0001" is not "1".
//!
//! # Identity
//!
//! 1. A folder below a set folder is an identity: `query0/0001051/a.jpg`. Whoever sorted images
//!    like that has said who they show, whatever the files are called.
//! 2. Otherwise the file name, if it follows the rule of a known data set ([`label_from_path`]).
//! 3. Otherwise the parent folder: `hands/0001051/a.jpg`.
//!
//! Set folders and those that data sets use for structure (`bounding_box_train`, `images`, …) are
//! never an identity.
//!
//! Where a folder per identity holds files named by such a rule, both agree. Where they disagree,
//! the rule did not mean this file: the folder is believed, and the file name's camera is not.

mod file_name;
mod folder;
mod image_file;
mod runs;

use serde::{Deserialize, Serialize};

use file_name::label_from_file_name;
pub use folder::Set;
use folder::{is_structure, set_folder};
pub use image_file::skip_reason;
pub use runs::{Run, choose_runs};

/// What a path says about an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// From the innermost set folder; `None` if no folder says.
    pub set: Option<Set>,
    /// The digits of that folder, "3" of `query3`; `None` if it has none.
    pub run: Option<String>,
    /// The folder is a gallery with distractors, `gallery3_all`.
    pub distractors: bool,
    /// Who or what the image shows; "-1" is junk.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// Which rule gave the identity, in words; "nothing" if none did. Not read back from
    /// JavaScript.
    #[serde(skip_deserializing)]
    pub source: &'static str,
}

/// Reads set, run, identity and camera from a path.
///
/// Set folders, in any case: `query`, `queries`, `probe`, `gallery`, `galleries`, each also with
/// the number of a run and galleries with `_all` (CLIP-HandID), `bounding_box_test` (Market-1501),
/// `image_query` and `image_test` (VeRi-776). The innermost one counts.
///
/// File names: Market-1501 and DukeMTMC `0001_c1s1_000151_01.jpg`, VeRi-776
/// `0002_c002_00030600_0.jpg`, MSMT17 `0000_000_01_0303morning_0015_0.jpg` (camera 01), HD
/// `0448_1.jpg` in its folders `1-501` and `502-712`.
///
/// ```
/// # use reid_web::dataset::{Set, label_from_path};
/// let label = label_from_path("query3/0001051/Hand_0000002.jpg");
/// assert_eq!((label.set, label.run.as_deref()), (Some(Set::Query), Some("3")));
/// assert_eq!((label.identity.as_deref(), label.source), (Some("0001051"), "folder name"));
///
/// let label = label_from_path("Market-1501/bounding_box_test/0001_c1s1_000151_01.jpg");
/// assert_eq!(label.set, Some(Set::Gallery));
/// assert_eq!((label.identity.as_deref(), label.camera.as_deref()), (Some("0001"), Some("1")));
/// ```
#[must_use]
pub fn label_from_path(path: &str) -> Label {
    let mut folders: Vec<&str> = components(path).collect();
    let file_name = folders.pop().unwrap_or_default();
    let set = folders.iter().rev().find_map(|folder| set_folder(folder));
    let subject = subject(file_name, folders.last().copied(), set.is_some());
    Label {
        set: set.map(|folder| folder.set),
        run: set.and_then(|folder| folder.run).map(str::to_owned),
        distractors: set.is_some_and(|folder| folder.distractors),
        identity: subject.identity.map(str::to_owned),
        camera: subject.camera.map(str::to_owned),
        source: subject.source,
    }
}

/// Who is shown and by which camera, by the first rule that applies.
fn subject<'a>(file_name: &'a str, parent: Option<&'a str>, is_in_set: bool) -> Subject<'a> {
    let name = label_from_file_name(file_name, parent);
    let folder = parent.filter(|folder| set_folder(folder).is_none() && !is_structure(folder));
    match (folder, name) {
        (Some(folder), name) if is_in_set => subject_from_folder(folder, name),
        (_, Some(name)) => name,
        (Some(folder), None) => subject_from_folder(folder, None),
        (None, None) => Subject::default(),
    }
}

/// What one rule can tell.
struct Subject<'a> {
    identity: Option<&'a str>,
    camera: Option<&'a str>,
    source: &'static str,
}

impl Default for Subject<'_> {
    fn default() -> Self {
        Self { identity: None, camera: None, source: "nothing" }
    }
}

/// The folder's name as identity; the file name adds its camera if it agrees on the identity.
fn subject_from_folder<'a>(folder: &'a str, name: Option<Subject<'a>>) -> Subject<'a> {
    let agreeing = name.filter(|name| name.identity == Some(folder));
    let camera = agreeing.and_then(|name| name.camera);
    let source = if camera.is_some() { "folder name, camera from the file name" } else { "folder name" };
    Subject { identity: Some(folder), camera, source }
}

/// The folders and the file name of a path, outermost first.
fn components(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."))
}
