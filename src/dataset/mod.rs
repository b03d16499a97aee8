//! What paths tell about images: set, run, identity and camera.
//!
//! Paths are read as dropped, with `/` or `\`, for instance `query0/0001051/a.jpg`, and all paths of a drop together:
//! whether a folder is an identity can depend on those beside it. Identities and cameras are strings: "0001" is not
//! "1". Every label, here and in tables and files of embeddings, is read by [`read_identity`] and [`read_camera`].
//!
//! # Identity
//!
//! 1. A file name that follows the rule of a known data set in full (below), unless a folder by rule 2 or 3 is the
//!    same number: then it is written as that folder is, `7/0007_c1s1_000151_01.jpg` as "7".
//! 2. Below a set folder, the first folder that is neither structure (`images`, `train`) nor a camera (`cam1`, `c1`)
//!    nor a side (`left`). Deeper ones are not: `query/0001/encounter2/left/a.jpg` is 0001. A folder of that kind
//!    counts although it is alone, for the set folder says what it is.
//! 3. Without a set folder, the first such folder that has others beside it, `hands/0001051/a.jpg` beside
//!    `hands/0001052/b.jpg`, or that is named as an identity of another path. A folder that was dropped alone says
//!    nothing of who is shown.
//! 4. A file name that only begins as in Market-1501 or VeRi-776, `0007_c3.jpg`.
//!
//! `Val` and `Test` are identities where the folders beside them are. Without a set folder that goes for those which
//! hold images, not for `train/0001`.
//!
//! # Splits
//!
//! `test/query` and `test/gallery`, or `query_test` and `gallery_test`, beside those of `train` are not one data set:
//! each split is a run of its own, as numbers are. A single split changes nothing.
//!
//! # Camera
//!
//! From a file name of a known data set, if its identity is the image's; otherwise from a camera folder.

mod composed;
mod file_name;
mod folder_kind;
mod identity_folder;
mod image_file;
mod label_text;
mod path;
mod runs;
mod set_folder;
mod split;
mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub(crate) use composed::composed;
use identity_folder::identity_folders;
pub use image_file::{is_leftover, skip_reason};
pub(crate) use label_text::{is_blank, whole_part};
pub use label_text::{read_camera, read_cameras, read_identities, read_identity};
use path::{ImagePath, Subject};
pub use runs::{Run, choose_runs};
pub use set_folder::{Set, set_folder_of};

/// What a path says about an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// From the innermost set folder; `None` if no folder says.
    pub set: Option<Set>,
    /// The digits of that folder, "3" of `query3`; `None` if it has none. Where the paths have sets of several splits,
    /// the split's name before them: "test" of `test/query`, "train/3" of `train/query3`.
    pub run: Option<String>,
    /// The folder is a gallery with distractors, `gallery3_all`.
    pub distractors: bool,
    /// Who or what the image shows; "-1" is junk.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// Which rule the identity was read by, in words; "nothing" without one. Not read back from
    /// JavaScript.
    #[serde(skip_deserializing)]
    pub source: &'static str,
    /// A folder that names another identity than the file name, which counts. Not for JavaScript.
    #[serde(skip)]
    pub overruled: Option<String>,
}

/// Reads set, run, identity and camera of all images of a drop from their paths.
///
/// Set folders, in any case: those with one of the words query, probe and gallery, or their plurals, beside numbers and
/// words such as images, set or test: `query`, `probes`, `test_gallery`, `queryImages`, `query_1`. A number is that of
/// a run, and `gallery3_all` of CLIP-HandID has distractors. Then `bounding_box_test` (Market-1501), `bbox_test` (MARS)
/// and `image_test` (VeRi-776). The innermost one counts.
///
/// File names: Market-1501 `0001_c1s1_000151_01.jpg`, DukeMTMC `0005_c2_f0046985.jpg`, VeRi-776
/// `0002_c002_00030600_0.jpg`, MSMT17 `0000_000_01_0303morning_0015_0.jpg` (camera 01), MARS `0001C1T0001F001.jpg`,
/// DukeMTMC-VideoReID `0001_C6_F0099_X30823.jpg`, HD `0448_1.jpg` in its folders `1-501` and `502-712`, VIPeR
/// `001_45.bmp` and PRID `person_0001.png` in `cam_a` and `cam_b`.
///
/// - `paths`: of images alone; a file that is none would count as a sibling of those that are
///
/// ```
/// # use reid_web::dataset::{Set, labels_from_paths};
/// let labels = labels_from_paths(&[
///     "query3/0001051/Hand_0000002.jpg",
///     "Market-1501/bounding_box_test/0001_c1s1_000151_01.jpg",
/// ]);
/// assert_eq!((labels[0].set, labels[0].run.as_deref()), (Some(Set::Query), Some("3")));
/// assert_eq!((labels[0].identity.as_deref(), labels[0].source), (Some("0001051"), "folder name"));
/// assert_eq!(labels[1].set, Some(Set::Gallery));
/// assert_eq!((labels[1].identity.as_deref(), labels[1].camera.as_deref()), (Some("0001"), Some("1")));
/// ```
#[must_use]
pub fn labels_from_paths<P: AsRef<str>>(paths: &[P]) -> Vec<Label> {
    labels(placed(paths, ""))
}

/// The same for two folders that are the two sets, whatever their names: the folders themselves are not siblings.
///
/// ```
/// # use reid_web::dataset::labels_of_sets;
/// let [query, gallery] = labels_of_sets(&["q/0001/a.jpg"], &["g/0001/b.jpg", "g/0002/c.jpg"]);
/// assert_eq!(query[0].identity, gallery[0].identity);
/// let [query, _] = labels_of_sets(&["q/hands/a.jpg"], &["g/hands/b.jpg"]);
/// assert_eq!(query[0].identity, None);
/// ```
#[must_use]
pub fn labels_of_sets<P: AsRef<str>>(query: &[P], gallery: &[P]) -> [Vec<Label>; 2] {
    let mut of_query = labels(placed(query, "query").chain(placed(gallery, "gallery")));
    let mut of_gallery = of_query.split_off(query.len());
    for (set, labels) in [(Set::Query, &mut of_query), (Set::Gallery, &mut of_gallery)] {
        for label in labels {
            label.set = Some(set);
        }
    }
    [of_query, of_gallery]
}

fn placed<'a, P: AsRef<str>>(
    paths: &'a [P],
    place: &'static str,
) -> impl Iterator<Item = (&'a str, &'static str)> {
    paths.iter().map(move |path| (path.as_ref(), place))
}

/// - `paths`: each with the place where it is; those of different places are no siblings
fn labels<'a>(paths: impl Iterator<Item = (&'a str, &'static str)>) -> Vec<Label> {
    let paths: Vec<ImagePath> = paths.map(|(path, place)| ImagePath::parse(path, place)).collect();
    let splits: BTreeSet<&str> = paths.iter().filter_map(ImagePath::split).collect();
    let is_by_split = splits.len() > 1;
    let folders = identity_folders(paths.iter().map(ImagePath::chain).collect());
    let subjects: Vec<Subject> =
        paths.iter().zip(folders).map(|(path, folder)| path.subject(folder)).collect();
    let identities = read_identities(subjects.iter().map(|subject| subject.identity));
    let cameras = read_cameras(subjects.iter().map(|subject| subject.camera));
    let labels = paths.into_iter().zip(subjects).zip(identities.into_iter().zip(cameras));
    labels
        .map(|((path, subject), (identity, camera))| {
            let source = if identity.is_some() { subject.source } else { "nothing" };
            let overruled = subject.overruled.filter(|_| identity.is_some()).map(str::to_owned);
            Label { overruled, ..path.label(is_by_split, identity, camera, source) }
        })
        .collect()
}
