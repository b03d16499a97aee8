"""EXIF blocks with an orientation of any type of number. Used by odd_jpegs.py and odd_files.py."""

import struct

ORIENTATION = 0x0112
# TIFF's type → how a value of it is packed.
TYPES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}


def exif(kind, value, order="<", count=1, tag=ORIENTATION):
    """A TIFF header and a directory of one entry, without the prefix that JPEG needs."""
    numbers = [value, 1] if kind in (5, 10) else [value + 48] if kind == 2 else [value]
    content = struct.pack(order + TYPES[kind] * count, *numbers * count)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    directory = struct.pack(order + "HHHI", 1, tag, kind, count)
    if len(content) <= 4:
        return head + directory + content.ljust(4, b"\0") + bytes(4)
    return head + directory + struct.pack(order + "I", 26) + bytes(4) + content
