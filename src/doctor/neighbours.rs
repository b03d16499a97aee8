use super::{CheckedImage, Finding, FindingKind, Severity};
use crate::embedding::EmbeddingRows;
use crate::labels::JUNK;
use crate::{Error, Result};

/// Similarity from which images of both sets count as nearly the same.
pub const NEAR_DUPLICATE: f32 = 0.995;
/// By how much another identity must be nearer than an image's own for its label to be suspicious.
pub const WIDE_MARGIN: f32 = 0.1;

/// Images that are searched for in each other, nearly the same but not the same file. One group per pair.
pub(super) fn near_duplicates(images: &[CheckedImage], embeddings: EmbeddingRows) -> Result<Finding> {
    let mut groups = Vec::new();
    for_each_row(images, embeddings, |index, row| {
        let image = &images[index];
        let is_same_file = |other: &CheckedImage| image.content.is_some() && image.content == other.content;
        for (other, _) in
            row.iter().enumerate().skip(index + 1).filter(|(_, value)| **value >= NEAR_DUPLICATE)
        {
            let may_match = images[other].set != image.set || image.set.is_none();
            if may_match && !is_same_file(&images[other]) {
                groups.push(vec![index, other]);
            }
        }
    })?;
    Ok(Finding { kind: FindingKind::NearDuplicatesAcrossSets, severity: Severity::Doubtful, groups })
}

/// Images that resemble another identity far more than their own. The other identity must have two images that are both
/// nearer than the nearest of the own: a single one may itself be mislabelled.
pub(super) fn suspicious_labels(images: &[CheckedImage], embeddings: EmbeddingRows) -> Result<Finding> {
    let subject = |index: usize| images[index].identity.as_deref().filter(|identity| *identity != JUNK);
    let mut groups = Vec::new();
    for_each_row(images, embeddings, |index, row| {
        let Some(own) = subject(index) else { return };
        let others = |is_own: bool| {
            let is_wanted =
                move |other: usize| subject(other).is_some_and(|identity| (identity == own) == is_own);
            row.iter().enumerate().filter(move |(other, _)| *other != index && is_wanted(*other))
        };
        let nearest_own = others(true).map(|(_, value)| *value).fold(None, larger);
        let nearest_other = others(false).max_by(|(_, a), (_, b)| a.total_cmp(b));
        let (Some(own_value), Some((other, value))) = (nearest_own, nearest_other) else { return };
        let supporting = others(false)
            .filter(|(image, value)| subject(*image) == subject(other) && **value > own_value)
            .count();
        if value - own_value > WIDE_MARGIN && supporting > 1 {
            groups.push(vec![index, other]);
        }
    })?;
    Ok(Finding { kind: FindingKind::SuspiciousLabel, severity: Severity::Doubtful, groups })
}

fn larger(largest: Option<f32>, value: f32) -> Option<f32> {
    Some(largest.map_or(value, |largest| largest.max(value)))
}

/// Passes the similarities of each image that has an embedding with all of these to `take`; they are the first images.
fn for_each_row(
    images: &[CheckedImage],
    embeddings: EmbeddingRows,
    mut take: impl FnMut(usize, &[f32]),
) -> Result<()> {
    if embeddings.count() > images.len() {
        let (labels, embeddings) = (images.len(), embeddings.count());
        return Err(Error::LabelCount { set: "whole", labels, embeddings });
    }
    embeddings.try_for_each_similarity_row(embeddings, |index, row| {
        take(index, row);
        Ok(())
    })
}
