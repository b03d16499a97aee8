"""Score normalisation: z-norm, t-norm and s-norm."""

import numpy as np

from refinement.files import plain


def moments(scores, cohort, axis):
    cohort_scores = -np.sort(-scores, axis=axis)
    cohort_scores = cohort_scores if cohort is None else np.take(
        cohort_scores, range(min(cohort, scores.shape[axis])), axis=axis)
    return cohort_scores.mean(axis=axis, keepdims=True), cohort_scores.std(axis=axis, keepdims=True)


def normalised_scores(scores, norm, cohort):
    """None where a cohort has no spread."""
    results = []
    for axis in {"z": [0], "t": [1], "s": [0, 1]}[norm]:
        mean, deviation = moments(scores.astype(np.float64), cohort, axis)
        if np.any(deviation == 0):
            return None
        results.append((scores - mean) / deviation)
    return np.mean(results, axis=0)


def score_norm_case(name, scores):
    scores = np.round(scores, 5).astype(np.float32)
    results = [{"norm": norm, "cohort": cohort, "expected": plain(normalised_scores(scores, norm, cohort))}
               for norm in "zts" for cohort in (None, 5, 50)]
    return {"name": name, "scores": scores, "results": results}


def score_norm_cases():
    rng = np.random.default_rng(71)
    yield score_norm_case("random", rng.uniform(-1, 1, (6, 17)))
    yield score_norm_case("tied", rng.integers(-2, 3, (6, 8)) / 4)
    yield score_norm_case("one query", rng.uniform(-1, 1, (1, 9)))
    yield score_norm_case("one gallery image", rng.uniform(-1, 1, (9, 1)))
    yield score_norm_case("all the same", np.full((3, 4), 0.7))
