//! From similarities to ranks: the gallery ordered for one query.
//!
//! The order is total and the same everywhere: the higher similarity comes first; equal
//! similarities stay in gallery order, the lower index first. -0.0 equals 0.0. NaN cannot come out
//! of [`crate::embedding`]; if a caller brings one, it comes last.

use serde::Serialize;

use crate::embedding::descending_bits;

/// A gallery image in a rank list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankEntry {
    /// Gallery index, from 0.
    pub index: usize,
    /// Cosine similarity with the query, -1..=1 up to rounding.
    pub similarity: f32,
}

/// The first `k` gallery images of one query with their similarities, without ordering the rest.
///
/// - `similarities`: `[gallery]`, higher is closer
/// - returns `[min(k, gallery)]`, best first; equal similarities in gallery order
///
/// ```
/// # use reid_web::ranking::top_k;
/// let best = top_k(&[0.2, 0.9, 0.2, 0.5], 2);
/// assert_eq!(best.iter().map(|entry| entry.index).collect::<Vec<_>>(), [1, 3]);
/// assert_eq!(best[0].similarity, 0.9);
/// ```
#[must_use]
pub fn top_k(similarities: &[f32], k: usize) -> Vec<RankEntry> {
    let entry = |key: RankKey| RankEntry { index: key.index(), similarity: similarities[key.index()] };
    first_k(rank_keys(similarities), k).into_iter().map(entry).collect()
}

/// Similarity and gallery index as one number: the smaller key is ranked first, no two are equal.
///
/// One integer comparison decides both similarity and tie, which sorts several times faster than
/// comparing floats through an index. Indices go up to 2³² - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RankKey(u64);

impl RankKey {
    pub(crate) fn new(index: usize, similarity: f32) -> Self {
        Self(u64::from(descending_bits(similarity)) << 32 | index as u64)
    }

    pub(crate) fn index(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }
}

/// The first `k` keys in order.
pub(crate) fn first_k(mut keys: Vec<RankKey>, k: usize) -> Vec<RankKey> {
    if k == 0 {
        return Vec::new();
    }
    if k < keys.len() {
        keys.select_nth_unstable(k - 1);
        keys.truncate(k);
    }
    keys.sort_unstable();
    keys
}

fn rank_keys(similarities: &[f32]) -> Vec<RankKey> {
    similarities.iter().enumerate().map(|(index, &similarity)| RankKey::new(index, similarity)).collect()
}
