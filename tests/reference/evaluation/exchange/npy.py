"""Matrices as numpy saves them, and arrays that are no embeddings."""

import io

import numpy as np

from exchange.files import rows_of, unit, write


def npy(array, version=(1, 0), **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asanyarray(array), version=version, **options)
    return file.getvalue()


def make_npy():
    """Each file, and the numbers that must be read from it."""
    matrices = {}
    rows = np.random.default_rng(1).normal(0, 1, (5, 3))
    for kind in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
        for order in "CF":
            array = np.asarray(rows, dtype=kind, order=order)
            name = f"npy/{'big' if kind[0] == '>' else 'little'}_{kind[1:]}_{order}.npy"
            write(name, npy(array))
            matrices[name] = rows_of(array)
    for major in (2, 3):
        write(f"npy/version_{major}.npy", npy(rows.astype(np.float32), (major, 0)))
        matrices[f"npy/version_{major}.npy"] = rows_of(rows)
    # As the crate writes: with one row, and with numbers of rows of several lengths.
    for count in (1, 12, 103):
        embeddings = unit(np.random.default_rng(count).normal(0, 1, (count, 4)))
        write(f"npy/unit_{count}.npy", npy(embeddings))
        matrices[f"npy/unit_{count}.npy"] = rows_of(embeddings)
    return matrices


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
