"""Embeddings and labels as scipy and MATLAB save them, and files that cannot be used."""

import io
import struct
import zlib

import numpy as np
import scipy
import scipy.io

from exchange.files import set_of, unit, write


def mat(variables, **options):
    file = io.BytesIO()
    scipy.io.savemat(file, variables, **options)
    text = b"MATLAB 5.0 MAT-file, made for tests"
    return text.ljust(116) + file.getvalue()[116:]


def elements(data, order):
    """Type, bytes, and whether they stand within the tag, of each element."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from(order + "II", data, at)
        small = kind >> 16
        if small:
            yield kind & 0xFFFF, data[at + 4:at + 4 + small], True
            at += 8
        else:
            yield kind, data[at + 8:at + 8 + length], False
            at += 8 + (length if kind == 15 else -(-length // 8) * 8)


def element(kind, data, small, order):
    if small:
        return struct.pack(order + "I", len(data) << 16 | kind) + data.ljust(4, b"\0")
    padding = b"" if kind == 15 else b"\0" * (-len(data) % 8)
    return struct.pack(order + "II", kind, len(data)) + data + padding


WIDTHS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8}


def swapped(data):
    """Little-endian elements as big-endian ones."""
    out = b""
    for kind, content, small in elements(data, "<"):
        if kind == 14:
            content = swapped(content)
        elif kind == 15:
            content = zlib.compress(swapped(zlib.decompress(content)))
        else:
            content = np.frombuffer(content, f"<u{WIDTHS[kind]}").byteswap().tobytes()
        out += element(kind, content, small, ">")
    return out


def big_endian(file):
    return file[:124] + b"\x01\x00MI" + swapped(file[128:])


def narrowed(data):
    """Whole doubles as bytes, though their class is double, as MATLAB saves them."""
    out = b""
    for kind, content, small in elements(data, "<"):
        if kind == 14:
            content = narrowed(content)
        elif kind == 9:
            kind, content = 2, np.frombuffer(content, "<f8").astype("u1").tobytes()
            small = len(content) <= 4
        out += element(kind, content, small, "<")
    return out


def write_mat(name, file, rescaled):
    """Its name, and what scipy reads from it, which is what the crate must read from it."""
    path = f"mat/{name}.mat"
    write(path, file)
    read = scipy.io.loadmat(io.BytesIO(file))
    images, rows = [], []
    for set_ in ("query", "gallery"):
        if f"{set_}_f" not in read:
            continue
        rows.append(read[f"{set_}_f"])
        identities = read[f"{set_}_label"].ravel()
        cameras = read[f"{set_}_cam"].ravel() if f"{set_}_cam" in read else [None] * len(identities)
        for row, (identity, camera) in enumerate(zip(identities, cameras, strict=True)):
            identity, camera = (None if one is None or np.isnan(one) else str(int(one)) for one in (identity, camera))
            camera = None if camera == "-1" else camera
            images.append({"path": f"{set_}_f[{row}]", "set": set_, "identity": identity, "camera": camera})
    return path, set_of(images, np.concatenate(rows), rescaled)


def make_mat():
    """Each file, and the set that must be read from it."""
    rng = np.random.default_rng(9)
    gallery, query = (unit(rng.normal(0, 1, (count, 6))) for count in (5, 3))
    labels = {"gallery_label": [7, 1051, -1, 0, 12], "query_label": [1051, 7, 7]}
    cameras = {"gallery_cam": [1, 2, 2, 1, 6], "query_cam": [3, 3, 1]}
    names = ("gallery_f", "gallery_label", "query_f", "query_label")
    features = {"gallery_f": gallery, "query_f": query}
    plain = {name: (features | labels)[name] for name in names}
    everything = features | labels | cameras
    names = [f"{set_}_{what}" for set_ in ("gallery", "query") for what in ("f", "label", "cam")]
    with_cameras = {name: everything[name] for name in names}
    yield write_mat("clip_handid", mat(plain), 0)
    yield write_mat("baseline", mat(with_cameras), 0)
    yield write_mat("one_image", mat({"query_f": gallery[:1, :1] * 0 + 1, "query_label": [3]}), 0)
    doubles = {"gallery_f": gallery * 2.5, "query_f": query.astype(np.float64) * 0.1}
    cells, sparse = np.array([1, "x"], dtype=object), scipy.sparse.eye(3).tocsc()
    others = {"paths": ["a", "bc"], "options": {"k": 1}, "cells": cells, "sparse": sparse}
    yield write_mat("compressed", mat(others | doubles | labels | cameras, do_compression=True), 8)
    yield write_mat("columns", mat(everything, oned_as="column"), 0)
    signed, unsigned = rng.integers(-9, 9, (5, 4)), rng.integers(1, 9, (3, 4))
    whole = {"gallery_f": signed.astype(np.int16), "query_f": unsigned.astype(np.uint8)}
    yield write_mat("whole", mat(whole | labels), 8)
    yield write_mat("big_endian", big_endian(mat(everything)), 0)
    yield write_mat("big_endian_compressed", big_endian(mat(doubles | labels, do_compression=True)), 8)
    few = {"gallery_label": [1, 2, 3, 4, 250], "query_label": [1, 250, 2]} | cameras
    few = {name: np.array(values, dtype=np.float64) for name, values in few.items()}
    as_doubles = mat(features | few)
    yield write_mat("narrow", as_doubles[:128] + narrowed(as_doubles[128:]), 0)
    gaps = {"query_label": [1051, np.nan, -1], "query_cam": [3, -1, np.nan]}
    yield write_mat("unknown", mat({"query_f": query} | gaps), 0)


def make_malformed_mat():
    rows, label = np.ones((2, 3), dtype=np.float32), [1, 2]
    nan = rows.copy()
    nan[1, 2] = np.nan
    files = {
        "other_names": {"features": rows, "labels": label},
        "no_label": {"query_f": rows},
        "label_count": {"query_f": rows, "query_label": [1, 2, 3]},
        "camera_count": {"query_f": rows, "query_label": label, "query_cam": [1]},
        "cells": {"query_f": rows, "query_label": np.array([1, "x"], dtype=object)},
        "text": {"query_f": rows, "query_label": ["ann", "ben"]},
        "fractions": {"query_f": rows, "query_label": [1, 2.5]},
        "label_matrix": {"query_f": rows, "query_label": [[1, 2], [3, 4]]},
        "sparse": {"query_f": scipy.sparse.eye(3).tocsc(), "query_label": label},
        "complex": {"query_f": rows.astype(np.complex64), "query_label": label},
        "3d": {"query_f": rows[None], "query_label": label},
        "widths": {"query_f": rows, "query_label": label, "gallery_f": rows[:, :2], "gallery_label": label},
        "nan": {"query_f": nan, "query_label": label},
        "zeros": {"gallery_f": rows * [[0], [1]], "gallery_label": label},
        "no_rows": {"gallery_f": rows[:0], "gallery_label": np.zeros((1, 0))},
        "large": {"gallery_f": np.full((2, 3), 1e300), "gallery_label": label},
    }
    for name, variables in files.items():
        write(f"malformed/{name}.mat", mat(variables))
    file = io.BytesIO()
    scipy.io.savemat(file, {"query_f": rows}, format="4")
    write("malformed/version_4.mat", file.getvalue())
