//! Re-ranking by k-reciprocal encoding.
//!
//! ```text
//! embeddings ─ pairs.rs ──▶ nearest k of each image ─ neighbours.rs ──▶ reciprocal neighbours
//!            ─ encoding.rs ──▶ their weights, sparse ─ jaccard.rs ──▶ distances by shared neighbours
//! ```

mod encoding;
mod jaccard;
mod neighbours;
mod pairs;

use serde::{Deserialize, Serialize};

use crate::embedding::EmbeddingRows;
use crate::{Error, Result};
use encoding::{Encoding, encode, expand_locally};
use jaccard::InvertedIndex;
use neighbours::Neighbours;
use pairs::{Pairs, share_of};

/// The settings of [`ReRanking`], with the names and defaults of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KReciprocal {
    /// Nearest images that may be reciprocal neighbours, besides the image itself; 1 or more.
    pub k1: usize,
    /// Nearest images, the image itself included, whose encodings are averaged; 1 or more, 1 averages none.
    pub k2: usize,
    /// Share of the original distance in the result, 0 to 1; the rest is Jaccard distance.
    pub lambda: f64,
}

impl Default for KReciprocal {
    fn default() -> Self {
        Self { k1: 20, k2: 6, lambda: 0.3 }
    }
}

/// Distances by shared neighbours: two images are near if those that have each of them among their nearest
/// are the same.
///
/// All query and gallery images are taken together. d is the squared Euclidean distance divided by the
/// largest of the image's row; images that are all equal have d = 0. N(i, k) are the k + 1 images nearest to
/// i, usually i itself the first.
///
/// 1. Reciprocal neighbours R(i, k): those of N(i, k) that have i in their own N.
/// 2. Expansion: for each candidate c in R(i, k1), R(c, k1 / 2) is added if more than two thirds of it are in
///    R(i, k1). k1 / 2 is rounded to even, as by numpy.
/// 3. Encoding: image j of that set weighs e^−d(i, j), and the weights sum up to 1.
/// 4. Local expansion: the mean of the encodings of the k2 nearest.
/// 5. Jaccard distance 1 − m / (2 − m), where m is the sum of the smaller weight over all images.
/// 6. Result: (1 − lambda) · Jaccard + lambda · d.
///
/// Distances are 0 to 1, lower is closer; `1.0 - distance` is a score, higher is closer. Neither is a
/// cosine similarity, and each depends on all other images: a threshold holds for this set alone. For a gallery
/// with one image of each identity there is little to gain.
///
/// Equal distances are ordered by index, queries before gallery, among the neighbours as in
/// [`crate::ranking`]. Neighbours whose squared distances differ by less than about 1e-6 may come in another
/// order than in double precision; where that happens at the k-th place, results differ by more than rounding.
///
/// The authors' code squares Euclidean distances, as here. torchreid passes its copy of that code distances that
/// are squared already, so that they are squared twice and its results differ.
///
/// Source: Zhong, Zheng, Cao and Li, "Re-ranking Person Re-identification with k-reciprocal Encoding", CVPR
/// 2017; zhunzhong07/person-re-ranking@f952e80 `python-version/re_ranking_ranklist.py`.
///
/// Memory: a copy of the embeddings, the nearest lists and the encodings, usually a few hundred values per
/// image; of distances, a few rows at a time.
#[derive(Debug)]
pub struct ReRanking {
    pairs: Pairs,
    /// `[Q]`: largest squared distance of each query.
    farthest: Vec<f32>,
    /// `[Q]`
    queries: Vec<Encoding>,
    gallery: InvertedIndex,
    lambda: f64,
}

impl ReRanking {
    /// Finds neighbours and encodes them.
    ///
    /// - `queries`: `[Q, dim]`; `gallery`: `[G, dim]`
    ///
    /// Errors: different dimensions, and settings out of range.
    pub fn new(queries: EmbeddingRows, gallery: EmbeddingRows, settings: KReciprocal) -> Result<Self> {
        settings.check()?;
        queries.check_dim(gallery)?;
        let pairs = Pairs::new(queries, gallery)?;
        let neighbours = Neighbours::find(&pairs, settings.k1.saturating_add(1).max(settings.k2))?;
        let mut encodings = encode(&pairs, &neighbours, settings.k1)?;
        if settings.k2 != 1 {
            encodings = expand_locally(&encodings, &neighbours, settings.k2);
        }
        let mut farthest = neighbours.farthest;
        farthest.truncate(queries.count());
        let gallery = InvertedIndex::new(&encodings[queries.count()..], encodings.len());
        encodings.truncate(queries.count());
        Ok(Self { pairs, farthest, queries: encodings, gallery, lambda: settings.lambda })
    }

    /// Passes the distances of each query to `take`, in order.
    ///
    /// - `take`: gets the query's index and `[G]`, 0 to 1, lower is closer
    pub fn for_each_row(&self, mut take: impl FnMut(usize, &[f32])) -> Result<()> {
        let (queries, all) = (self.queries.len(), self.pairs.count());
        let mut row = Vec::with_capacity(all - queries);
        self.pairs.for_each_row(0..queries, queries..all, |query, distances| {
            let jaccard = self.gallery.distances(&self.queries[query]);
            row.clear();
            row.extend(jaccard.zip(distances).map(|(jaccard, &distance)| {
                let original = share_of(distance, self.farthest[query]);
                (jaccard * (1.0 - self.lambda) + original * self.lambda) as f32
            }));
            take(query, &row);
        })
    }
}

impl KReciprocal {
    fn check(self) -> Result<()> {
        for (name, found) in [("k1", self.k1), ("k2", self.k2)] {
            if found == 0 {
                return Err(Error::Setting { name, found: 0.0, accepted: "1 or more" });
            }
        }
        if (0.0..=1.0).contains(&self.lambda) {
            return Ok(());
        }
        Err(Error::Setting { name: "lambda", found: self.lambda, accepted: "0 to 1" })
    }
}
