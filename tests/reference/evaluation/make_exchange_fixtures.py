"""Makes tests/fixtures/exchange/: embeddings and labels as numpy, scipy and spreadsheets save them.

    python tests/reference/evaluation/make_exchange_fixtures.py

Needs numpy and scipy; their versions are written into expected.json, with what each file must be read as.
What the crate writes is compared with these files byte by byte, so numpy and scipy read it as they read their own.
Each format has its module in exchange/.
"""

import json

import numpy as np
import scipy

from exchange.files import FIXTURES, rows_of, set_of, unit, write
from exchange.labels import COLUMNS, IMAGES, labels_of, make_labels, table
from exchange.mat import make_malformed_mat, make_mat
from exchange.npy import make_malformed_npy, make_npy, npy


def make_sets():
    """The same set as .npy with labels and as the page's export, and what must be read from each."""
    images = labels_of(table(IMAGES), COLUMNS, ",")["images"]
    rows = np.random.default_rng(7).normal(0, 3, (len(images), 5)).astype(np.float32)
    rows[2] = unit(rows)[2]
    write("sets/rows.npy", npy(rows))
    exported = [{**image, "embedding": row} for image, row in zip(images, rows_of(rows))]
    lines = ",\n".join(json.dumps(image, ensure_ascii=False, separators=(",", ":")) for image in exported)
    write("sets/export.json", f'{{"model":{{"name":"tiny","layers":[1,{{}}]}},"images":[\n{lines}\n]}}\n'.encode())
    return dict.fromkeys(("sets/rows.npy", "sets/export.json"), set_of(images, rows, len(images) - 1))


def main():
    matrices, labels = make_npy(), dict(make_labels())
    sets = make_sets() | dict(make_mat())
    make_malformed_npy()
    make_malformed_mat()
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    expected = versions | {"matrices": matrices, "labels": labels, "sets": sets}
    text = json.dumps(expected, separators=(",", ":"), ensure_ascii=False)
    write("expected.json", (text.replace('],"', '],\n"').replace('},{', '},\n{') + "\n").encode())
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    print(f"{FIXTURES}: {len(files)} files, {sum(path.stat().st_size for path in files)} bytes")


if __name__ == "__main__":
    main()
