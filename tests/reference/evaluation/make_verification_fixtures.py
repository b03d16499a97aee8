"""Makes tests/fixtures/metrics/verification.json: similarities, and the metrics of verification they give.

    python tests/reference/evaluation/make_verification_fixtures.py

Needs numpy, scipy and scikit-learn; their versions are written into the file. Curves and areas are those of
scikit-learn; the equal error rate is scipy's root of 1 - FPR - TPR on the curve; the rest is counted by
comparing every pair with the threshold, unlike the crate, which counts in order.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score, roc_curve

FIXTURES = Path(__file__).parents[2] / "fixtures" / "metrics"
TARGETS = [1e-4, 1e-3, 1e-2, 0.0, 0.07, 0.5, 1.0]
MOST_POINTS = 80  # of a curve that is written down


def pairs(runs):
    """Similarities of the genuine and of the impostor pairs, from `[similarity, genuine, impostor]` each."""
    values = np.array([run[0] for run in runs], dtype=np.float32).astype(np.float64)
    return tuple(np.repeat(values, [run[column] for run in runs]) for column in (1, 2))


def curve(genuine, impostor):
    labels = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    return roc_curve(labels, np.r_[genuine, impostor], drop_intermediate=False)


def equal_error_rate(genuine, impostor):
    fpr, tpr, thresholds = curve(genuine, impostor)
    thresholds[0] = thresholds[1]
    rate = float(np.interp(0, fpr + tpr - 1, fpr))
    root = brentq(lambda x: 1 - x - np.interp(x, fpr, tpr), 0, 1, xtol=1e-15)
    assert abs(rate - root) < 1e-9, (rate, root)
    return {"rate": rate, "threshold": float(np.interp(0, fpr + tpr - 1, thresholds))}


def rates_at(genuine, impostor, threshold):
    accepted = (genuine >= threshold).sum(), (impostor >= threshold).sum()
    return {
        "threshold": None if np.isinf(threshold) else float(threshold),
        "truePositives": int(accepted[0]), "falsePositives": int(accepted[1]),
        "falsePositiveRate": accepted[1] / len(impostor), "falseNegativeRate": (genuine < threshold).mean(),
    }


def true_positive_rate(genuine, impostor, target):
    fpr, tpr, thresholds = curve(genuine, impostor)
    best = np.argmax(np.where(fpr <= target, tpr, -1))
    return rates_at(genuine, impostor, thresholds[best]) | {
        "target": target, "tooFewImpostors": bool(target == 0 or len(impostor) < 10 / target),
    }


def distribution(values):
    histogram = np.histogram(np.clip(values, -1, 1), bins=np.linspace(-1, 1, 101))[0]
    bins = np.flatnonzero(histogram)
    return {
        "pairs": len(values), "mean": values.mean() if len(values) else None,
        "standardDeviation": values.std() if len(values) else None,
        "histogram": [[int(bin), int(histogram[bin])] for bin in bins],
    }


def advice(genuine, impostor, ratio, prior):
    """Threshold of the least expected cost; the highest of those, so costs are rounded as in the crate."""
    _, _, thresholds = curve(genuine, impostor)
    rates = [rates_at(genuine, impostor, threshold) for threshold in thresholds]
    costs = [
        ratio * (1 - prior) * rate["falsePositiveRate"] + prior * rate["falseNegativeRate"] for rate in rates
    ]
    return {"ratio": ratio, "prior": prior} | rates[np.argmin(costs)]


def closest_errors(genuine, impostor):
    """Threshold of the least difference between the error rates; the highest of those, compared as integers."""
    _, _, thresholds = curve(genuine, impostor)
    rates = [rates_at(genuine, impostor, threshold) for threshold in thresholds]
    missed = [len(genuine) - rate["truePositives"] for rate in rates]
    differences = [abs(r["falsePositives"] * len(genuine) - m * len(impostor)) for r, m in zip(rates, missed)]
    return rates[differences.index(min(differences))]


def both_kinds(genuine, impostor, full):
    spread = np.sqrt((genuine.var() + impostor.var()) / 2)
    varied = len(set(genuine)) > 1 or len(set(impostor)) > 1
    fpr, tpr, thresholds = curve(genuine, impostor)
    at = np.float32([*np.quantile(np.r_[genuine, impostor], [0, 0.3, 0.5, 0.9, 1]), -1, 0, 0.1234567, 1])
    return {
        "areaUnderCurve": roc_auc_score(np.r_[np.ones(len(genuine)), np.zeros(len(impostor))],
                                        np.r_[genuine, impostor]),
        "equalErrorRate": equal_error_rate(genuine, impostor),
        "closestErrors": closest_errors(genuine, impostor),
        "truePositiveRates": [true_positive_rate(genuine, impostor, target) for target in TARGETS],
        "dPrime": (genuine.mean() - impostor.mean()) / spread if varied else None,
        "ratesAt": [rates_at(genuine, impostor, threshold) for threshold in at.astype(np.float64)],
        "advice": [advice(genuine, impostor, *costs) for costs in [(1, 0.5), (10, 0.5), (1, 0.01), (0.1, 0.9)]],
        "curve": [[None if np.isinf(t) else t, f, p] for t, f, p in zip(thresholds, fpr, tpr)] if full else None,
    }


def make_case(name, runs):
    genuine, impostor = pairs(runs)
    expected = None
    if len(genuine) and len(impostor):
        expected = both_kinds(genuine, impostor, len({run[0] for run in runs}) < MOST_POINTS)
    return {
        "name": name, "runs": [[shortest(value), g, i] for value, g, i in runs],
        "genuine": distribution(genuine), "impostor": distribution(impostor), "expected": expected,
    }


def random_case(name, seed, genuine, impostor, gap=0.3, spread=0.2, digits=None, centre=0.2):
    rng = np.random.default_rng(seed)
    drawn = [rng.normal(centre + gap, spread, genuine), rng.normal(centre, spread, impostor)]
    values = [np.clip(kind, -1, 1).astype(np.float32) for kind in drawn]
    if digits is not None:
        values = [np.round(kind, digits) for kind in values]
    every = rng.permutation(np.unique(np.concatenate(values)))
    return make_case(name, [[float(v), *(int((kind == v).sum()) for kind in values)] for v in every])


def cases():
    yield random_case("random", 1, 40, 300)
    yield random_case("a small random set", 2, 12, 40)
    yield random_case("many pairs in few steps", 3, 4_000, 200_000, digits=2)
    yield random_case("just enough impostors for 1e-3", 4, 500, 10_000, digits=2)
    yield random_case("one impostor too few for 1e-3", 5, 500, 9_999, digits=2)
    yield random_case("ties everywhere", 6, 60, 200, digits=1)
    yield random_case("no difference between the kinds", 7, 30, 60, gap=0.0)
    yield random_case("genuine pairs less similar", 8, 20, 40, gap=-0.6)
    yield random_case("only negative similarities", 9, 20, 40, gap=0.1, spread=0.05, centre=-0.5)
    yield make_case("perfect separation", [[0.9, 2, 0], [0.8, 1, 0], [0.5, 0, 3], [-0.2, 0, 1]])
    yield make_case("perfectly wrong", [[0.1, 2, 0], [0.2, 1, 0], [0.5, 0, 3], [0.6, 0, 1]])
    yield make_case("all equal", [[0.3, 5, 7]])
    yield make_case("one pair of each kind", [[0.3, 1, 0], [0.4, 0, 1]])
    yield make_case("zeros of either sign", [[-0.0, 2, 1], [0.0, 1, 2], [1e-30, 0, 1], [-1e-30, 1, 0]])
    yield make_case("edges of the bins", [[-1.0, 1, 2], [1.0, 2, 1], [0.5, 1, 1], [-0.5, 1, 1], [1.0000001, 1, 0],
                                          [-1.0000001, 0, 1], [0.98, 1, 1], [0.02, 1, 0]])
    yield make_case("neighbouring numbers", [[0.5, 1, 0], [0.50000006, 0, 1], [0.5000001, 1, 0], [0.49999997, 0, 2]])
    yield make_case("no genuine pair", [[0.3, 0, 2], [0.4, 0, 1]])
    yield make_case("no impostor pair", [[0.3, 2, 0], [0.4, 1, 0]])
    yield make_case("one genuine pair alone", [[0.3, 1, 0]])
    yield make_case("no pair", [])


def shortest(value):
    """float32 in the fewest digits that read back as the same float32."""
    return float(np.format_float_scientific(np.float32(value)))


def written(cases, path, **others):
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikitLearn": sklearn.__version__}
    fixture = versions | others | {"cases": list(cases)}
    text = json.dumps(fixture, separators=(",", ":"), default=lambda value: value.item())
    path.write_text(text.replace('{"name"', '\n{"name"') + "\n")
    print(f"{path}: {len(fixture['cases'])} cases, {path.stat().st_size} bytes")


def main():
    warnings.simplefilter("error")
    FIXTURES.mkdir(parents=True, exist_ok=True)
    written(cases(), FIXTURES / "verification.json")


if __name__ == "__main__":
    main()
