"""Makes tests/fixtures/refinement/*.json: embeddings or scores, and what each refinement must make of them.

    python tests/reference/evaluation/make_refinement_fixtures.py

Needs numpy and scikit-learn; their versions are written into the files. All is in double precision, from the
definitions, and dense: whole matrices of distances, memberships and encodings, unlike the crate.

- re-ranking: Zhong et al., CVPR 2017; where the paper leaves a choice, as their Python code decides it
- whitening: numpy.linalg.eigh, and with epsilon 0 again sklearn.decomposition.PCA(whiten=True)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA

FIXTURES = Path(__file__).parents[2] / "fixtures" / "refinement"
SMALLEST_GAP = 2e-6


def unit(rows):
    """Of length 1 to 5 decimals: short to write, and no length is taken for exactly 1."""
    rows = np.asarray(rows, dtype=np.float64)
    return np.round(rows / np.linalg.norm(rows, axis=-1, keepdims=True), 5).astype(np.float32)


def products(left, right):
    """Element by element, so that equal rows get equal sums whatever BLAS does with their place."""
    return np.array([[float((a.astype(np.float64) * b).sum()) for b in right] for a in left])


def assert_order_is_certain(name, values):
    """Values of a row are either equal to the bit or too far apart for rounding to swap them."""
    for row in values:
        gaps = np.diff(np.sort(row))
        assert np.all((gaps == 0) | (gaps > SMALLEST_GAP)), f"{name}: choose another seed"


# --- k-reciprocal re-ranking -----------------------------------------------------------------------


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


def clusters(seed, identities, queries, gallery, dim=8, noise=0.5):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1, (identities, dim))
    draw = lambda count: centres[rng.integers(0, identities, count)] + rng.normal(0, noise, (count, dim))
    return draw(queries), draw(gallery)


def with_repeats(seed, distinct, queries, gallery):
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 1, (distinct, 6))
    return rows[rng.integers(0, distinct, queries)], rows[rng.integers(0, distinct, gallery)]


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


# --- query expansion -------------------------------------------------------------------------------


def expanded(name, rows, gallery, k, alpha, itself):
    similarities = products(rows, gallery)
    assert_order_is_certain(name, similarities)
    result = rows.astype(np.float64)
    for i, row in enumerate(similarities):
        nearest = [g for g in np.argsort(-row, kind="stable") if not itself or g != i][:k]
        result[i] += (np.maximum(row[nearest], 0)[:, None] ** alpha * gallery[nearest]).sum(axis=0)
    return result / np.linalg.norm(result, axis=1, keepdims=True)


def expansion_case(name, queries, gallery, k=5, alpha=3.0):
    queries, gallery = unit(queries), unit(gallery)
    return {
        "name": name, "k": k, "alpha": alpha, "queries": queries, "gallery": gallery,
        "expandedQueries": expanded(name, queries, gallery, k, alpha, itself=False),
        "augmentedGallery": expanded(name, gallery, gallery, k, alpha, itself=True),
    }


def expansion_cases():
    yield expansion_case("the default", *clusters(31, 4, 6, 24))
    yield expansion_case("a fractional power", *clusters(32, 4, 6, 24), alpha=0.5)
    yield expansion_case("the plain average", *clusters(33, 4, 6, 24), alpha=0.0)
    yield expansion_case("no images", *clusters(34, 2, 3, 6), k=0)
    yield expansion_case("more than there are, some of negative similarity", *clusters(35, 3, 4, 9), k=50)
    yield expansion_case("the plain average of more than there are", *clusters(36, 3, 4, 9), k=50, alpha=0.0)
    yield expansion_case("one gallery image", *clusters(37, 2, 3, 1))
    yield expansion_case("one query", *clusters(38, 2, 1, 6), k=1)
    yield expansion_case("repeated images", *with_repeats(39, 4, 5, 20), k=3)
    yield expansion_case("all images equal", np.ones((2, 3)), np.ones((4, 3)), k=2)


# --- whitening -------------------------------------------------------------------------------------


def whitened(fitted, rows, components, epsilon):
    mean = fitted.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(fitted.T))
    largest = np.argsort(-variances)[:components]
    assert variances[largest[-1]] > 1e-6 and (components == len(variances) or np.all(
        variances[largest[-1]] - np.sort(variances)[-components - 1] > 1e-6)), "choose another seed"
    result = (rows - mean) @ axes[:, largest] / np.sqrt(variances[largest] + epsilon)
    if epsilon == 0:
        peer = PCA(components, whiten=True, svd_solver="full").fit(fitted).transform(rows)
        assert np.allclose(cosines(peer, peer), cosines(result, result), atol=1e-9)
    return result


def cosines(left, right):
    left, right = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (left, right))
    return left @ right.T


def whitening_case(name, queries, gallery, components=None, epsilon=0.0, both=False, expected_components=None):
    queries, gallery = unit(queries), unit(gallery)
    fitted = (np.concatenate([queries, gallery]) if both else gallery).astype(np.float64)
    kept = expected_components or components or fitted.shape[1]
    similarities = cosines(*(whitened(fitted, rows.astype(np.float64), kept, epsilon)
                             for rows in (queries, gallery)))
    return {
        "name": name, "components": components, "epsilon": epsilon, "both": both, "queries": queries,
        "gallery": gallery, "expectedComponents": kept, "similarities": similarities,
    }


def stretched(seed, queries, gallery, dim=10):
    rng = np.random.default_rng(seed)
    scales = 1.6 ** -np.arange(dim)
    draw = lambda count: rng.normal(0, 1, (count, dim)) * scales + 0.5
    return draw(queries), draw(gallery)


def repeated_rows(queries, gallery, distinct):
    return queries, gallery[np.arange(len(gallery)) % distinct]


def whitening_cases():
    yield whitening_case("by the gallery", *stretched(51, 4, 30))
    yield whitening_case("by both", *stretched(52, 4, 30), both=True)
    yield whitening_case("few components", *stretched(53, 4, 30), components=4)
    yield whitening_case("regularised", *stretched(54, 4, 30), epsilon=0.01)
    yield whitening_case("few components, regularised, by both", *stretched(55, 4, 30), 5, 0.001, True)
    yield whitening_case("fewer images than dimensions", *stretched(56, 4, 7), expected_components=6)
    yield whitening_case("more components asked for than there are", *stretched(57, 4, 30), components=99,
                         expected_components=10)
    yield whitening_case("two images", *stretched(58, 3, 2), expected_components=1)
    yield whitening_case("repeated images", *repeated_rows(*stretched(59, 3, 20), 5), expected_components=4)


# --- score normalisation ---------------------------------------------------------------------------


def moments(scores, cohort, axis):
    cohort_scores = -np.sort(-scores, axis=axis)
    cohort_scores = cohort_scores if cohort is None else np.take(
        cohort_scores, range(min(cohort, scores.shape[axis])), axis=axis)
    return cohort_scores.mean(axis=axis, keepdims=True), cohort_scores.std(axis=axis, keepdims=True)


def normalised_scores(scores, norm, cohort):
    """None where a cohort has no spread."""
    results = []
    for axis in {"z": [0], "t": [1], "s": [0, 1]}[norm]:
        mean, deviation = moments(scores.astype(np.float64), cohort, axis)
        if np.any(deviation == 0):
            return None
        results.append((scores - mean) / deviation)
    return np.mean(results, axis=0)


def score_norm_case(name, scores):
    scores = np.round(scores, 5).astype(np.float32)
    results = [{"norm": norm, "cohort": cohort, "expected": plain(normalised_scores(scores, norm, cohort))}
               for norm in "zts" for cohort in (None, 5, 50)]
    return {"name": name, "scores": scores, "results": results}


def score_norm_cases():
    rng = np.random.default_rng(71)
    yield score_norm_case("random", rng.uniform(-1, 1, (6, 17)))
    yield score_norm_case("tied", rng.integers(-2, 3, (6, 8)) / 4)
    yield score_norm_case("one query", rng.uniform(-1, 1, (1, 9)))
    yield score_norm_case("one gallery image", rng.uniform(-1, 1, (9, 1)))
    yield score_norm_case("all the same", np.full((3, 4), 0.7))


# --- averages --------------------------------------------------------------------------------------


def average_case(name, rows, groups):
    rows = unit(rows)
    names = list(dict.fromkeys(groups))
    members = [[i for i, group in enumerate(groups) if group == name] for name in names]
    means = np.stack([rows[images].astype(np.float64).mean(axis=0) for images in members])
    return {
        "name": name, "embeddings": rows, "groups": groups, "members": members,
        "expected": means / np.linalg.norm(means, axis=1, keepdims=True),
    }


def average_cases():
    rng = np.random.default_rng(81)
    yield average_case("mixed groups", rng.normal(0, 1, (20, 6)), rng.integers(0, 5, 20).tolist())
    yield average_case("one group", rng.normal(0, 1, (9, 6)), [3] * 9)
    yield average_case("every image its own group", rng.normal(0, 1, (4, 6)), [9, 2, 7, 0])
    yield average_case("equal images", np.ones((3, 6)), [1, 1, 1])


# --- files -----------------------------------------------------------------------------------------


def plain(value):
    """float32 in the fewest digits that read back as the same float32; float64 to eight decimals."""
    if isinstance(value, np.ndarray) and value.ndim:
        return [plain(v) for v in value]
    if isinstance(value, np.float32):
        return float(np.format_float_scientific(value))
    return round(float(value), 8) if isinstance(value, np.floating) else value


def write(name, cases):
    cases = [{key: plain(value) for key, value in case.items()} for case in cases]
    fixture = {"numpy": np.__version__, "scikitLearn": sklearn.__version__, "cases": cases}
    path = FIXTURES / f"{name}.json"
    text = json.dumps(fixture, separators=(",", ":"))
    path.write_text(text.replace('"cases":[{', '"cases":[\n{').replace('},{', '},\n{') + "\n")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    write("re_ranking", re_ranking_cases())
    write("query_expansion", expansion_cases())
    write("whitening", whitening_cases())
    write("score_norm", score_norm_cases())
    write("averages", average_cases())


if __name__ == "__main__":
    main()
