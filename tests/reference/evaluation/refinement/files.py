"""The files of tests/fixtures/refinement/."""

import json
from pathlib import Path

import numpy as np
import sklearn

FIXTURES = Path(__file__).parents[3] / "fixtures" / "refinement"


def plain(value):
    """float32 in the fewest digits that read back as the same float32; float64 to eight decimals."""
    if isinstance(value, np.ndarray) and value.ndim:
        return [plain(v) for v in value]
    if isinstance(value, np.float32):
        return float(np.format_float_scientific(value))
    return round(float(value), 8) if isinstance(value, np.floating) else value


def write(name, cases):
    cases = [{key: plain(value) for key, value in case.items()} for case in cases]
    fixture = {"numpy": np.__version__, "scikitLearn": sklearn.__version__, "cases": cases}
    path = FIXTURES / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(fixture, separators=(",", ":"))
    path.write_text(text.replace('"cases":[{', '"cases":[\n{').replace('},{', '},\n{') + "\n")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")
