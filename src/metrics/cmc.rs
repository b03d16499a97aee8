/// Number of queries with a match within the first k ranks, for every k.
///
/// - `first_match_ranks`: `[queries]`, from 1; `None` for a query without a match
/// - returns `[max_rank]`: entry k - 1 belongs to rank k
///
/// ```
/// # use reid_web::metrics::cumulative_hits;
/// assert_eq!(cumulative_hits(&[Some(1), Some(3), None], 3), [1, 1, 2]);
/// ```
#[must_use]
pub fn cumulative_hits(first_match_ranks: &[Option<usize>], max_rank: usize) -> Vec<usize> {
    let mut hits = vec![0; max_rank];
    for rank in first_match_ranks.iter().flatten().filter(|&&rank| (1..=max_rank).contains(&rank)) {
        hits[rank - 1] += 1;
    }
    for rank in 1..max_rank {
        hits[rank] += hits[rank - 1];
    }
    hits
}

/// Cumulative match characteristic: the share of queries with a match within the first k ranks.
///
/// Its first entry is Rank-1, its fifth Rank-5. Every image of the gallery counts as a rank of its
/// own (Market-1501), not every identity (CUHK03:
/// [`crate::protocols::single_gallery_shot`]).
///
/// Source: KaiyangZhou/deep-person-reid@37f92b7 `torchreid/metrics/rank.py` `eval_market1501`.
///
/// - `first_match_ranks`: `[queries]`, from 1; `None` for a query without a match
/// - `n`: the number of queries that the share is taken of; at least those with a match
/// - returns `[max_rank]` fractions in 0..=1: entry k - 1 belongs to rank k; empty if `n` is 0
///
/// ```
/// # use reid_web::metrics::cumulative_match_characteristic;
/// let cmc = cumulative_match_characteristic(&[Some(1), Some(3), None, Some(1)], 3, 4);
/// assert_eq!(cmc, [0.5, 0.5, 0.75]);
/// ```
#[must_use]
pub fn cumulative_match_characteristic(
    first_match_ranks: &[Option<usize>],
    max_rank: usize,
    n: usize,
) -> Vec<f64> {
    if n == 0 {
        return Vec::new();
    }
    let hits = cumulative_hits(first_match_ranks, max_rank);
    hits.into_iter().map(|hits| hits as f64 / n as f64).collect()
}

/// The share at one rank; beyond the end of the rank lists, that of all of them.
///
/// - `cmc`: `[ranks]`, as [`cumulative_match_characteristic`] returns it
/// - `rank`: from 1
/// - returns `None` for an empty curve, and for rank 0
///
/// ```
/// # use reid_web::metrics::cmc_at;
/// assert_eq!((cmc_at(&[0.5, 0.75], 1), cmc_at(&[0.5, 0.75], 5)), (Some(0.5), Some(0.75)));
/// ```
#[must_use]
pub fn cmc_at(cmc: &[f64], rank: usize) -> Option<f64> {
    cmc.get(rank.checked_sub(1)?).or(cmc.last()).copied()
}
