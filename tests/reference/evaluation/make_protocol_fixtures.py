"""Makes tests/fixtures/metrics/protocols.json: embeddings, labels, and what leave-one-out, splits by a seed and
CUHK03's single gallery shot give for them.

    python tests/reference/evaluation/make_protocol_fixtures.py

Needs what make_metric_fixtures.py needs, whose cases are evaluated here: leave-one-out as one case for each image,
with the others as its gallery; splits as one case each, drawn from ChaCha8 of make_identification_fixtures.py.

The single shot is written after eval_cuhk03 of KaiyangZhou/deep-person-reid@37f92b7, `torchreid/metrics/rank.py`, with
draws that are given: numpy's, which are written down; and ChaCha8's. Where all images of an identity are equally
similar to a query, every draw gives the same and so does eval_cuhk03 with any generator. Elsewhere the mean over all
possible draws is known: the drawn match has n others before it with the probability of n successes in independent
trials, one for each other identity, whose chances are the shares of its images that are before the match.
"""

import numpy as np
from make_identification_fixtures import chacha8
from make_metric_fixtures import FIXTURES, JUNK, kept, make_case, rank_list, shortest, summary, unit
from make_verification_fixtures import written

RANKS = (1, 5, 10)


def labels(case, side):
    return {"identities": case[f"{side}Identities"], "cameras": case[f"{side}Cameras"]}


def both_policies(evaluated):
    return {policy: evaluated(policy) for policy in ("drop", "zero")}


def over_runs(values):
    """Of runs that all have a value."""
    return {"runs": len(values), "mean": np.mean(values),
            "standardDeviation": np.std(values, ddof=1) if len(values) > 1 else None}


def at(curve, rank):
    return curve[min(rank, len(curve)) - 1]


# --- one pool --------------------------------------------------------------------------------------


def pool_of(seed, sizes, dim=8, nameless=0, junk=0, cameras=False, spread=1.0):
    """- `sizes`: images of each identity; all images shuffled."""
    rng = np.random.default_rng(seed)
    identities = [f"p{who}" for who, size in enumerate(sizes) for _ in range(size)] + [None] * nameless + [JUNK] * junk
    centres = {identity: rng.normal(0, 1, dim) for identity in dict.fromkeys(identities)}
    order = rng.permutation(len(identities))
    identities = [identities[place] for place in order]
    return {
        "embeddings": unit([centres[identity] + rng.normal(0, spread, dim) for identity in identities]),
        "identities": identities,
        "cameras": [None if rng.random() < 0.1 else str(rng.integers(1, 3)) if cameras else None for _ in identities],
    }


def case_of(pool, query, gallery, remove):
    pick = lambda key, side: [pool[key][image] for image in side]
    return make_case("a part of the pool", pool["embeddings"][query], pool["embeddings"][gallery],
                     pick("identities", query), pick("identities", gallery), pick("cameras", query),
                     pick("cameras", gallery), remove)


def leave_one_out(pool, remove):
    images = np.arange(len(pool["identities"]))
    alone = [case_of(pool, [image], np.delete(images, image), remove) for image in images]
    results = [case["perQuery"][0] for case in alone]
    whole = {"queryIdentities": pool["identities"]}
    return both_policies(lambda policy: summary(whole, results, policy)) | {
        "removeSameCamera": remove,
        "unmatched": sum(case["unmatched"] for case in alone),
        "matchedFirst": [result["firstMatchRank"] for result in results],
    }


def split(pool, gallery_images, seed, run):
    """Indices of the queries and of the gallery."""
    people = sorted({identity for identity in pool["identities"] if identity not in (None, JUNK)})
    theirs = [[image for image, one in enumerate(pool["identities"]) if one == identity] for identity in people]
    words, query = chacha8(seed, run), set()
    for images in (images for images in theirs if len(images) > gallery_images):
        for place in range(gallery_images):
            drawn = place + (next(words) * (len(images) - place) >> 32)
            images[place], images[drawn] = images[drawn], images[place]
        query |= set(images[gallery_images:])
    return [[image for image in range(len(pool["identities"])) if (image in query) == side] for side in (True, False)]


def splits(pool, gallery_images, runs, seed, remove):
    parts = [split(pool, gallery_images, seed, run) for run in range(runs)]
    cases = [case_of(pool, *part, remove) for part in parts]
    of = lambda policy: [case[policy] for case in cases]
    metrics = {f"rank{rank}": (lambda run, rank=rank: at(run["cmc"], rank)) for rank in RANKS}
    metrics |= {name: (lambda run, name=name: run[name])
                for name in ("meanAveragePrecision", "meanAveragePrecisionTrapezoidal")}
    sizes = [pool["identities"].count(who) for who in {*pool["identities"]} - {None, JUNK}]
    small = [size for size in sizes if size <= gallery_images]
    return both_policies(lambda policy: {
        "runs": of(policy),
        "summary": {name: over_runs([metric(run) for run in of(policy)]) for name, metric in metrics.items()},
    }) | {
        "galleryImages": gallery_images, "seed": seed, "removeSameCamera": remove, "identities": len(sizes),
        "smallIdentities": len(small), "distractors": sum(small), "query": [query for query, _ in parts],
        "unlabelled": sum(one in (None, JUNK) for one in pool["identities"]),
    }


def pool_case(name, pool, *asked):
    remove = any(pool["cameras"])
    return {"name": name, "pool": pool | {"embeddings": shortest(pool["embeddings"])},
            "leaveOneOut": [leave_one_out(pool, one) for one in ([False, True] if remove else [False])],
            "splits": [splits(pool, *one, remove) for one in asked]}


def pool_cases():
    yield pool_case("some identities of one image", pool_of(1, [1, 4, 2, 1, 5, 3]), (1, 10, 1), (2, 3, 2**63 + 5))
    yield pool_case("cameras, junk and nameless images",
                    pool_of(2, [6, 5, 7, 2, 1], nameless=3, junk=2, cameras=True), (1, 4, 7), (3, 2, 0))
    yield pool_case("a single run", pool_of(3, [2, 2]), (1, 1, 9))


# --- single gallery shot ---------------------------------------------------------------------------


def groups_of(case, query):
    """Gallery images that count for a query, by identity; images without one by themselves."""
    groups = {}
    for image in np.flatnonzero(kept(case, query)):
        identity = case["galleryIdentities"][image]
        groups.setdefault(identity if identity is not None else ("nameless", image), []).append(int(image))
    return groups


def matched(case):
    return [query for query, result in enumerate(case["perQuery"]) if result["firstMatchRank"] is not None]


def single_shot(case, similarities, repeats, choose):
    """CMC of each repeat, over the queries with a match: `[repeats, ranks]`, and the drawn images.

    - `choose`: gets the images of an identity
    """
    curves, draws = [], []
    longest = max((len(groups_of(case, query)) for query in evaluated(case)), default=1)
    for query in matched(case):
        groups = groups_of(case, query)
        order = rank_list(similarities[query])
        is_match = np.array([one == case["queryIdentities"][query] for one in case["galleryIdentities"]])[order]
        of_query = np.ones((repeats, longest))
        for repeat in range(repeats):
            mask = np.zeros(len(order), dtype=bool)
            for identity, images in groups.items():
                drawn = images[0] if isinstance(identity, tuple) else choose(images)
                mask[drawn] = True
                if not isinstance(identity, tuple):
                    draws.append(drawn)
            hits = np.minimum(is_match[mask[order]].cumsum(), 1)
            of_query[repeat, :len(hits)] = hits
        curves.append(of_query)
    return np.sum(curves, axis=0) if curves else np.zeros((repeats, longest)), draws


def evaluated(case):
    return [query for query, who in enumerate(case["queryIdentities"]) if who not in (None, JUNK)]


def averaged(case, sums):
    """What either policy makes of sums over the queries with a match: `[repeats, ranks]`."""
    def policy(name):
        n = case[name]["evaluated"]
        if n == 0:
            return {"cmc": [], "summary": None}
        curves = sums / n
        return {"cmc": curves.mean(axis=0).tolist(),
                "summary": {f"rank{rank}": over_runs([at(curve, rank) for curve in curves]) for rank in RANKS}}
    return both_policies(policy)


def expected_shares(case, similarities):
    """For each query with a match, its chances to be within the first k, over all draws: `[queries, ranks]`."""
    longest = max(len(groups_of(case, query)) for query in evaluated(case))
    chances = np.zeros((len(matched(case)), longest))
    for of_query, query in zip(chances, matched(case)):
        groups = groups_of(case, query)
        place = np.argsort(rank_list(similarities[query]))
        own = groups.pop(case["queryIdentities"][query])
        for match in own:
            before = np.array([1.0])  # the probability of 0, 1, 2, … other identities before the match
            for images in groups.values():
                share = np.mean(place[images] < place[match])
                before = np.convolve(before, [1 - share, share])
            within = np.minimum(np.cumsum(before), 1.0)
            of_query += np.r_[within, np.ones(longest - len(within))] / len(own)
    return chances


def similarities_of(case):
    return np.array([[float((q.astype(np.float64) * g).sum()) for g in case["gallery"]] for q in case["query"]])


def single_shot_case(case, repeats=10, seed=1, many=0):
    """- `many`: repeats whose mean is compared with that over all draws"""
    similarities = similarities_of(case)
    rng, words = np.random.default_rng(seed), chacha8(seed)
    sums, draws = single_shot(case, similarities, repeats, rng.choice)
    seeded, _ = single_shot(case, similarities, repeats, lambda images: images[next(words) * len(images) >> 32])
    found = {
        "name": case["name"], "removeSameCamera": case["removeSameCamera"], "repeats": repeats, "seed": seed,
        "query": labels(case, "query") | {"embeddings": shortest(case["query"])},
        "gallery": labels(case, "gallery") | {"embeddings": shortest(case["gallery"])},
        "draws": [int(image) for image in draws],
        "given": averaged(case, sums), "seeded": averaged(case, seeded),
        "whole": both_policies(lambda policy: case[policy]), "all": None,
    }
    if many:
        chances = expected_shares(case, similarities)
        n = len(chances)
        error = np.sqrt((chances * (1 - chances)).sum(axis=0) / many) / n
        found["all"] = {"repeats": many, "cmc": chances.mean(axis=0).tolist(), "standardError": error.tolist()}
    return found


def every_draw_the_same(name, case):
    """Asserts it, by the curves of many draws."""
    sums, _ = single_shot(case, similarities_of(case), 50, np.random.default_rng(0).choice)
    assert (sums == sums[0]).all(), name
    return single_shot_case(case)


def gallery_shots(name, seed, queries, sizes, dim=6, spread=0.0, extra=(), cameras=False, others=None, **options):
    """A gallery of so many images of each identity, around its centre.

    - `extra`: identities of further images
    - `others`: identities of some queries
    """
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1, (len(sizes), dim))
    of = np.repeat(np.arange(len(sizes)), sizes)
    gallery = np.r_[centres[of] + rng.normal(0, spread, (len(of), dim)), rng.normal(0, 1, (len(extra), dim))]
    names = [f"p{who}" for who in of] + list(extra)
    order = rng.permutation(len(names))
    who = rng.integers(0, len(sizes), queries)
    query = centres[who] + rng.normal(0, 1.2, (queries, dim))
    query_names = [(others or {}).get(place, f"p{one}") for place, one in enumerate(who)]
    shot = lambda count: [None if rng.random() < 0.1 else str(rng.integers(1, 3)) if cameras else None
                          for _ in range(count)]
    return make_case(name, query, gallery[order], query_names, [names[place] for place in order], shot(queries),
                     shot(len(names)), **options)


def single_shot_cases():
    equal = gallery_shots("images of an identity equally similar", 1, 12, [3, 1, 4, 2, 2, 1])
    yield every_draw_the_same("equal", equal)
    yield every_draw_the_same("one", gallery_shots("one image of each identity", 2, 12, [1] * 14))
    yield single_shot_case(gallery_shots("draws matter", 3, 10, [3, 1, 4, 2, 2, 3, 5], spread=0.9), many=4000)
    yield single_shot_case(gallery_shots(
        "cameras, junk, nameless images and queries without a match", 4, 12, [4, 3, 5, 2], spread=0.9,
        extra=[None, JUNK, None, JUNK], cameras=True, others={0: "nobody", 3: None, 5: JUNK},
        remove_same_camera=True), repeats=6, seed=2**40 + 3, many=4000)
    yield single_shot_case(make_case("no query has a match", np.eye(3)[:1], np.eye(3)[:2], ["a"], ["b", "b"]))


def main():
    written(pool_cases(), FIXTURES / "protocols.json", singleShots=list(single_shot_cases()))


if __name__ == "__main__":
    main()
