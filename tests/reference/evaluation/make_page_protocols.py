#!/usr/bin/env python3
"""Makes tests/fixtures/page/protocols.json: what other protocols give for the embeddings of page/expected.json.

    python tests/reference/evaluation/make_page_protocols.py

make_page_fixtures.py does it as well. The formulas are those of make_protocol_fixtures.py; written are rounded numbers
by policy, five of each protocol: Rank-1, 5 and 10, mAP, mAP trapezoidal, each as [mean, standard deviation or null].
"""

import json
from pathlib import Path

import numpy as np
from make_identification_fixtures import chacha8
from make_metric_fixtures import make_case
from make_protocol_fixtures import (
    RANKS, at, averaged, both_policies, leave_one_out, single_shot, similarities_of, splits)  # fmt: skip

PAGE = Path(__file__).parents[2] / "fixtures" / "page"
PRECISIONS = ("meanAveragePrecision", "meanAveragePrecisionTrapezoidal")
DRAWS = ({"galleryImages": 1, "runs": 10, "seed": 1}, {"galleryImages": 3, "runs": 4, "seed": 7})


def label(name, path):
    """Identity and camera, as make_page_fixtures.py has them."""
    if name == "folders":
        return path.split("/")[1], None
    identity, camera = path.split("/")[1].split("_")[:2]
    return identity, camera[1]


def once(numbers):
    return [[at(numbers["cmc"], rank), None] for rank in RANKS] + [[numbers[name], None] for name in PRECISIONS]


def over_runs(summary):
    return [[one["mean"], one["standardDeviation"]] for one in summary.values()]


def drawn(pool, draws, remove):
    found = splits(pool, *draws.values(), remove)
    counts = ("identities", "smallIdentities", "distractors", "unlabelled")
    queries = len(found["query"][0])
    return draws | {name: found[name] for name in counts} | {
        "queries": queries, "gallery": len(pool["identities"]) - queries,
    } | both_policies(lambda policy: over_runs(found[policy]["summary"]))


def single_gallery_shot(case, seed, repeats=10):
    words = chacha8(seed)
    sums, _ = single_shot(case, similarities_of(case), repeats, lambda images: images[next(words) * len(images) >> 32])
    shots = averaged(case, sums)
    return {"seed": seed} | both_policies(
        lambda policy: over_runs(shots[policy]["summary"]) + once(case[policy])[len(RANKS):])


def protocols(name, expected):
    paths = expected["query"] + expected["gallery"]
    embeddings = np.float32([expected["embeddings"][path] for path in paths])
    identities, cameras = ([*column] for column in zip(*(label(name, path) for path in paths)))
    remove, count = any(cameras), len(expected["query"])
    pool = {"embeddings": embeddings, "identities": identities, "cameras": cameras}
    case = make_case(name, embeddings[:count], embeddings[count:], identities[:count], identities[count:],
                     cameras[:count], cameras[count:], remove)
    alone = leave_one_out(pool, remove)
    return {
        "identities": identities, "cameras": cameras,
        "asTheyAre": both_policies(lambda policy: once(case[policy])),
        "leaveOneOut": both_policies(lambda policy: once(alone[policy])),
        "splits": [drawn(pool, draws, remove) for draws in DRAWS],
        "singleGalleryShot": [single_gallery_shot(case, draws["seed"]) for draws in DRAWS],
    }


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(float(value), 12) if isinstance(value, float | np.floating) else value


def write_protocols():
    expected = json.loads((PAGE / "expected.json").read_text())
    found = {name: rounded(protocols(name, expected[name])) for name in ("folders", "market")}
    text = json.dumps(found, separators=(",", ":"), default=lambda value: value.item())
    (PAGE / "protocols.json").write_text(text.replace(',"', ',\n"') + "\n")


if __name__ == "__main__":
    write_protocols()
