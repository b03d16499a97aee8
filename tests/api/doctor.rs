//! What is planted in a data set is found, and a clean one is left in peace.

use reid_web::dataset::Set;
use reid_web::doctor::{CheckedImage, Finding, FindingKind, examine};
use reid_web::embedding::EmbeddingRows;
use reid_web::embedding::normalise;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::random::Random;

const DIM: usize = 32;

/// Six identities with three queries and two gallery images each, near their centres.
struct Clean {
    images: Vec<CheckedImage>,
    embeddings: Vec<Vec<f32>>,
}

impl Clean {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let centres = random.embeddings(6, DIM);
        let (mut images, mut embeddings) = (Vec::new(), Vec::new());
        for (identity, centre) in centres.iter().enumerate() {
            for at in 0..5 {
                let mut embedding: Vec<f32> =
                    centre.iter().map(|value| value + 0.1 * random.signed()).collect();
                normalise(&mut embedding).unwrap();
                embeddings.push(embedding);
                images.push(CheckedImage {
                    set: Some(if at < 3 { Set::Query } else { Set::Gallery }),
                    identity: Some(format!("{identity}00")),
                    camera: Some(at.to_string()),
                    content: Some(format!("{identity} {at}")),
                });
            }
        }
        Self { images, embeddings }
    }

    fn findings(&self) -> Vec<Finding> {
        let values = self.embeddings.concat();
        examine(&self.images, Some(EmbeddingRows::new(&values, DIM).unwrap())).unwrap()
    }

    fn only(&self) -> (FindingKind, Vec<Vec<usize>>) {
        let findings = self.findings();
        assert_eq!(findings.len(), 1, "{findings:?}");
        (findings[0].kind, findings[0].groups.clone())
    }
}

#[test]
fn a_clean_data_set_gives_no_findings() {
    for seed in 0..20 {
        assert_eq!(Clean::new(seed).findings(), []);
    }
}

#[test]
fn files_that_are_there_twice_are_found() {
    let mut sets = Clean::new(1);
    sets.images[4].content = sets.images[0].content.clone();
    assert_eq!(sets.only(), (FindingKind::SameFileInBothSets, vec![vec![0, 4]]));

    let mut sets = Clean::new(1);
    sets.images[1].content = sets.images[0].content.clone();
    assert_eq!(sets.only(), (FindingKind::SameFileTwice, vec![vec![0, 1]]));

    let mut sets = Clean::new(1);
    sets.images[5].content = sets.images[0].content.clone();
    let kinds: Vec<FindingKind> = sets.findings().iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::SameFileTwoIdentities, FindingKind::SameFileTwice]);
}

#[test]
fn images_of_both_sets_that_are_nearly_the_same_are_found() {
    let mut sets = Clean::new(2);
    sets.embeddings[3] = sets.embeddings[0].clone();
    assert_eq!(sets.only(), (FindingKind::NearDuplicatesAcrossSets, vec![vec![0, 3]]));
    sets.images[3].content = sets.images[0].content.clone();
    assert_eq!(sets.only(), (FindingKind::SameFileInBothSets, vec![vec![0, 3]]));
}

#[test]
fn an_image_that_looks_like_another_identity_is_found() {
    for seed in 0..20 {
        let mut sets = Clean::new(seed);
        sets.images[1].identity = Some("500".into());
        let (kind, groups) = sets.only();
        assert_eq!((kind, groups[0][0]), (FindingKind::SuspiciousLabel, 1), "{seed}");
        assert!([0, 2, 3, 4].contains(&groups[0][1]));
    }
}

#[test]
fn identities_of_one_set_and_single_images_are_found() {
    let mut sets = Clean::new(3);
    for index in [3, 4] {
        sets.images[index].set = Some(Set::Query);
    }
    assert_eq!(sets.only(), (FindingKind::OnlyInQuery, vec![vec![0, 1, 2, 3, 4]]));

    let mut sets = Clean::new(3);
    sets.images[9].identity = Some("new".into());
    let kinds: Vec<FindingKind> = sets.findings().iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::OnlyInGallery, FindingKind::Singleton]);
    // Junk is no identity.
    sets.images[9].identity = Some("-1".into());
    assert_eq!(sets.findings(), []);
}

#[test]
fn odd_labels_are_found() {
    let mut sets = Clean::new(4);
    sets.images[2].camera = None;
    assert_eq!(sets.only(), (FindingKind::HalfLabelledCameras, vec![vec![2]]));

    let mut sets = Clean::new(4);
    for index in [0, 1, 3] {
        sets.images[index].identity = Some("0000".into());
    }
    for index in [5, 8] {
        sets.images[index].identity = Some("0100".into());
    }
    assert_eq!(sets.only(), (FindingKind::LeadingZeros, vec![vec![2, 4, 0, 1, 3], vec![5, 8, 6, 7, 9]]));
}

#[test]
fn names_that_a_person_takes_for_the_same_are_found() {
    for [first, second] in
        [["Mu\u{308}ller", "M\u{fc}ller"], ["Ann Lee", "ann\u{a0}lee"], ["Ann", "Ann\u{200b}"], ["7", "7.0"]]
    {
        let mut sets = Clean::new(7);
        for index in 0..5 {
            sets.images[index].identity = Some([first, second][index % 2].into());
        }
        let (kind, groups) = sets.only();
        assert_eq!((kind, groups[0].len()), (FindingKind::SimilarNames, 5), "{first:?} and {second:?}");
    }
}

#[test]
fn several_spellings_of_a_camera_are_found() {
    for [first, second] in [["c1", "1"], ["01", "1"], ["cam_a", "CAM_A"], ["Camera 2", "cam2"], ["3.0", "3"]]
    {
        let mut sets = Clean::new(8);
        sets.images[0].camera = Some(first.into());
        sets.images[1].camera = Some(second.into());
        for index in 2..30 {
            sets.images[index].camera = Some("roof".into());
        }
        let (kind, mut groups) = sets.only();
        groups[0].sort_unstable();
        assert_eq!((kind, groups), (FindingKind::SimilarCameras, vec![vec![0, 1]]), "{first} and {second}");
    }
}

#[test]
fn one_identity_for_everything_is_found() {
    let mut sets = Clean::new(9);
    for image in &mut sets.images {
        image.identity = Some("hands".into());
    }
    let all: Vec<usize> = (0..30).collect();
    assert_eq!(sets.only(), (FindingKind::OneIdentity, vec![all.clone()]));
    sets.images[0].identity = None;
    sets.images[1].identity = Some("-1".into());
    assert_eq!(sets.only(), (FindingKind::OneIdentity, vec![all[2..].to_vec()]));
    for index in 2..30 {
        sets.images[index].set = Some(Set::Query);
    }
    assert!(
        sets.findings().iter().all(|finding| finding.kind != FindingKind::OneIdentity),
        "it is only asked for"
    );
}

#[test]
fn one_identity_with_most_of_the_images_is_found() {
    let mut sets = Clean::new(5);
    for at in 0..60 {
        sets.images.push(CheckedImage { content: Some(format!("more {at}")), ..sets.images[0].clone() });
        sets.embeddings.push(sets.embeddings[0].clone());
    }
    let findings = sets.findings();
    let found = findings.iter().find(|finding| finding.kind == FindingKind::Imbalance).unwrap();
    assert_eq!(found.groups[0].len(), 65);
}

#[test]
fn without_embeddings_the_labels_are_looked_at() {
    let mut sets = Clean::new(6);
    sets.images[3].content = sets.images[0].content.clone();
    assert_eq!(examine(&sets.images, None).unwrap()[0].kind, FindingKind::SameFileInBothSets);
}

#[test]
fn images_without_an_embedding_are_named_and_their_labels_count() {
    let mut sets = Clean::new(7);
    let ghost = |set, identity: &str| CheckedImage {
        set,
        identity: Some(identity.into()),
        camera: None,
        content: None,
    };
    sets.images.push(ghost(Some(Set::Gallery), "100"));
    sets.images.push(ghost(Some(Set::Query), "ghost"));
    let (last, findings) = (sets.images.len() - 1, sets.findings());
    let groups =
        |kind| findings.iter().find(|finding| finding.kind == kind).map(|finding| finding.groups.clone());
    assert_eq!(groups(FindingKind::NotEmbedded), Some(vec![vec![last - 1, last]]));
    assert_eq!(groups(FindingKind::OnlyInQuery), Some(vec![vec![last]]));
    assert_eq!(groups(FindingKind::NearDuplicatesAcrossSets), None);
    let values = sets.embeddings.concat();
    assert!(examine(&sets.images[..2], Some(EmbeddingRows::new(&values, DIM).unwrap())).is_err());
}

#[test]
fn a_collection_has_no_sides() {
    let mut sets = Clean::new(3);
    sets.images.iter_mut().for_each(|image| image.set = None);
    assert_eq!(sets.findings(), []);
    sets.embeddings[7] = sets.embeddings[6].clone();
    assert_eq!(sets.only(), (FindingKind::NearDuplicatesAcrossSets, vec![vec![6, 7]]));
    let mut sets = Clean::new(3);
    sets.images.iter_mut().for_each(|image| (image.set, image.identity) = (None, Some("Rosa".into())));
    assert_eq!(sets.only().0, FindingKind::OneIdentity);
}
