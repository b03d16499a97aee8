"""Makes tests/fixtures/refinement/junk.json: sets with images of identity -1, and what refinements make of the others.

    python tests/reference/evaluation/make_junk_fixtures.py

Needs what make_refinement_fixtures.py needs. The loaders of torchreid (market1501.py, `if pid == -1: continue`) and of
fast-reid drop images of identity -1 before anything is computed, and so does this: a refinement sees the others alone.
"""

import numpy as np

from refinement.embeddings import assert_order_is_certain, clusters, cosines, products, unit
from refinement.files import write
from refinement.query_expansion import expanded
from refinement.re_ranking import re_ranked
from refinement.score_norm import normalised_scores
from refinement.whitening import whitened

REFINEMENTS = {
    "queryExpansion": {"k": 4, "alpha": 2.0},
    "galleryAugmentation": {"k": 3, "alpha": 2.0},
    "reRanking": {"k1": 6, "k2": 3, "lambda": 0.3},
    "whitening": {"components": 5, "epsilon": 0.0},
    "normalisation": {"norm": "z", "cohort": "all"},
}


def scores_of(name, queries, gallery):
    settings = REFINEMENTS[name]
    if name == "queryExpansion":
        return cosines(expanded(name, queries, gallery, itself=False, **settings), gallery)
    if name == "galleryAugmentation":
        return cosines(queries, expanded(name, gallery, gallery, itself=True, **settings))
    if name == "reRanking":
        return 1 - re_ranked(name, queries, gallery, settings["k1"], settings["k2"], settings["lambda"])
    if name == "whitening":
        fitted = gallery.astype(np.float64)
        return cosines(*(whitened(fitted, rows.astype(np.float64), 5, 0.0) for rows in (queries, gallery)))
    return normalised_scores(products(queries, gallery), "z", None)


def match_ranks(scores, query, gallery):
    order = np.argsort(-scores, kind="stable")
    return (np.flatnonzero(gallery[order] == query) + 1).tolist()


def case(name, seed):
    rng = np.random.default_rng(seed)
    queries, gallery = (unit(rows) for rows in clusters(seed, 6, 16, 50))
    labels = [rng.integers(-1, 5, count) for count in (16, 50)]
    query, image = (label[label >= 0] for label in labels)
    scores = scores_of(name, queries[labels[0] >= 0], gallery[labels[1] >= 0])
    assert_order_is_certain(name, scores)
    ranks = iter([match_ranks(row, one, image) for row, one in zip(scores, query)])
    return {
        "name": name, "refinements": {name: REFINEMENTS[name]}, "queries": queries, "gallery": gallery,
        "queryIdentities": labels[0].tolist(), "galleryIdentities": labels[1].tolist(),
        "matchRanks": [next(ranks) if one >= 0 else [] for one in labels[0]],
    }


def main():
    write("junk", [case(name, seed) for seed, name in enumerate(REFINEMENTS, 91)])


if __name__ == "__main__":
    main()
