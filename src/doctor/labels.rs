use std::collections::BTreeMap;

use super::{CheckedImage, Finding, FindingKind, Severity};
use crate::dataset::Set;
use crate::labels::JUNK;

/// How many times as many images as the median an identity has to be conspicuous.
const IMBALANCE: usize = 10;

/// Images by identity, without junk and those that have none.
pub(super) fn by_identity(images: &[CheckedImage]) -> BTreeMap<&str, Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, image) in images.iter().enumerate() {
        if let Some(identity) = image.identity.as_deref().filter(|identity| *identity != JUNK) {
            groups.entry(identity).or_default().push(index);
        }
    }
    groups
}

pub(super) fn finding(
    kind: FindingKind,
    severity: Severity,
    groups: impl IntoIterator<Item = Vec<usize>>,
) -> Finding {
    Finding { kind, severity, groups: groups.into_iter().collect() }
}

/// Identities that are in one set only.
pub(super) fn one_sided(images: &[CheckedImage]) -> [Finding; 2] {
    let only = |set: Set| {
        let groups = by_identity(images).into_values();
        groups.filter(move |group| group.iter().all(|&index| images[index].set == Some(set)))
    };
    [
        finding(FindingKind::OnlyInQuery, Severity::Doubtful, only(Set::Query)),
        finding(FindingKind::OnlyInGallery, Severity::Note, only(Set::Gallery)),
    ]
}

pub(super) fn singletons(images: &[CheckedImage]) -> Finding {
    let groups = by_identity(images).into_values().filter(|group| group.len() == 1);
    finding(FindingKind::Singleton, Severity::Note, groups)
}

pub(super) fn imbalance(images: &[CheckedImage]) -> Finding {
    let groups: Vec<Vec<usize>> = by_identity(images).into_values().collect();
    let mut sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
    let large = groups.into_iter().filter(|group| group.len() > IMBALANCE * median);
    finding(FindingKind::Imbalance, Severity::Note, large)
}

pub(super) fn half_labelled_cameras(images: &[CheckedImage]) -> Finding {
    let (with, without): (Vec<usize>, Vec<usize>) =
        (0..images.len()).partition(|&index| images[index].camera.is_some());
    let is_half = !with.is_empty() && !without.is_empty();
    finding(FindingKind::HalfLabelledCameras, Severity::Doubtful, is_half.then_some(without))
}

/// One identity for everything, which makes every ranking perfect.
pub(super) fn one_identity(images: &[CheckedImage]) -> Finding {
    let mut groups = by_identity(images).into_values();
    let only = groups.next().filter(|_| groups.next().is_none());
    let is_in =
        |group: &[usize], set| group.iter().any(|&index| images[index].set.is_none_or(|own| own == set));
    let all = only.filter(|group| is_in(group, Set::Query) && is_in(group, Set::Gallery));
    finding(FindingKind::OneIdentity, Severity::Wrong, all)
}
