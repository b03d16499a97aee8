//! Checks of a data set, before any metric is believed.
//!
//! Some findings come from labels and files alone, others need the embeddings: images of both sets that are nearly the
//! same, and images that look like another identity than their own.

mod files;
mod labels;
mod neighbours;
mod spellings;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::dataset::Set;
use crate::embedding::EmbeddingRows;
use files::same_files;
use labels::{half_labelled_cameras, imbalance, one_identity, one_sided, singletons};
pub use neighbours::{NEAR_DUPLICATE, WIDE_MARGIN};
use neighbours::{near_duplicates, suspicious_labels};
pub use spellings::similar_identities;
use spellings::{similar_cameras, similar_names};

/// Images up to which all pairs are looked at: their number grows with the square.
pub const MOST_COMPARED: usize = 6000;

/// An image as a check sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CheckedImage {
    /// Query or gallery; `None` for an image of a collection, which is searched for among the others.
    pub set: Option<Set>,
    /// Who or what it shows.
    pub identity: Option<String>,
    /// Which camera took it.
    pub camera: Option<String>,
    /// Something that equal files have in common, such as a checksum; `None` if it is not known.
    pub content: Option<String>,
}

/// Something odd about a data set.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// How much it affects the metrics.
    pub severity: Severity,
    /// Indices of the images concerned, in groups that belong together.
    pub groups: Vec<Vec<usize>>,
}

/// What a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// The same file is a query and in the gallery: finding it again proves nothing. One group per file.
    SameFileInBothSets,
    /// A query and an image that it is searched for in, nearly the same, not the same file. One group per pair.
    NearDuplicatesAcrossSets,
    /// The same file twice in one set. One group per file.
    SameFileTwice,
    /// The same file under different identities. One group per file.
    SameFileTwoIdentities,
    /// An image whose nearest other image shows another identity, far nearer than any of its own. One group per image,
    /// with the one that it resembles.
    SuspiciousLabel,
    /// Identities of the queries that the gallery does not have. One group per identity.
    OnlyInQuery,
    /// Identities of the gallery that no query shows: distractors. One group per identity.
    OnlyInGallery,
    /// Identities with a single image in both sets together. One group per identity.
    Singleton,
    /// Identities with more than ten times as many images as the median. One group per identity.
    Imbalance,
    /// Images without a camera while others have one; they are never left out as the same shot. One group.
    HalfLabelledCameras,
    /// Identities whose names a person would take for the same: they differ by case, spaces, Unicode form or a ".0"
    /// alone. One group of images per set of such names.
    SimilarNames,
    /// Identities that are the same number with and without leading zeros, as a spreadsheet leaves them. One group of
    /// images per set of such names.
    LeadingZeros,
    /// Cameras that may be the same: `c1`, `1` and `01`. One group of images per set of such names.
    SimilarCameras,
    /// All images that have an identity, in both sets, have the same: every match is correct, whatever the encoder. One
    /// group.
    OneIdentity,
    /// There are too many images to compare all pairs. No groups.
    PairsNotCompared,
    /// Images without an embedding: nothing is known of what they look like. One group.
    NotEmbedded,
}

/// How much it affects the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The metrics are wrong.
    Wrong,
    /// They may be.
    Doubtful,
    /// They are correct, but it is good to know.
    Note,
}

/// Runs all checks; the most severe findings come first.
///
/// - `images`: of both sets
/// - `embeddings`: of the first of them; the others have none. `None` if embeddings are not looked at
///
/// # Errors
///
/// [`crate::Error::LabelCount`] if there are more embeddings than images.
pub fn examine(images: &[CheckedImage], embeddings: Option<EmbeddingRows>) -> Result<Vec<Finding>> {
    let mut findings = same_files(images);
    findings.extend(one_sided(images));
    findings.extend(similar_names(images));
    findings.extend([
        singletons(images),
        imbalance(images),
        half_labelled_cameras(images),
        similar_cameras(images),
        one_identity(images),
    ]);
    match embeddings {
        Some(embeddings) if embeddings.count() <= MOST_COMPARED => {
            findings.push(near_duplicates(images, embeddings)?);
            findings.push(suspicious_labels(images, embeddings)?);
        }
        Some(_) => findings.push(note(FindingKind::PairsNotCompared, Vec::new())),
        None => {}
    }
    let embedded = embeddings.map_or(images.len(), |embeddings| embeddings.count());
    if embedded < images.len() {
        findings.push(note(FindingKind::NotEmbedded, vec![(embedded..images.len()).collect()]));
    }
    findings.retain(|finding| !finding.groups.is_empty() || finding.kind == FindingKind::PairsNotCompared);
    findings.sort_by_key(|finding| finding.severity);
    Ok(findings)
}

fn note(kind: FindingKind, groups: Vec<Vec<usize>>) -> Finding {
    Finding { kind, severity: Severity::Note, groups }
}
