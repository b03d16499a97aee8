"""Makes tests/fixtures/metrics/*.json: embeddings, labels, and the metrics they must give.

    python tests/reference/evaluation/make_metric_fixtures.py

Needs numpy and scikit-learn; their versions are written into the files. The formulas are written here
from their definitions, vectorised over the rank list, unlike the crate, which never sorts it:

- standard average precision and CMC: eval_market1501 of KaiyangZhou/deep-person-reid@37f92b7
- trapezoidal average precision: compute_mAP of nathanlem1/CLIP-HandID@73a60e2
- standard average precision again: sklearn.metrics.average_precision_score, which treats equal
  similarities as one threshold and so agrees where there are no ties (asserted below)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score

FIXTURES = Path(__file__).parents[2] / "fixtures" / "metrics"
JUNK = "-1"


def unit(rows):
    rows = np.asarray(rows, dtype=np.float64)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def rank_list(similarities):
    """Descending; equal similarities in gallery order."""
    return np.argsort(-similarities, kind="stable")


def average_precision(is_match):
    precision = np.cumsum(is_match) / np.arange(1, len(is_match) + 1)
    return float((precision * is_match).sum() / is_match.sum())


def average_precision_trapezoidal(is_match):
    ranks0 = np.flatnonzero(is_match)
    before = np.arange(len(ranks0))
    old_precision = np.where(ranks0 == 0, 1.0, before / np.maximum(ranks0, 1))
    precision = (before + 1) / (ranks0 + 1)
    return float(((old_precision + precision) / 2 / len(ranks0)).sum())


def kept(case, query):
    """Mask of the gallery images that count for a query."""
    identity = np.array(case["galleryIdentities"], dtype=object)
    camera = np.array(case["galleryCameras"], dtype=object)
    keep = identity != JUNK
    own_identity, own_camera = case["queryIdentities"][query], case["queryCameras"][query]
    if case["removeSameCamera"] and own_identity is not None and own_camera is not None:
        keep &= ~((identity == own_identity) & (camera == own_camera))
    return keep


def query_result(case, similarities, query):
    keep = np.flatnonzero(kept(case, query))
    ranked = keep[rank_list(similarities[keep])]
    identity = case["queryIdentities"][query]
    result = {
        "ranked": ranked.tolist(),
        "firstMatchRank": None,
        "averagePrecision": None,
        "averagePrecisionTrapezoidal": None,
    }
    if identity is None or identity == JUNK:
        return result
    is_match = np.array([case["galleryIdentities"][g] == identity for g in ranked], dtype=bool)
    if is_match.any():
        result["firstMatchRank"] = int(np.argmax(is_match)) + 1
        result["averagePrecision"] = average_precision(is_match)
        result["averagePrecisionTrapezoidal"] = average_precision_trapezoidal(is_match)
        if len(np.unique(similarities[ranked])) == len(ranked):
            peer = average_precision_score(is_match, similarities[ranked])
            assert abs(peer - result["averagePrecision"]) < 1e-12, (case["name"], query)
    return result


def summary(case, results, unmatched):
    labelled = [r for r, i in zip(results, case["queryIdentities"]) if i is not None and i != JUNK]
    taken = [r for r in labelled if unmatched == "zero" or r["firstMatchRank"] is not None]
    n = len(taken)
    if n == 0:
        return {"evaluated": 0, "cmc": [], "meanAveragePrecision": None, "meanAveragePrecisionTrapezoidal": None}
    length = max(1, max(len(r["ranked"]) for r in taken))
    curves = np.zeros((n, length))
    for curve, result in zip(curves, taken):
        if result["firstMatchRank"] is not None:
            curve[result["firstMatchRank"] - 1:] = 1
    return {
        "evaluated": n,
        "cmc": (curves.sum(axis=0) / n).tolist(),
        "meanAveragePrecision": sum(r["averagePrecision"] or 0.0 for r in taken) / n,
        "meanAveragePrecisionTrapezoidal": sum(r["averagePrecisionTrapezoidal"] or 0.0 for r in taken) / n,
    }


def assert_ranks_are_certain(name, similarities):
    """Similarities are either equal to the bit or too far apart for rounding to swap them."""
    for row in similarities:
        gaps = np.diff(np.sort(row))
        assert np.all((gaps == 0) | (gaps > 3e-6)), f"{name}: choose another seed"


def make_case(name, query, gallery, query_identities, gallery_identities, query_cameras=None,
              gallery_cameras=None, remove_same_camera=False):
    query, gallery = unit(query), unit(gallery)
    # Element by element, so that equal rows get equal sums whatever BLAS does with their place.
    similarities = np.array([[float((q.astype(np.float64) * g).sum()) for g in gallery] for q in query])
    assert_ranks_are_certain(name, similarities)
    case = {
        "name": name,
        "query": query, "gallery": gallery,
        "queryIdentities": query_identities, "galleryIdentities": gallery_identities,
        "queryCameras": query_cameras or [None] * len(query),
        "galleryCameras": gallery_cameras or [None] * len(gallery),
        "removeSameCamera": remove_same_camera,
    }
    results = [query_result(case, row, i) for i, row in enumerate(similarities)]
    labelled = sum(i is not None and i != JUNK for i in query_identities)
    matched = sum(r["firstMatchRank"] is not None for r in results)
    return case | {
        "similarities": np.round(similarities, 9).tolist(),
        "labelled": labelled,
        "unmatched": labelled - matched,
        "junk": gallery_identities.count(JUNK),
        "perQuery": results,
        "drop": summary(case, results, "drop"),
        "zero": summary(case, results, "zero"),
    }


def names(rng, count, identities, none=0.0):
    picked = [f"{i:04}" for i in rng.integers(0, identities, count)]
    return [None if rng.random() < none else name for name in picked]


def cameras(rng, count, none=0.1):
    return [None if rng.random() < none else str(c) for c in rng.integers(1, 4, count)]


def random_case(name, seed, queries, gallery, identities, dim=8, centred=True, **options):
    rng = np.random.default_rng(seed)
    centre = 0.0 if centred else 2.0
    return make_case(
        name, rng.normal(centre, 1, (queries, dim)), rng.normal(centre, 1, (gallery, dim)),
        names(rng, queries, identities), names(rng, gallery, identities),
        cameras(rng, queries), cameras(rng, gallery), **options)


def tied_case():
    rng = np.random.default_rng(2)
    distinct = rng.normal(0, 1, (6, 8))
    gallery = distinct[rng.integers(0, 6, 30)]
    return make_case("equal similarities stay in gallery order", rng.normal(0, 1, (8, 8)), gallery,
                     names(rng, 8, 4), names(rng, 30, 4))


def unmatched_case():
    rng = np.random.default_rng(3)
    return make_case("queries without a match", rng.normal(0, 1, (12, 8)), rng.normal(0, 1, (20, 8)),
                     names(rng, 12, 9), names(rng, 20, 4))


def one_image_per_identity_case():
    rng = np.random.default_rng(4)
    identities = [f"{i:04}" for i in range(24)]
    centres = rng.normal(0, 1, (24, 16))
    of_query = np.repeat(np.arange(24), 3)
    case = make_case("one gallery image per identity", centres[of_query] + rng.normal(0, 1.1, (72, 16)),
                     centres, [identities[i] for i in of_query], identities)
    metrics = case["drop"]
    expected = (metrics["meanAveragePrecision"] + metrics["cmc"][0]) / 2
    assert abs(metrics["meanAveragePrecisionTrapezoidal"] - expected) < 1e-12
    return case


def market_case():
    """Junk, distractors "0", images without identity or camera, same-camera removal, all at once."""
    rng = np.random.default_rng(15)
    pool = [JUNK, "0", None, "0001", "0002", "0003", "0004"]
    gallery_identities = [pool[i] for i in rng.integers(0, len(pool), 50)]
    return make_case("Market-1501 with junk, distractors and cameras", rng.normal(0, 1, (15, 8)),
                     rng.normal(0, 1, (50, 8)), names(rng, 14, 7, none=0.1) + [JUNK], gallery_identities,
                     cameras(rng, 15), cameras(rng, 50), remove_same_camera=True)


def cases():
    axes = np.eye(3)
    nobody = {"query_identities": ["a"], "gallery_identities": ["b"]}
    yield random_case("random", 1, 20, 40, 6)
    yield tied_case()
    yield unmatched_case()
    yield one_image_per_identity_case()
    yield market_case()
    yield random_case("same camera removed", 6, 20, 40, 5, remove_same_camera=True)
    yield random_case("same camera kept", 6, 20, 40, 5)
    yield random_case("one identity", 7, 6, 20, 1)
    yield random_case("one identity, same camera removed", 8, 6, 20, 1, remove_same_camera=True)
    yield random_case("odd dimension", 9, 6, 12, 3, dim=37)
    yield random_case("all similarities close to 1", 10, 6, 12, 3, centred=False)
    yield make_case("a single pair that matches", axes[:1], axes[:1] + axes[1:2], ["a"], ["a"])
    yield make_case("a single pair that does not match", axes[:1], axes[1:2], **nobody)
    yield make_case("only negative similarities", [[1, 0]], [[-1, 0], [-1, 1], [-1, 2]], ["a"], ["a", "b", "a"])
    yield make_case("zero similarities of either sign", [[1, 0]], [[-0.0, 1], [0.0, -1], [-1, 0]], ["a"],
                    ["b", "a", "a"])
    yield make_case("every match taken by the same camera", axes[:1], axes[:2], ["a"], ["a", "b"], ["1"],
                    ["1", "1"], remove_same_camera=True)
    yield make_case("a gallery of junk", axes[:1], axes[:2], ["a"], [JUNK, JUNK])
    yield make_case("no identities", axes[:2], axes[:3], [None, None], [None, None, None])


def shortest(value):
    """float32 in the fewest digits that read back as the same float32."""
    return [shortest(v) for v in value] if np.ndim(value) else float(np.format_float_scientific(value))


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    written = []
    for case in cases():
        case["query"], case["gallery"] = shortest(case["query"]), shortest(case["gallery"])
        written.append(case)
    fixture = {"numpy": np.__version__, "scikitLearn": sklearn.__version__, "cases": written}
    path = FIXTURES / "evaluation.json"
    path.write_text(json.dumps(fixture, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
    print(f"{path}: {len(written)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
