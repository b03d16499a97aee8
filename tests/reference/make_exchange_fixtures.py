"""Makes tests/fixtures/exchange/: embeddings and labels as numpy, scipy and spreadsheets save them.

    python tests/reference/make_exchange_fixtures.py

Needs numpy and scipy; their versions are written into expected.json, with what each file must be read as.
What the crate writes is compared with these files byte by byte, so numpy and scipy read it as they read their own.
"""

import io
import json
from pathlib import Path

import numpy as np
import scipy
import scipy.io

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exchange"
EXPECTED = {}


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


# --- .npy ------------------------------------------------------------------------------------------


def npy(array, version=(1, 0), **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asanyarray(array), version=version, **options)
    return file.getvalue()


def make_npy():
    rows = np.random.default_rng(1).normal(0, 1, (5, 3))
    for kind in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
        for order in "CF":
            array = np.asarray(rows, dtype=kind, order=order)
            name = f"npy/{'big' if kind[0] == '>' else 'little'}_{kind[1:]}_{order}.npy"
            write(name, npy(array))
            EXPECTED[name] = rows_of(array)
    for major in (2, 3):
        write(f"npy/version_{major}.npy", npy(rows.astype(np.float32), (major, 0)))
        EXPECTED[f"npy/version_{major}.npy"] = rows_of(rows)
    # As the crate writes: with one row, and with numbers of rows of several lengths.
    for count in (1, 12, 103):
        embeddings = unit(np.random.default_rng(count).normal(0, 1, (count, 4)))
        write(f"npy/unit_{count}.npy", npy(embeddings))
        EXPECTED[f"npy/unit_{count}.npy"] = rows_of(embeddings)


def make_malformed_npy():
    ones = np.ones((2, 3), dtype=np.float32)
    arrays = {
        "integers": ones.astype(np.int64),
        "booleans": ones.astype(bool),
        "complex": ones.astype(np.complex64),
        "text": ones.astype("U4"),
        "records": np.zeros(2, dtype=[("path", "U4"), ("embedding", "<f4", 3)]),
        "1d": ones[0],
        "3d": ones[None],
        "scalar": ones[0, 0],
        "no_rows": ones[:0],
        "large": np.full((2, 3), 1e300),
    }
    for name, array in arrays.items():
        write(f"malformed/{name}.npy", npy(array))
    write("malformed/objects.npy", npy(ones.astype(object), allow_pickle=True))
    archive = io.BytesIO()
    np.savez(archive, ones)
    write("malformed/archive.npz", archive.getvalue())


def main():
    make_npy()
    make_malformed_npy()
    expected = {"numpy": np.__version__, "scipy": scipy.__version__, "files": EXPECTED}
    text = json.dumps(expected, separators=(",", ":"), ensure_ascii=False).replace('],"', '],\n"')
    write("expected.json", (text + "\n").encode())
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    print(f"{FIXTURES}: {len(files)} files, {sum(path.stat().st_size for path in files)} bytes")


if __name__ == "__main__":
    main()
