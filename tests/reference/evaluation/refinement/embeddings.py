"""Embeddings that refinements are given, and their similarities."""

import numpy as np

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


def cosines(left, right):
    left, right = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (left, right))
    return left @ right.T


def clusters(seed, identities, queries, gallery, dim=8, noise=0.5):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1, (identities, dim))
    draw = lambda count: centres[rng.integers(0, identities, count)] + rng.normal(0, noise, (count, dim))
    return draw(queries), draw(gallery)


def with_repeats(seed, distinct, queries, gallery):
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 1, (distinct, 6))
    return rows[rng.integers(0, distinct, queries)], rows[rng.integers(0, distinct, gallery)]
