//! Notes on how folders, file names and tables were read, where a person may have meant something else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use reid_web::dataset::{Set, labels_from_paths, set_folder_of};
use reid_web::exchange::{ImportedImage, read_labels};

use crate::Outcome;
use crate::images::ImageFile;
use crate::output::console::note;

/// Folders that are named.
const NAMED: usize = 3;

/// Reports which folders a set is made of, if there are several.
///
/// - `images`: the set and the path of each
pub fn say_set_folders<'a>(images: impl Iterator<Item = (Option<Set>, &'a str)>) {
    let mut folders: BTreeMap<bool, BTreeSet<&str>> = BTreeMap::new();
    for (set, path) in images {
        if let Some((of_folder, folder)) = set_folder_of(path)
            && set == Some(of_folder)
        {
            folders.entry(of_folder == Set::Gallery).or_default().insert(folder);
        }
    }
    for (is_gallery, folders) in folders.into_iter().filter(|(_, folders)| folders.len() > 1) {
        let named = Vec::from_iter(folders.iter().take(NAMED).copied()).join(", ");
        let more = if folders.len() > NAMED { ", …" } else { "" };
        note(format_args!(
            "{} is made of {} folders: {named}{more}; identities of the same name count as one",
            if is_gallery { "gallery" } else { "query" },
            folders.len()
        ));
    }
}

/// Reports for how many images the file name counts, and not the folder that names another identity.
pub fn say_overruled<'a>(images: impl Iterator<Item = &'a ImageFile>) {
    let mut overruled = images.filter_map(|image| Some((&image.path, image.overruled.as_ref()?)));
    let Some((path, folder)) = overruled.next() else { return };
    let name = path.rsplit('/').next().unwrap_or(path);
    match 1 + overruled.count() {
        1 => note(format_args!(
            "the identity of 1 image is read from its file name ({name}), not from its folder ({folder})"
        )),
        count => note(format_args!(
            "identities of {count} images are read from their file names ({name}), not from their folders ({folder})"
        )),
    }
}

/// Reports which columns of a table of labels are ignored, and that it names no cameras while file names do.
///
/// - `images`: as read by the table
pub fn say_columns(table: &Path, csv: &[u8], images: &[ImportedImage]) -> Outcome<()> {
    let ignored = read_labels(csv)?.ignored;
    if !ignored.is_empty() {
        note(format_args!(
            "{}: not read: {}; only path, set, identity, camera and content are",
            table.display(),
            ignored.join(", ")
        ));
    }
    let paths: Vec<&str> = images.iter().map(|image| image.path.as_str()).collect();
    let has_camera = |path: &&&str| labels_from_paths(&[**path]).iter().any(|label| label.camera.is_some());
    if images.iter().all(|image| image.camera.is_none())
        && let Some(path) = paths.iter().find(has_camera)
    {
        note(format_args!(
            "{}: no cameras are known: no column camera names any, and those in file names ({path}) are \
             not read beside identities",
            table.display()
        ));
    }
    Ok(())
}
