"""Makes tests/fixtures/metrics/{rank_lists,open_set,intervals}.json: rank lists, open-set queries and values of
queries, and what the metrics give for them.

    python tests/reference/evaluation/make_identification_fixtures.py

Needs what make_verification_fixtures.py needs. Rank lists are measured by scikit-learn's precision_score,
recall_score and ndcg_score; open-set rates by comparing every query with every threshold, and by
balanced_accuracy_score; intervals by numpy's quantile of draws from ChaCha8, written here from its
description (D. J. Bernstein, "ChaCha, a variant of Salsa20").
"""

import numpy as np
from make_verification_fixtures import FIXTURES, shortest, written
from sklearn.metrics import balanced_accuracy_score, ndcg_score, precision_score, recall_score

# --- rank lists ------------------------------------------------------------------------------------


def margin(similarities, is_match):
    similarities = np.array(similarities, dtype=np.float32).astype(np.float64)
    if is_match.all() or not is_match.any():
        return None
    return similarities[is_match].max() - similarities[~is_match].max()


def rank_list_case(name, similarities):
    """- `similarities`: `[similarity, is_match]` each, in gallery order."""
    values, is_match = (np.array(column) for column in zip(*similarities))
    is_match = is_match.astype(bool)
    order = np.argsort(-values, kind="stable")
    ranked = is_match[order]
    case = {"name": name, "similarities": [shortest(v) for v in values], "isMatch": is_match.tolist(),
            "ranks": (np.flatnonzero(ranked) + 1).tolist(), "margin": margin(values, is_match), "expected": None}
    if ranked.any():
        first = lambda k: np.arange(len(ranked)) < k
        ks = [1, 2, 3, 5, 10, len(ranked)]
        hardest = np.flatnonzero(ranked).max()
        case["expected"] = {
            "inverseNegativePenalty": np.cumsum(ranked)[hardest] / (hardest + 1),
            "atK": [[k, precision_score(ranked, first(k)) * min(k, len(ranked)) / k,
                     recall_score(ranked, first(k))] for k in ks],
            "rPrecision": precision_score(ranked, first(ranked.sum())),
            "discountedGain": ndcg_score([ranked], [-np.arange(len(ranked))]) if len(ranked) > 1 else 1.0,
        }
    return case


def random_rank_list(name, seed, gallery, matches, digits=None):
    rng = np.random.default_rng(seed)
    values = rng.uniform(-1, 1, gallery) if digits is None else np.round(rng.uniform(-1, 1, gallery), digits)
    return rank_list_case(name, zip(np.float32(values), rng.permutation(np.arange(gallery) < matches)))


def rank_list_cases():
    yield random_rank_list("random", 1, 60, 7)
    yield random_rank_list("one match", 2, 30, 1)
    yield random_rank_list("mostly matches", 3, 20, 18)
    yield random_rank_list("ties", 4, 40, 9, digits=1)
    yield random_rank_list("no match", 5, 8, 0)
    yield random_rank_list("nothing but matches", 6, 8, 8)
    yield rank_list_case("all equal", [(0.5, m) for m in (0, 1, 0, 1)])
    yield rank_list_case("matches first", [(0.9, 1), (0.8, 1), (-0.1, 0)])
    yield rank_list_case("matches last", [(-0.9, 1), (-0.8, 1), (-0.1, 0), (-0.2, 0)])
    yield rank_list_case("a single match", [(0.2, 1)])
    yield rank_list_case("a single wrong image", [(0.2, 0)])
    yield rank_list_case("zeros of either sign", [(-0.0, 0), (0.0, 1), (-0.0, 1), (0.0, 0)])


# --- open set --------------------------------------------------------------------------------------


def open_set_rates(queries, threshold):
    best, is_match, known = (np.array([query[column] for query in queries]) for column in range(3))
    accepted = best.astype(np.float32).astype(np.float64) >= threshold
    identified, alarms = (known & is_match & accepted).sum(), (~known & accepted).sum()
    both = known.any() and not known.all()
    return {
        "threshold": None if np.isinf(threshold) else threshold,
        "identified": int(identified), "falseAlarms": int(alarms),
        "detection": identified / known.sum() if known.any() else None,
        "falsePositive": alarms / (~known).sum() if not known.all() else None,
        "balanced": balanced_accuracy_score(known, np.where(known, is_match & accepted, accepted)) if both else None,
    }


def first_best(curve, key):
    return max(curve, key=lambda point: point[key])  # the first of equals


def open_set_case(name, queries):
    queries = [(shortest(best), bool(is_match), bool(known)) for best, is_match, known in queries]
    values = np.unique(np.float32([query[0] for query in queries]).astype(np.float64) + 0.0)[::-1]
    curve = [open_set_rates(queries, threshold) for threshold in [np.inf, *values]]
    both = len({known for *_, known in queries}) == 2
    allowed = lambda target: [point for point in curve if point["falsePositive"] <= target]
    return {
        "name": name, "queries": queries, "curve": curve,
        "ratesAt": [open_set_rates(queries, threshold) for threshold in (-1.0, 0.0, 0.3125, 2.0)],
        "bestBalanced": first_best(curve, "balanced") if both else None,
        "atTarget": [[target, first_best(allowed(target), "detection")] for target in (0.0, 0.1, 0.5, 1.0)]
        if both else None,
    }


def random_queries(seed, known, unknown, digits=None):
    rng = np.random.default_rng(seed)
    is_match = rng.random(known) < 0.8
    best = np.r_[rng.normal(0.6, 0.15, known) + 0.1 * is_match, rng.normal(0.45, 0.15, unknown)]
    best = np.clip(best if digits is None else np.round(best, digits), -1, 1)
    is_known = np.arange(known + unknown) < known
    queries = list(zip(best, np.r_[is_match, np.zeros(unknown, bool)], is_known))
    return [queries[at] for at in rng.permutation(len(queries))]


def open_set_cases():
    yield open_set_case("random", random_queries(1, 40, 30))
    yield open_set_case("ties", random_queries(2, 30, 20, digits=1))
    yield open_set_case("perfect separation", [(0.9, 1, 1), (0.8, 1, 1), (0.3, 0, 0), (-0.2, 0, 0)])
    yield open_set_case("unknown ones more similar", [(0.1, 1, 1), (0.2, 1, 1), (0.3, 0, 0), (0.4, 0, 0)])
    yield open_set_case("the right person is never first", [(0.9, 0, 1), (0.8, 0, 1), (0.3, 0, 0)])
    yield open_set_case("all equal", [(0.5, 1, 1), (0.5, 0, 1), (0.5, 0, 0)])
    yield open_set_case("only known queries", [(0.9, 1, 1), (0.8, 0, 1)])
    yield open_set_case("only unknown queries", [(0.9, 0, 0), (0.8, 0, 0)])
    yield open_set_case("one of each", [(0.3125, 1, 1), (0.5, 0, 0)])
    yield open_set_case("zeros of either sign and negative ones", [(-0.0, 1, 1), (0.0, 0, 0), (-0.5, 1, 1)])


# --- intervals -------------------------------------------------------------------------------------


def rotated(word, bits):
    return (word << bits | word >> (32 - bits)) & 0xFFFFFFFF


def quarter_round(state, a, b, c, d):
    for to, other, into, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[to] = (state[to] + state[other]) & 0xFFFFFFFF
        state[into] = rotated(state[into] ^ state[to], bits)


def chacha8(seed, stream=0):
    """32-bit words; the key is the seed, little-endian, and zeros."""
    key = [seed & 0xFFFFFFFF, seed >> 32, 0, 0, 0, 0, 0, 0]
    block = 0
    while True:
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, block & 0xFFFFFFFF, block >> 32, stream, 0]
        state = start.copy()
        for _ in range(4):
            for column in range(4):
                quarter_round(state, column, 4 + column, 8 + column, 12 + column)
            for column in range(4):
                quarter_round(state, column, *(4 * row + (column + row) % 4 for row in (1, 2, 3)))
        yield from ((word + before) & 0xFFFFFFFF for word, before in zip(state, start))
        block += 1


def interval(values, identities, seed):
    kept = [(identity, value) for identity, value in zip(identities, values) if value is not None]
    people = sorted({identity for identity, _ in kept})
    if len(people) < 2:
        return None
    theirs = [[value for identity, value in kept if identity == person] for person in people]
    words = chacha8(seed)
    draw = lambda: [value for _ in people for value in theirs[next(words) * len(people) >> 32]]
    low, high = np.quantile([np.mean(draw()) for _ in range(1000)], [0.025, 0.975])
    return {"estimate": np.mean([value for _, value in kept]), "low": low, "high": high,
            "queries": len(kept), "identities": len(people)}


def interval_case(name, seed, before, after, identities):
    differences = [None if None in pair else pair[1] - pair[0] for pair in zip(before, after)]
    present = [value for value in before if value is not None]
    return {
        "name": name, "seed": seed, "identities": identities, "before": before, "after": after,
        "mean": interval(before, identities, seed), "difference": interval(differences, identities, seed),
        "runMean": np.mean(present) if present else None,
        "runDeviation": np.std(present, ddof=1) if len(present) > 1 else None,
    }


def random_values(seed, queries, identities, missing=0.0):
    rng = np.random.default_rng(seed)
    values = np.round(rng.random((2, queries)), 4)
    before, after = ([None if rng.random() < missing else float(v) for v in row] for row in values)
    return before, after, [f"p{identity}" for identity in rng.integers(0, identities, queries)]


def interval_cases():
    yield interval_case("random", 1, *random_values(1, 120, 15))
    yield interval_case("values missing", 2**63 + 5, *random_values(2, 60, 9, missing=0.3))
    yield interval_case("each query another identity", 3, *random_values(3, 40, 10**9))
    yield interval_case("all equal", 4, [0.5] * 6, [0.5] * 6, list("abcabc"))
    yield interval_case("one identity", 5, [0.5, 1.0], [0.0, 1.0], ["a", "a"])
    yield interval_case("one query", 6, [0.25], [0.75], ["a"])
    yield interval_case("no values", 7, [None, None], [0.5, None], ["a", "b"])
    yield interval_case("no query", 8, [], [], [])


def main():
    written(rank_list_cases(), FIXTURES / "rank_lists.json")
    written(open_set_cases(), FIXTURES / "open_set.json")
    written(interval_cases(), FIXTURES / "intervals.json")


if __name__ == "__main__":
    main()
