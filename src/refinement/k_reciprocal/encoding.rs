use super::neighbours::Neighbours;
use super::pairs::{Pairs, share_of};
use crate::Result;
use std::collections::BTreeMap;

/// The images that an image is encoded by, ascending, and how much each of them weighs. The weights sum up to
/// 1, or there are none: an image that has many equal ones before it may be in nobody's neighbours.
pub(super) type Encoding = Box<[(u32, f32)]>;

/// Encodes each image by its expanded reciprocal neighbours.
pub(super) fn encode(pairs: &Pairs, neighbours: &Neighbours, k1: usize) -> Result<Vec<Encoding>> {
    (0..neighbours.count()).map(|image| encode_one(pairs, neighbours, image, k1)).collect()
}

fn encode_one(pairs: &Pairs, neighbours: &Neighbours, image: usize, k1: usize) -> Result<Encoding> {
    let others = neighbours.expanded(image, k1);
    let farthest = neighbours.farthest[image];
    let distances = pairs.distances(image, &others)?;
    let weights: Vec<f64> =
        distances.into_iter().map(|distance| libm::exp(-share_of(distance, farthest))).collect();
    let sum: f64 = weights.iter().sum();
    Ok(others.into_iter().zip(weights).map(|(other, weight)| (other, (weight / sum) as f32)).collect())
}

/// The mean of the encodings of each image's `k2` nearest.
pub(super) fn expand_locally(encodings: &[Encoding], neighbours: &Neighbours, k2: usize) -> Vec<Encoding> {
    let nearest = (0..encodings.len()).map(|image| neighbours.first(image, k2));
    nearest.map(|images| mean(encodings, images)).collect()
}

fn mean(encodings: &[Encoding], images: &[u32]) -> Encoding {
    let mut sums = BTreeMap::new();
    for &(other, weight) in images.iter().flat_map(|&image| &encodings[image as usize]) {
        *sums.entry(other).or_insert(0.0) += f64::from(weight);
    }
    sums.into_iter().map(|(other, sum)| (other, (sum / images.len() as f64) as f32)).collect()
}
