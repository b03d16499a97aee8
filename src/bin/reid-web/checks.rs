//! What is odd about the labels of a data set, said before its numbers are believed.

use std::collections::BTreeSet;

use reid_web::dataset::Set;
use reid_web::doctor::{Finding, Kind, Specimen, examine};
use reid_web::exchange::ImportedImage;

use super::Outcome;
use super::console::note;
use super::embedded::{Embedded, EmbeddedImage};

/// Groups of a finding that are named, and names of a group.
const NAMED_GROUPS: usize = 6;
const NAMED: usize = 3;

/// Says what the labels of all images have that makes numbers doubtful, a line for each kind.
pub fn say_findings(embedded: &Embedded) -> Outcome<()> {
    let images: Vec<Specimen> = embedded.images().iter().map(specimen).collect();
    let paths = embedded.pool().paths;
    for Finding { kind, groups, .. } in examine(&images, None)? {
        if let Some(text) = sentence(kind, &groups) {
            note(format_args!("{text}: {}", names(kind, &groups, &images, &paths)));
        }
    }
    Ok(())
}

/// `None` for what the evaluation says by itself, or what does no harm.
fn sentence(kind: Kind, groups: &[Vec<usize>]) -> Option<String> {
    let count = |one: &str, many: &str| match groups.len() {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    Some(match kind {
        Kind::SimilarNames => {
            count("identity has", "identities have") + " several spellings, which count as different"
        }
        Kind::LeadingZeros => {
            count("identity appears", "identities appear")
                + " with and without leading zeros, which count as different"
        }
        Kind::SimilarCameras => {
            count("camera may have", "cameras may have") + " several spellings, which count as different"
        }
        Kind::SameFileTwoIdentities => count("file has", "files have") + " two identities, one of them wrong",
        Kind::OneIdentity => "all labelled images show one identity, so that every match is right".to_owned(),
        Kind::HalfLabelledCameras => format!(
            "{} of the images have no camera while others do, and are never left out as images of the same camera",
            groups.iter().map(Vec::len).sum::<usize>()
        ),
        _ => return None,
    })
}

fn names(kind: Kind, groups: &[Vec<usize>], images: &[Specimen], paths: &[String]) -> String {
    let name = |&index: &usize| match kind {
        Kind::SimilarCameras => images[index].camera.as_deref(),
        Kind::SimilarNames | Kind::LeadingZeros | Kind::OneIdentity => images[index].identity.as_deref(),
        _ => paths.get(index).map(String::as_str),
    };
    let of_group = |group: &Vec<usize>| {
        let names: BTreeSet<&str> = group.iter().filter_map(name).collect();
        names.into_iter().take(NAMED).collect::<Vec<_>>().join(" and ")
    };
    let named: Vec<String> = groups.iter().take(NAMED_GROUPS).map(of_group).collect();
    let more = if groups.len() > NAMED_GROUPS { ", …" } else { "" };
    named.join(", ") + more
}

fn specimen(EmbeddedImage { image, .. }: &EmbeddedImage) -> Specimen {
    let ImportedImage { set, identity, camera, content, .. } = image.clone();
    Specimen { set: set.unwrap_or(Set::Query), identity, camera, content }
}
