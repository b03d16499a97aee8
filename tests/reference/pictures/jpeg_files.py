"""A sequential JPEG encoder that does what libjpeg's callers do not: any sampling, scan layout, component names and
markers. Used by odd_jpegs.py; a picture is planes of 8-bit samples, [height, width] each."""

import struct

import numpy as np

ZIGZAG = np.array([
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
])  # fmt: skip
# The Huffman tables of ITU-T T.81, K.3: how many codes of each length, and their values.
DC = [
    (bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), bytes(range(12))),
    (bytes([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]), bytes(range(12))),
]
AC = [
    (bytes([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D]), bytes.fromhex(
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738"
        "393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5"
        "a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa")),
    (bytes([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77]), bytes.fromhex(
        "0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f11718191a262728292a353637"
        "38393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3"
        "a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa")),
]  # fmt: skip


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def adobe(transform):
    return segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([transform]))


def codes(table):
    """value → (code, bits)"""
    lengths, values = table
    found, code, at = {}, 0, 0
    for bits, count in enumerate(lengths, 1):
        for value in values[at : at + count]:
            found[value] = (code, bits)
            code += 1
        at, code = at + count, code << 1
    return found


class Bits:
    """Entropy-coded data: bits, padded with ones and stuffed."""

    def __init__(self):
        self.value, self.count = 1, 0

    def put(self, value, bits):
        self.value, self.count = (self.value << bits) | value, self.count + bits

    def number(self, value):
        """A value of a known size in bits; negative ones as their complement."""
        bits = int(abs(value)).bit_length()
        self.put(int(value) if value >= 0 else int(value) + (1 << bits) - 1, bits)

    def bytes(self):
        self.put((1 << (-self.count % 8)) - 1, -self.count % 8)
        return self.value.to_bytes(self.count // 8 + 1, "big")[1:].replace(b"\xff", b"\xff\0")


def put_block(bits, block, before, dc, ac):
    """One block of 64 coefficients in zigzag order."""
    difference = int(block[0]) - before
    bits.put(*dc[abs(difference).bit_length()])
    bits.number(difference)
    run = 0
    for value in block[1 : np.max(np.nonzero(block)[0], initial=0) + 1]:
        if value == 0:
            run += 1
            continue
        for _ in range(run // 16):
            bits.put(*ac[0xF0])
        bits.put(*ac[run % 16 * 16 + int(abs(value)).bit_length()])
        bits.number(value)
        run = 0
    if block[63] == 0:
        bits.put(*ac[0])


def quantization(quality_step):
    """A table that grows along the diagonals, as ITU-T T.81, K.1 does, in natural order."""
    y, x = np.mgrid[:8, :8]
    return np.clip(2 + (x + y) * quality_step, 1, 255)


def dct(blocks):
    """[..., 8, 8] → [..., 8, 8]"""
    k = np.arange(8)
    basis = np.cos((2 * k[None] + 1) * k[:, None] * np.pi / 16) * np.where(k == 0, np.sqrt(1 / 8), 0.5)[:, None]
    return basis @ blocks @ basis.T


def reduced(plane, rows, columns):
    """Means over areas; where they are no whole number of samples, single samples."""
    height, width = plane.shape
    if height % rows or width % columns:
        return plane[np.arange(rows) * height // rows][:, np.arange(columns) * width // columns]
    return plane.reshape(rows, height // rows, columns, width // columns).mean(axis=(1, 3))


class Component:
    """A plane at its own sampling, as quantised blocks [rows, columns, 64] that fill whole MCUs."""

    def __init__(self, plane, sampling, largest, table):
        self.h, self.v = sampling
        height, width = plane.shape
        mcus_x, mcus_y = -(-width // (8 * largest[0])), -(-height // (8 * largest[1]))
        full = np.pad(plane, ((0, mcus_y * largest[1] * 8 - height), (0, mcus_x * largest[0] * 8 - width)), "edge")
        rows, columns = mcus_y * self.v * 8, mcus_x * self.h * 8
        small = reduced(full, rows, columns) - 128.0
        blocks = small.reshape(rows // 8, 8, columns // 8, 8).swapaxes(1, 2)
        levels = np.rint(dct(blocks) / quantization(table)).astype(int)
        self.blocks = levels.reshape(*levels.shape[:2], 64)[..., ZIGZAG]
        self.own = (-(-(-(-height * self.v // largest[1])) // 8), -(-(-(-width * self.h // largest[0])) // 8))

    def mcus(self, alone):
        """The blocks of each MCU; alone in its scan, a component's MCUs are the blocks that it needs."""
        if alone:
            return [[block] for row in self.blocks[: self.own[0], : self.own[1]] for block in row]
        rows, columns = self.blocks.shape[:2]
        places = ((y, x) for y in range(0, rows, self.v) for x in range(0, columns, self.h))
        return [self.blocks[y : y + self.v, x : x + self.h].reshape(-1, 64) for y, x in places]


def scan_data(components, tables, restart):
    """Entropy-coded data of one scan."""
    mcus = list(zip(*(component.mcus(len(components) == 1) for component in components)))
    parts, step = [], restart or len(mcus)
    for start in range(0, len(mcus), step):
        bits, before = Bits(), [0] * len(components)
        for mcu in mcus[start : start + step]:
            for index, blocks in enumerate(mcu):
                dc, ac = tables[index]
                for block in blocks:
                    put_block(bits, block, before[index], dc, ac)
                    before[index] = int(block[0])
        parts.append(bits.bytes())
    marked = [part + bytes([0xFF, 0xD0 + index % 8]) for index, part in enumerate(parts[:-1])]
    return b"".join([*marked, parts[-1]])


def jpeg(
    planes, sampling, scans=None, ids=None, before=JFIF, restart=0, huffman=True, sof=0xC0, steps=None, between=b"",
    end=b"\xff\xd9", table_of=None, fill=b"",
):  # fmt: skip
    """A JPEG file.

    - sampling: (h, v) of each component
    - scans: the components of each scan, by default all in one
    - ids: the components' names, by default 1, 2, 3, …
    - before: segments after the start; between: segments before each scan but the first
    - restart: MCUs between restart markers; huffman: whether the tables are in the file
    - steps: of the quantisation tables; table_of: the Huffman tables (0 or 1) of each component
    - fill: bytes before each marker
    """
    count = len(planes)
    scans, ids = scans or [range(count)], ids or range(1, count + 1)
    table_of = table_of or [0, 1, 1, 0][:count]
    steps = steps or [2, 3, 3, 2][:count]
    largest = (max(h for h, _ in sampling), max(v for _, v in sampling))
    components = [Component(*parts, largest, step) for *parts, step in zip(planes, sampling, steps)]
    height, width = planes[0].shape
    frame = struct.pack(">BHHB", 8, height, width, count)
    frame += b"".join(bytes([id, h * 16 + v, index]) for index, (id, (h, v)) in enumerate(zip(ids, sampling)))
    parts = [b"\xff\xd8", before]
    parts += [segment(0xDB, bytes([i]) + bytes(quantization(s).reshape(64)[ZIGZAG].tolist())) for i, s in enumerate(steps)]
    parts.append(segment(sof, frame))
    if huffman:
        parts += [segment(0xC4, bytes([kind * 16 + i]) + lengths + values)
                  for kind, tables in enumerate((DC, AC)) for i, (lengths, values) in enumerate(tables)]  # fmt: skip
    if restart:
        parts.append(segment(0xDD, struct.pack(">H", restart)))
    for number, scan in enumerate(scans):
        header = bytes([len(scan)]) + b"".join(bytes([ids[c], table_of[c] * 17]) for c in scan) + b"\0\x3f\0"
        tables = [(codes(DC[table_of[c]]), codes(AC[table_of[c]])) for c in scan]
        parts += [between if number else b"", fill, segment(0xDA, header)]
        parts.append(scan_data([components[c] for c in scan], tables, restart))
    return b"".join([*parts, fill, end])
