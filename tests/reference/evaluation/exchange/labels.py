"""Tables of labels as people, spreadsheets and programs leave them."""

import csv
import io
import re
import unicodedata

from exchange.files import write

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
    """Its name, and what is read from it.

    - `first_line`: Excel's, which names the separator and which Python's csv module does not know
    """
    text = change(table(rows, columns, delimiter=delimiter, **dialect))
    path = f"labels/{name}.csv"
    write(path, (first_line + text).encode(encoding))
    labels = labels_of(text, columns, delimiter)
    return path, labels | {"lines": [line + bool(first_line) for line in labels["lines"]]}


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
    """Each table, and what it must be read as."""
    yield write_table("lf", IMAGES, lineterminator="\n")
    yield write_table("crlf", IMAGES)
    yield write_table("no_last_line_end", IMAGES, change=lambda text: text.rstrip())
    yield write_table("bom", IMAGES, encoding="utf-8-sig")
    yield write_table("semicolons", IMAGES, delimiter=";")
    yield write_table("tabs", IMAGES, delimiter="\t")
    yield write_table("quoted", IMAGES, quoting=csv.QUOTE_ALL)
    shuffled = [[str(n), *reversed(row), "x, y"] for n, row in enumerate(IMAGES)]
    yield write_table("other_columns", shuffled, ["", "Camera", " IDENTITY", "set ", "path", "note"])
    yield write_table("paths_alone", [row[:1] for row in IMAGES], ["path"])
    gaps = [IMAGES[0], [], IMAGES[3], ["", "", "", ""], IMAGES[4]]
    yield write_table("blank_lines", gaps, change=lambda text: text + "\r\n\r\n")
    yield write_table("dirty", DIRTY)
    yield write_table("floats", FLOATS)
    yield write_table("mixed", [*FLOATS, ["query/3.jpg", "query", "7", "1.5"]])
    yield write_table("separator_line", IMAGES, delimiter=";", first_line="sep=;\r\n", encoding="utf-8-sig")
    yield write_table("separator_bar", IMAGES, delimiter="|", first_line="SEP=|\n", lineterminator="\n")
    yield write_table("separator_quoted", IMAGES, first_line='"sep=,",,,\r\n')
    yield write_table("in_both_sets", [["a.jpg", "query", "1", ""], ["a.jpg", "gallery", "1", ""]])
