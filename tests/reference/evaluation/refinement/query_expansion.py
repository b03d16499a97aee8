"""Query expansion and augmentation of the gallery: each embedding with the nearest ones of the gallery added."""

import numpy as np

from refinement.embeddings import assert_order_is_certain, clusters, products, unit, with_repeats


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
