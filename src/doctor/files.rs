use std::collections::BTreeMap;

use super::{CheckedImage, Finding, FindingKind, Severity};

/// Files that are there more than once.
pub(super) fn same_files(images: &[CheckedImage]) -> Vec<Finding> {
    let mut by_content: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, image) in images.iter().enumerate() {
        if let Some(content) = &image.content {
            by_content.entry(content).or_default().push(index);
        }
    }
    let repeated: Vec<Vec<usize>> = by_content.into_values().filter(|group| group.len() > 1).collect();
    let finding = |kind, severity, wanted: &dyn Fn(&[usize]) -> bool| {
        let groups = repeated.iter().filter(|group| wanted(group)).cloned().collect();
        Finding { kind, severity, groups }
    };
    let differ = |group: &[usize], by: &dyn Fn(&CheckedImage) -> Option<String>| {
        let values: Vec<String> = group.iter().filter_map(|&index| by(&images[index])).collect();
        values.windows(2).any(|pair| pair[0] != pair[1])
    };
    let sets = |group: &[usize]| group.windows(2).any(|pair| images[pair[0]].set != images[pair[1]].set);
    let identities = |group: &[usize]| differ(group, &|image| image.identity.clone());
    vec![
        finding(FindingKind::SameFileTwoIdentities, Severity::Wrong, &identities),
        finding(FindingKind::SameFileInBothSets, Severity::Wrong, &sets),
        finding(FindingKind::SameFileTwice, Severity::Doubtful, &|group| !sets(group)),
    ]
}
