//! One path: its folders by what they stand for, and its file name.

use super::Label;
use super::file_name::{FileName, read_file_name};
use super::folder_kind::{FolderKind, folder_kind};
use super::identity_folder::{Candidate, Chain};
use super::label_text::read_identity;
use super::set_folder::{SetFolder, set_folder};
use super::split::split_of;
use crate::labels::JUNK;

/// Whose folders are structure, whatever their names: `100CANON`.
const CAMERA_STORAGE: &str = "dcim";

/// The path of an image.
pub(super) struct ImagePath<'a> {
    file_name: &'a str,
    parent: Option<&'a str>,
    set: Option<SetFolder>,
    /// Of a set: "train" or another part of a data set.
    split: Option<&'static str>,
    camera: Option<&'a str>,
    chain: Chain<'a>,
}

/// Who is shown and by which camera, as written.
pub(super) struct Subject<'a> {
    pub(super) identity: Option<&'a str>,
    pub(super) camera: Option<&'a str>,
    /// The rule that the identity was read by, in words.
    pub(super) source: &'static str,
    /// The folder that says otherwise.
    pub(super) overruled: Option<&'a str>,
}

impl<'a> ImagePath<'a> {
    /// - `place`: where the path begins; paths of different places have no folders in common
    pub(super) fn parse(path: &'a str, place: &str) -> Self {
        let mut folders: Vec<&str> = components(path).collect();
        let file_name = folders.pop().unwrap_or_default();
        let innermost = folders.iter().enumerate().rev().find_map(|(at, name)| Some((at, set_folder(name)?)));
        let below = innermost.as_ref().map_or(0, |(at, _)| at + 1);
        let chain = Chain {
            place: [&[place], &folders[..below]].concat().join("/"),
            is_in_set: innermost.is_some(),
            folders: candidates(&folders, below),
        };
        let camera = folders.iter().rev().find_map(|folder| match folder_kind(folder) {
            FolderKind::Camera(camera) => camera,
            _ => None,
        });
        let split = innermost.as_ref().and_then(|(at, _)| split_of(&folders[..=*at]));
        let set = innermost.map(|(_, set)| set);
        Self { file_name, parent: folders.last().copied(), set, split, camera, chain }
    }

    pub(super) fn chain(&self) -> Chain<'a> {
        self.chain.clone()
    }

    /// - `folder`: the one that may be the identity
    pub(super) fn subject(&self, folder: Option<&'a str>) -> Subject<'a> {
        let name = read_file_name(self.file_name, self.parent);
        let camera = |name: &FileName<'a>| name.camera.or(self.camera);
        match (folder, name) {
            (Some(folder), Some(name)) if is_same(folder, name.identity) => {
                let source = if name.camera.is_some() {
                    "folder name, camera from the file name"
                } else {
                    "folder name"
                };
                Subject { identity: Some(folder), camera: camera(&name), source, overruled: None }
            }
            (folder, Some(name)) if name.is_full || folder.is_none() => {
                let camera = camera(&name);
                Subject { identity: Some(name.identity), camera, source: name.source, overruled: folder }
            }
            (folder, _) => {
                Subject { identity: folder, camera: self.camera, source: "folder name", overruled: None }
            }
        }
    }

    pub(super) fn split(&self) -> Option<&'static str> {
        self.split
    }

    /// - `is_by_split`: sets of different splits are different runs
    pub(super) fn label(
        self,
        is_by_split: bool,
        identity: Option<String>,
        camera: Option<String>,
        source: &'static str,
    ) -> Label {
        let (set, run, distractors) = match self.set {
            Some(SetFolder { set, run, distractors }) => (Some(set), run, distractors),
            None => (None, None, false),
        };
        let run = match (self.split.filter(|_| is_by_split), run) {
            (Some(split), Some(number)) => Some(format!("{split}/{number}")),
            (Some(split), None) => Some(split.to_owned()),
            (None, number) => number,
        };
        Label { set, run, distractors, identity, camera, source, overruled: None }
    }
}

/// The folders from `below` on that may be an identity.
fn candidates<'a>(folders: &[&'a str], below: usize) -> Vec<Candidate<'a>> {
    let is_stored = |at: usize| at > 0 && folders[at - 1].eq_ignore_ascii_case(CAMERA_STORAGE);
    let from = folders
        .iter()
        .enumerate()
        .skip(below)
        .filter(|(at, name)| !is_stored(*at) && set_folder(name).is_none());
    from.filter_map(|(_, name)| match folder_kind(name) {
        FolderKind::Named => Some(Candidate { name, may_be_split: false }),
        FolderKind::Split => Some(Candidate { name, may_be_split: true }),
        FolderKind::Structure | FolderKind::Camera(_) | FolderKind::Side => None,
    })
    .collect()
}

/// Whether a folder and a file name mean the same identity: by the number in both, "7" and "0007", `person_7` too.
fn is_same(folder: &str, name: &str) -> bool {
    read_identity(folder) == read_identity(name)
        || number_in(folder).is_some_and(|number| Some(number) == number_in(name))
}

/// The only number in a text, without leading zeros; `None` if there are more, or it is junk's.
fn number_in(text: &str) -> Option<&str> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let (number, None) = (numbers.next()?, numbers.next()) else { return None };
    let digits = number.trim_start_matches('0');
    let is_junk = read_identity(text).as_deref() == Some(JUNK);
    (!is_junk).then_some(if digits.is_empty() { "0" } else { digits })
}

/// The folders and the file name of a path, outermost first.
pub(super) fn components(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."))
}
