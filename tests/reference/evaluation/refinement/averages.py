"""Averages of the images of a group."""

import numpy as np

from refinement.embeddings import unit


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
