"""Whitening: numpy.linalg.eigh, and with epsilon 0 again sklearn.decomposition.PCA(whiten=True)."""

import numpy as np
from sklearn.decomposition import PCA

from refinement.embeddings import cosines, unit


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
