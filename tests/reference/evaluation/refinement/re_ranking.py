"""k-reciprocal re-ranking.

Zhong et al., CVPR 2017; where the paper leaves a choice, as their Python code decides it.
"""

import numpy as np

from refinement.embeddings import assert_order_is_certain, clusters, unit, with_repeats


def shares_of_farthest(name, rows):
    rows = rows.astype(np.float64)
    squared = ((rows[:, None] - rows[None]) ** 2).sum(axis=2)
    assert_order_is_certain(name, squared)
    farthest = squared.max(axis=1, keepdims=True)
    return np.divide(squared, farthest, out=np.zeros_like(squared), where=farthest > 0)


def is_reciprocal(order, k):
    near = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(near, order[:, :k + 1], True, axis=1)
    return near & near.T


def expanded_neighbours(order, k1):
    reciprocal, half = is_reciprocal(order, k1), is_reciprocal(order, int(np.around(k1 / 2)))
    expanded = reciprocal.copy()
    for i, own in enumerate(reciprocal):
        for candidate in np.flatnonzero(own):
            theirs = half[candidate]
            if (theirs & own).sum() > 2 / 3 * theirs.sum():
                expanded[i] |= theirs
    return expanded


def encodings(distances, order, k1, k2):
    weights = np.where(expanded_neighbours(order, k1), np.exp(-distances), 0)
    sums = weights.sum(axis=1, keepdims=True)
    encoded = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    return encoded if k2 == 1 else np.stack([encoded[nearest].mean(axis=0) for nearest in order[:, :k2]])


def re_ranked(name, queries, gallery, k1, k2, lambda_):
    distances = shares_of_farthest(name, np.concatenate([queries, gallery]))
    order = np.argsort(distances, axis=1, kind="stable")
    encoded = encodings(distances, order, k1, k2)
    q = len(queries)
    shared = np.minimum(encoded[:q, None], encoded[None, q:]).sum(axis=2)
    return (1 - shared / (2 - shared)) * (1 - lambda_) + distances[:q, q:] * lambda_


def re_ranking_case(name, queries, gallery, k1=20, k2=6, lambda_=0.3):
    queries, gallery = unit(queries), unit(gallery)
    return {
        "name": name, "k1": k1, "k2": k2, "lambda": lambda_, "queries": queries, "gallery": gallery,
        "expected": re_ranked(name, queries, gallery, k1, k2, lambda_),
    }


def re_ranking_cases():
    yield re_ranking_case("the paper's settings", *clusters(20, 6, 12, 60))
    yield re_ranking_case("few neighbours", *clusters(2, 8, 10, 40), k1=5, k2=3)
    yield re_ranking_case("k1 odd, half of it rounded up to even", *clusters(3, 5, 8, 30), k1=7, k2=2)
    yield re_ranking_case("one neighbour", *clusters(4, 5, 6, 20), k1=1, k2=2)
    yield re_ranking_case("no local expansion", *clusters(5, 5, 8, 30), k1=6, k2=1)
    yield re_ranking_case("more averaged than neighbours", *clusters(6, 5, 8, 30), k1=3, k2=9)
    yield re_ranking_case("Jaccard alone", *clusters(7, 4, 8, 20), k1=5, k2=3, lambda_=0.0)
    yield re_ranking_case("the original distance alone", *clusters(7, 4, 8, 20), k1=5, k2=3, lambda_=1.0)
    yield re_ranking_case("more neighbours than images", *clusters(9, 2, 2, 4))
    yield re_ranking_case("one gallery image", *clusters(10, 2, 5, 1), k1=3, k2=2)
    yield re_ranking_case("one query", *clusters(11, 3, 1, 12), k1=4, k2=2)
    yield re_ranking_case("one pair", *clusters(12, 1, 1, 1))
    yield re_ranking_case("repeated images", *with_repeats(13, 7, 8, 32), k1=6, k2=3)
    yield re_ranking_case("repeated images without local expansion", *with_repeats(15, 6, 5, 20), k1=4, k2=1)
    yield re_ranking_case("more equal images than neighbours", *with_repeats(14, 2, 6, 26), k1=4, k2=3)
    yield re_ranking_case("all images equal", np.ones((3, 5)), np.ones((9, 5)), k1=4, k2=3)
    yield re_ranking_case("the query itself in the gallery", [[1, 0, 0]], [[0, 1, 0], [1, 0, 0]], k1=1, k2=1)
