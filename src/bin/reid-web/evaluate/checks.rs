//! Checks of the images and labels of a data set, reported before its metrics are believed.

use std::collections::BTreeSet;

use reid_web::dataset::{choose_runs, labels_from_paths};
use reid_web::doctor::{CheckedImage, Finding, FindingKind, examine};
use reid_web::exchange::ImportedImage;

use crate::Outcome;
use crate::embedded::{Embedded, EmbeddedImage};
use crate::images::layout;
use crate::output::console::{images as counted, note};

/// Groups of a finding that are named, and names of a group.
const NAMED_GROUPS: usize = 6;
const NAMED: usize = 3;

/// What in the labels of all images makes the metrics doubtful, one line per kind.
pub fn findings(embedded: &Embedded) -> Outcome<Vec<String>> {
    let images: Vec<CheckedImage> = embedded.images().iter().map(checked_image).collect();
    let paths = embedded.pool().paths;
    let line = |Finding { kind, groups, .. }: Finding| {
        Some(format!("{}: {}", sentence(kind, &groups)?, names(kind, &groups, &images, &paths)))
    };
    Ok(examine(&images, None)?.into_iter().filter_map(line).collect())
}

/// Reports that the paths of a file belong to several runs, if they do: of a folder, one of them would be used. Reports
/// which folders a single run is made of.
pub fn say_runs(embedded: &Embedded) {
    let runs = choose_runs(&labels_from_paths(&embedded.pool().paths));
    if runs.len() > 1 {
        let names = Vec::from_iter(runs.iter().map(|run| run.run.as_deref().unwrap_or("without a number")));
        note(format_args!("the paths belong to the runs {}, which are taken together", names.join(", ")));
    } else {
        layout::say_set_folders(embedded.images().iter().map(|one| (one.image.set, one.image.path.as_str())));
    }
}

/// Reports which images of a file belong to neither set and are left out.
pub fn say_without_set(embedded: &Embedded) {
    let images = embedded.images();
    let without: Vec<&str> =
        images.iter().filter(|one| one.image.set.is_none()).map(|one| one.image.path.as_str()).collect();
    if !without.is_empty() {
        let named = without[..without.len().min(NAMED)].join(", ");
        let more = if without.len() > NAMED { ", …" } else { "" };
        note(format_args!(
            "left out: {} of {}, neither query nor gallery by the file or by its path: {named}{more}",
            without.len(),
            counted(images.len())
        ));
    }
}

/// `None` for what the evaluation reports itself, and for what does no harm.
fn sentence(kind: FindingKind, groups: &[Vec<usize>]) -> Option<String> {
    let count = |one: &str, many: &str| match groups.len() {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    Some(match kind {
        FindingKind::SimilarNames => {
            count("identity has", "identities have") + " several spellings, which count as different"
        }
        FindingKind::LeadingZeros => {
            count("identity appears", "identities appear")
                + " with and without leading zeros, which count as different"
        }
        FindingKind::SimilarCameras => {
            count("camera may have", "cameras may have") + " several spellings, which count as different"
        }
        FindingKind::SameFileTwoIdentities => {
            count("file has", "files have") + " two identities, one of them wrong"
        }
        FindingKind::OneIdentity => {
            "all labelled images show one identity, so every match is correct".to_owned()
        }
        FindingKind::HalfLabelledCameras => format!(
            "{} of the images have no camera while others do, and are never left out as images of the same camera",
            groups.iter().map(Vec::len).sum::<usize>()
        ),
        _ => return None,
    })
}

fn names(kind: FindingKind, groups: &[Vec<usize>], images: &[CheckedImage], paths: &[String]) -> String {
    let name = |&index: &usize| match kind {
        FindingKind::SimilarCameras => images[index].camera.clone(),
        FindingKind::SimilarNames | FindingKind::LeadingZeros | FindingKind::OneIdentity => {
            images[index].identity.clone()
        }
        FindingKind::SameFileTwoIdentities => {
            images[index].identity.as_ref().map(|identity| format!("{} ({identity})", paths[index]))
        }
        _ => paths.get(index).cloned(),
    };
    let of_group = |group: &Vec<usize>| {
        let names: BTreeSet<String> = group.iter().filter_map(name).collect();
        names.into_iter().take(NAMED).collect::<Vec<_>>().join(" and ")
    };
    let named: Vec<String> = groups.iter().take(NAMED_GROUPS).map(of_group).collect();
    let more = if groups.len() > NAMED_GROUPS { ", …" } else { "" };
    named.join(", ") + more
}

fn checked_image(EmbeddedImage { image, .. }: &EmbeddedImage) -> CheckedImage {
    let ImportedImage { set, identity, camera, content, .. } = image.clone();
    CheckedImage { set, identity, camera, content }
}
