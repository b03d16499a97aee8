"""Makes tests/fixtures/exchange/: embeddings and labels as numpy, scipy and spreadsheets save them.

    python tests/reference/evaluation/make_exchange_fixtures.py

Needs numpy and scipy; their versions are written into expected.json, with what each file must be read as.
What the crate writes is compared with these files byte by byte, so numpy and scipy read it as they read their own.
"""

import csv
import io
import json
import re
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import scipy
import scipy.io

FIXTURES = Path(__file__).parents[2] / "fixtures" / "exchange"
MATRICES, LABELS, SETS = {}, {}, {}


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
            MATRICES[name] = rows_of(array)
    for major in (2, 3):
        write(f"npy/version_{major}.npy", npy(rows.astype(np.float32), (major, 0)))
        MATRICES[f"npy/version_{major}.npy"] = rows_of(rows)
    # As the crate writes: with one row, and with numbers of rows of several lengths.
    for count in (1, 12, 103):
        embeddings = unit(np.random.default_rng(count).normal(0, 1, (count, 4)))
        write(f"npy/unit_{count}.npy", npy(embeddings))
        MATRICES[f"npy/unit_{count}.npy"] = rows_of(embeddings)


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


# --- labels ----------------------------------------------------------------------------------------

COLUMNS = ["path", "set", "identity", "camera"]
IMAGES = [
    ["query/0001/a.jpg", "query", "0001", "1"],
    ["gallery/0001/a, right.jpg", "gallery", "0001", "2"],
    ['gallery/0002/the "second"; hand.jpg', "Gallery", "0002", ""],
    ["gallery/two\nlines.jpg", "gallery", "-1", "c\t3"],
    ["query/手/ñ, 🖐.jpg", "QUERY", "手", "Süd"],
    ["somewhere.png", "", "", ""],
]


def table(rows, columns=COLUMNS, **dialect):
    file = io.StringIO(newline="")
    writer = csv.writer(file, **dialect)
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue()


# What pandas reads as missing, in lower case, and the word itself.
UNKNOWN = {"", "nan", "-nan", "none", "null", "na", "n/a", "<na>", "#na", "#n/a", "unknown"}
INVISIBLE = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def label_of(text):
    """Without what is not seen at its ends, composed; None if it is unknown."""
    seen = [at for at, c in enumerate(text) if unicodedata.category(c) not in INVISIBLE]
    text = unicodedata.normalize("NFC", text[seen[0] : seen[-1] + 1]) if seen else ""
    return None if text.lower() in UNKNOWN else text


def column_of(cells, junk):
    """A column of labels; `junk` is what -1 stands for. A column of nothing but 7.0 holds 7."""
    labels = [label_of(cell or "") for cell in cells]
    is_junk = [label is not None and re.fullmatch(r"-1(\.0+)?", label) for label in labels]
    known = [label for label, one in zip(labels, is_junk) if label is not None and not one]
    if all(re.fullmatch(r"-?\d+\.0+", label) for label in known):
        labels = [label and label.split(".")[0] for label in labels]
    return [junk if one else label for label, one in zip(labels, is_junk)]


def read_columns(images):
    for column, junk in (("identity", "-1"), ("camera", None)):
        for image, label in zip(images, column_of([image[column] for image in images], junk)):
            image[column] = label
    return images


def labels_of(text, columns, delimiter):
    """The rows as Python's csv module reads them, and the line at which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines, labels = [], []
    before = reader.line_num
    for row in reader:
        start, before = before + 1, reader.line_num
        if start == 1 or not any(row):
            continue
        cells = dict(zip([column.strip().lower() for column in columns], row))
        path, set_, identity, camera = (cells.get(column) or None for column in COLUMNS)
        lines.append(start)
        set_ = label_of(set_ or "")
        labels.append({"path": path, "set": set_ and set_.lower(), "identity": identity, "camera": camera})
    return {"lines": lines, "images": read_columns(labels)}


def write_table(
    name, rows, columns=COLUMNS, encoding="utf-8", delimiter=",", change=lambda text: text, first_line="", **dialect
):
    """- `first_line`: Excel's, which names the separator and which Python's csv module does not know"""
    text = change(table(rows, columns, delimiter=delimiter, **dialect))
    write(f"labels/{name}.csv", (first_line + text).encode(encoding))
    labels = labels_of(text, columns, delimiter)
    LABELS[f"labels/{name}.csv"] = labels | {"lines": [line + bool(first_line) for line in labels["lines"]]}


# As people and programs leave them: decomposed, with spaces, missing, and whole numbers as floats.
DIRTY = [
    ["query/1.jpg", " query", "Mu\u0308ller", "c1 "],
    ["query/2.jpg", "QUERY", " M\u00fcller\u00a0", "NaN"],
    ["query/3.jpg", "query", "\u200bA\u030asa", "None"],
    ["gallery/1.jpg", "gallery", "NULL", "-1"],
    ["gallery/2.jpg", "nan", "n/a", "\u3000"],
    ["gallery/3.jpg", "", "-1.0", "-1.0"],
]
FLOATS = [
    ["query/1.jpg", "query", "7.0", "1.0"],
    ["query/2.jpg", "query", "nan", "12.0"],
    ["gallery/1.jpg", "gallery", "-1.0", "nan"],
    ["gallery/2.jpg", "gallery", "1051.0", "-1.0"],
]


def make_labels():
    write_table("lf", IMAGES, lineterminator="\n")
    write_table("crlf", IMAGES)
    write_table("no_last_line_end", IMAGES, change=lambda text: text.rstrip())
    write_table("bom", IMAGES, encoding="utf-8-sig")
    write_table("semicolons", IMAGES, delimiter=";")
    write_table("tabs", IMAGES, delimiter="\t")
    write_table("quoted", IMAGES, quoting=csv.QUOTE_ALL)
    shuffled = [[str(n), *reversed(row), "x, y"] for n, row in enumerate(IMAGES)]
    write_table("other_columns", shuffled, ["", "Camera", " IDENTITY", "set ", "path", "note"])
    write_table("paths_alone", [row[:1] for row in IMAGES], ["path"])
    gaps = [IMAGES[0], [], IMAGES[3], ["", "", "", ""], IMAGES[4]]
    write_table("blank_lines", gaps, change=lambda text: text + "\r\n\r\n")
    write_table("dirty", DIRTY)
    write_table("floats", FLOATS)
    write_table("mixed", [*FLOATS, ["query/3.jpg", "query", "7", "1.5"]])
    write_table("separator_line", IMAGES, delimiter=";", first_line="sep=;\r\n", encoding="utf-8-sig")
    write_table("separator_bar", IMAGES, delimiter="|", first_line="SEP=|\n", lineterminator="\n")
    write_table("separator_quoted", IMAGES, first_line='"sep=,",,,\r\n')
    write_table("in_both_sets", [["a.jpg", "query", "1", ""], ["a.jpg", "gallery", "1", ""]])


# --- sets ------------------------------------------------------------------------------------------


def set_of(images, rows, rescaled):
    rows = np.asarray(rows, dtype=np.float32).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {"images": images, "embeddings": rows_of(rows), "rescaled": rescaled}


def make_sets():
    images = labels_of(table(IMAGES), COLUMNS, ",")["images"]
    rows = np.random.default_rng(7).normal(0, 3, (len(images), 5)).astype(np.float32)
    rows[2] = unit(rows)[2]
    write("sets/rows.npy", npy(rows))
    SETS["sets/rows.npy"] = set_of(images, rows, len(images) - 1)
    exported = [{**image, "embedding": row} for image, row in zip(images, rows_of(rows))]
    lines = ",\n".join(json.dumps(image, ensure_ascii=False, separators=(",", ":")) for image in exported)
    write("sets/export.json", f'{{"model":{{"name":"tiny","layers":[1,{{}}]}},"images":[\n{lines}\n]}}\n'.encode())
    SETS["sets/export.json"] = SETS["sets/rows.npy"]


# --- .mat ------------------------------------------------------------------------------------------


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
    """What scipy reads from the file is what the crate must read from it."""
    write(f"mat/{name}.mat", file)
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
    SETS[f"mat/{name}.mat"] = set_of(images, np.concatenate(rows), rescaled)


def make_mat():
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
    write_mat("clip_handid", mat(plain), 0)
    write_mat("baseline", mat(with_cameras), 0)
    write_mat("one_image", mat({"query_f": gallery[:1, :1] * 0 + 1, "query_label": [3]}), 0)
    doubles = {"gallery_f": gallery * 2.5, "query_f": query.astype(np.float64) * 0.1}
    cells, sparse = np.array([1, "x"], dtype=object), scipy.sparse.eye(3).tocsc()
    others = {"paths": ["a", "bc"], "options": {"k": 1}, "cells": cells, "sparse": sparse}
    write_mat("compressed", mat(others | doubles | labels | cameras, do_compression=True), 8)
    write_mat("columns", mat(everything, oned_as="column"), 0)
    signed, unsigned = rng.integers(-9, 9, (5, 4)), rng.integers(1, 9, (3, 4))
    whole = {"gallery_f": signed.astype(np.int16), "query_f": unsigned.astype(np.uint8)}
    write_mat("whole", mat(whole | labels), 8)
    write_mat("big_endian", big_endian(mat(everything)), 0)
    write_mat("big_endian_compressed", big_endian(mat(doubles | labels, do_compression=True)), 8)
    few = {"gallery_label": [1, 2, 3, 4, 250], "query_label": [1, 250, 2]} | cameras
    few = {name: np.array(values, dtype=np.float64) for name, values in few.items()}
    as_doubles = mat(features | few)
    write_mat("narrow", as_doubles[:128] + narrowed(as_doubles[128:]), 0)
    gaps = {"query_label": [1051, np.nan, -1], "query_cam": [3, -1, np.nan]}
    write_mat("unknown", mat({"query_f": query} | gaps), 0)


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


def main():
    make_npy()
    make_malformed_npy()
    make_labels()
    make_sets()
    make_mat()
    make_malformed_mat()
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    expected = versions | {"matrices": MATRICES, "labels": LABELS, "sets": SETS}
    text = json.dumps(expected, separators=(",", ":"), ensure_ascii=False)
    write("expected.json", (text.replace('],"', '],\n"').replace('},{', '},\n{') + "\n").encode())
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    print(f"{FIXTURES}: {len(files)} files, {sum(path.stat().st_size for path in files)} bytes")


if __name__ == "__main__":
    main()
