"""A TIFF and BigTIFF writer for kinds that Pillow does not write. Used by odd_files.py."""

import struct
import zlib

import numpy as np

BITS, COMPRESSION, PHOTOMETRIC, STRIPS, SAMPLES, ROWS, COUNTS = 258, 259, 262, 273, 277, 278, 279
ORIENTATION, PLANAR, PREDICTOR, COLORS, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_COUNTS = 274, 284, 317, 320, 322, 323, 324, 325
INK_SET, EXTRA, FORMAT = 332, 338, 339
NONE, OLD_JPEG, JPEG, DEFLATE, PACKBITS = 1, 6, 7, 8, 32773
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, CMYK, YCBCR, CIELAB = 0, 1, 2, 3, 4, 5, 6, 8
CODES = {3: "H", 4: "I", 16: "Q"}


def packed(samples, bits, order):
    """[rows, values] → bytes, each row on its own."""
    if bits > 8:
        kind = {16: "u2", 32: "u4", 64: "u8"}[bits] if samples.dtype.kind == "u" else f"{samples.dtype.kind}{bits // 8}"
        return samples.astype(np.dtype(kind).newbyteorder(order)).tobytes()
    shifts = np.arange(bits - 1, -1, -1)
    return np.packbits((samples[..., None] >> shifts & 1).reshape(len(samples), -1).astype(np.uint8), axis=1).tobytes()


def compressed(content, compression):
    if compression == PACKBITS:
        parts = [content[at : at + 128] for at in range(0, len(content), 128)]
        return b"".join(bytes([len(part) - 1]) + part for part in parts)
    return zlib.compress(content) if compression in (DEFLATE, 32946) else content


def predicted(samples):
    """Differences along the rows, [rows, columns, channels]."""
    before = np.concatenate([np.zeros_like(samples[:, :1]), samples[:, :-1]], axis=1)
    return samples - before


def parts_of(samples, rows, tile, planar):
    """Strips or tiles, [rows, columns, channels] each; of planar files plane after plane."""
    groups = np.split(samples, samples.shape[2], axis=2) if planar else [samples]
    for group in groups:
        if not tile:
            yield from (group[y : y + rows] for y in range(0, len(group), rows))
            continue
        full = np.pad(group, ((0, -group.shape[0] % tile), (0, -group.shape[1] % tile), (0, 0)))
        for y in range(0, full.shape[0], tile):
            yield from (full[y : y + tile, x : x + tile] for x in range(0, full.shape[1], tile))


def tiff(samples, photometric, bits=8, order="<", big=False, compression=NONE, rows=None, tile=0, planar=False,
         predictor=False, tags=(), inverted_bits=False, encoded=None):  # fmt: skip
    """samples: [height, width, channels]; tags: further (tag, type, values); encoded: a strip or tile → bytes."""
    height, width, channels = samples.shape
    rows = rows or height
    contents = []
    for part in parts_of(samples, rows, tile, planar):
        if encoded:
            contents.append(encoded(part))
            continue
        part = predicted(part) if predictor else part
        content = compressed(packed(part.reshape(len(part), -1), bits, order), compression)
        contents.append(content.translate(bytes(int(f"{i:08b}"[::-1], 2) for i in range(256))) if inverted_bits else content)
    offset_type, start = (16, 16) if big else (4, 8)
    offsets = [start + sum(len(c) for c in contents[:i]) for i in range(len(contents))]
    entries = [(256, 4, [width]), (257, 4, [height]), (BITS, 3, [bits] * channels), (COMPRESSION, 3, [compression]),
               (PHOTOMETRIC, 3, [photometric]), (SAMPLES, 3, [channels]), (PLANAR, 3, [2 if planar else 1])]  # fmt: skip
    lengths = [len(content) for content in contents]
    if tile:
        entries += [(TILE_WIDTH, 3, [tile]), (TILE_HEIGHT, 3, [tile]), (TILES, offset_type, offsets), (TILE_COUNTS, 4, lengths)]
    else:
        entries += [(STRIPS, offset_type, offsets), (ROWS, 4, [rows]), (COUNTS, 4, lengths)]
    entries += [(PREDICTOR, 3, [2])] if predictor else []
    entries += [(266, 3, [2])] if inverted_bits else []
    return written(b"".join(contents), [*entries, *tags], order, big)


def written(content, entries, order, big):
    start = (16 if big else 8) + len(content)
    content += bytes(start % 2)
    start += start % 2
    count_code, offset_code, inline = ("Q", "Q", 8) if big else ("H", "I", 4)
    count_of_values = "Q" if big else "I"
    entry_length = 20 if big else 12
    after = start + struct.calcsize("=" + count_code) + entry_length * len(entries) + struct.calcsize("=" + offset_code)
    directory, values_after = struct.pack(order + count_code, len(entries)), b""
    for tag, kind, values in sorted(entries):
        packed_values = struct.pack(order + CODES[kind] * len(values), *values)
        directory += struct.pack(order + "HH" + count_of_values, tag, kind, len(values))
        if len(packed_values) <= inline:
            directory += packed_values.ljust(inline, b"\0")
        else:
            directory += struct.pack(order + offset_code, after + len(values_after))
            values_after += packed_values
    directory += struct.pack(order + offset_code, 0)
    mark = b"II" if order == "<" else b"MM"
    head = struct.pack(order + "HHHQ", 43, 8, 0, start) if big else struct.pack(order + "HI", 42, start)
    return mark + head + content + directory + values_after
