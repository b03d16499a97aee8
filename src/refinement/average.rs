use crate::embedding::EmbeddingRows;
use crate::embedding::{add_weighted, normalised};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// Averages of groups of embeddings, and who is in each.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupAverages {
    /// `[groups, dim]` row-major, each of length 1; the group whose first image comes first is first.
    pub values: Vec<f32>,
    /// `[groups]`: the images of each, in their order.
    pub members: Vec<Vec<usize>>,
}

/// One embedding for each group of images: the mean of theirs, scaled to length 1.
///
/// Of the gallery, an identity's images become one template, as is usual where each identity is enrolled.
/// Of the queries it is another question than before: by averaging over an identity, "these pictures show
/// the same one" is taken as known. Name such figures a multi-shot protocol.
///
/// Images whose identity is unknown should be in groups of their own. A group over several cameras
/// has no camera, by which Market-1501's protocol could remove it.
///
/// - `group_of`: `[count]`, any number for each image; the same number is the same group
///
/// Errors: another number of groups than of embeddings, and embeddings that cancel out.
///
/// ```
/// # use reid_web::embedding::EmbeddingRows;
/// # use reid_web::refinement::average_groups;
/// let images = EmbeddingRows::new(&[1.0, 0.0, 0.6, 0.8, 0.0, 1.0], 2)?;
/// let averages = average_groups(images, &[7, 5, 7])?;
/// assert_eq!(averages.members, [vec![0, 2], vec![1]]);
/// assert_eq!(averages.values, [0.5_f32.sqrt(), 0.5_f32.sqrt(), 0.6, 0.8]);
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn average_groups(embeddings: EmbeddingRows, group_of: &[usize]) -> Result<GroupAverages> {
    if group_of.len() != embeddings.count() {
        return Err(Error::GroupCount { groups: group_of.len(), embeddings: embeddings.count() });
    }
    let members = members_of(group_of);
    let rows: Result<Vec<_>> = members.iter().map(|images| average(embeddings, images)).collect();
    Ok(GroupAverages { values: rows?.concat(), members })
}

/// The images of each group; groups in the order of their first images.
fn members_of(group_of: &[usize]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut position_of = BTreeMap::new();
    for (image, group) in group_of.iter().enumerate() {
        let position = *position_of.entry(group).or_insert(members.len());
        if position == members.len() {
            members.push(Vec::new());
        }
        members[position].push(image);
    }
    members
}

/// The sum has the direction of the mean, and the length is lost anyway.
fn average(embeddings: EmbeddingRows, images: &[usize]) -> Result<Vec<f32>> {
    let mut sums = vec![0.0; embeddings.dim()];
    images.iter().for_each(|&image| add_weighted(&mut sums, embeddings.row(image), 1.0));
    normalised(&sums)
}
