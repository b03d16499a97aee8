use super::pairs::Pairs;
use crate::Result;
use crate::ranking::{RankKey, first_k};

/// The images nearest to each image, itself among them.
pub(super) struct Neighbours {
    /// `[count, width]` row-major, nearest first; equal distances by index.
    nearest: Vec<u32>,
    width: usize,
    /// `[count]`: largest squared distance of each image.
    pub(super) farthest: Vec<f32>,
}

impl Neighbours {
    /// Finds the nearest `width` of each image, or all if there are fewer.
    pub(super) fn find(pairs: &Pairs, width: usize) -> Result<Self> {
        let (count, width) = (pairs.count(), width.min(pairs.count()));
        let mut nearest = Vec::with_capacity(count * width);
        let mut farthest = Vec::with_capacity(count);
        pairs.for_each_row(0..count, 0..count, |_, distances| {
            let keys = distances.iter().enumerate().map(|(index, &distance)| RankKey::new(index, -distance));
            nearest.extend(first_k(keys.collect(), width).into_iter().map(|key| key.index() as u32));
            farthest.push(distances.iter().copied().fold(0.0, f32::max));
        })?;
        Ok(Self { nearest, width, farthest })
    }

    pub(super) fn count(&self) -> usize {
        self.farthest.len()
    }

    /// The first `count` neighbours of an image, or all that are known.
    pub(super) fn first(&self, image: usize, count: usize) -> &[u32] {
        &self.nearest[image * self.width..][..count.min(self.width)]
    }

    /// Those of the first k + 1 that have the image among their own first k + 1.
    fn reciprocal(&self, image: usize, k: usize) -> Vec<u32> {
        let count = k.saturating_add(1);
        let has_image = |other: &&u32| self.first(**other as usize, count).contains(&(image as u32));
        self.first(image, count).iter().filter(has_image).copied().collect()
    }

    /// The reciprocal neighbours, and those of each of them that are mostly the same; ascending.
    pub(super) fn expanded(&self, image: usize, k: usize) -> Vec<u32> {
        let reciprocal = self.reciprocal(image, k);
        let half = (k as f64 / 2.0).round_ties_even() as usize;
        let mut expanded = reciprocal.clone();
        for &candidate in &reciprocal {
            let theirs = self.reciprocal(candidate as usize, half);
            let shared = theirs.iter().filter(|image| reciprocal.contains(image)).count();
            if 3 * shared > 2 * theirs.len() {
                expanded.extend(theirs);
            }
        }
        expanded.sort_unstable();
        expanded.dedup();
        expanded
    }
}
