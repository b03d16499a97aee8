"""The files of tests/fixtures/exchange/, and what is compared with them."""

from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).parents[3] / "fixtures" / "exchange"


def write(name, content):
    path = FIXTURES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def rows_of(array):
    """float32 in the fewest digits that read back as the same float32."""
    return [[float(np.format_float_scientific(value)) for value in row] for row in np.asarray(array, dtype=np.float32)]


def unit(rows):
    """Of length 1 in single precision."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def set_of(images, rows, rescaled):
    rows = np.asarray(rows, dtype=np.float32).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {"images": images, "embeddings": rows_of(rows), "rescaled": rescaled}
