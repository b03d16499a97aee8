"""Image files that Pillow cannot write, put together by hand. Used by make_image_fixtures.py."""

import struct
import zlib

import numpy as np

GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6


def chunk(kind, content):
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(samples, color_type, *chunks, passes=None):
    """A PNG of samples [height, width, channels], uint8 or uint16; `passes`: Adam7's parts of the image."""
    height, width = samples.shape[:2]
    bits = samples.dtype.itemsize * 8
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(passes is not None))
    rows = [row for part in passes or [samples] for row in part]
    raw = b"".join(b"\0" + row.astype(row.dtype.newbyteorder(">")).tobytes() for row in rows)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(raw, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def adam7(samples):
    starts_and_steps = [
        (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1),
    ]  # fmt: skip
    return [samples[y::step_y, x::step_x] for y, x, step_y, step_x in starts_and_steps]


def lzw(indices):
    """GIF's LZW without compression: 3-bit indices as 4-bit codes, cleared before the codes grow."""
    codes = []
    for at in range(0, len(indices), 6):
        codes += [8, *indices[at : at + 6]]
    bits = sum(code << (4 * position) for position, code in enumerate([*codes, 9]))
    packed = bits.to_bytes(len(codes) // 2 + 1, "little")
    blocks = [packed[at : at + 255] for at in range(0, len(packed), 255)]
    return b"\x03" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


PALETTE = bytes([10, 20, 30, 250, 0, 0, 0, 240, 0, 0, 0, 230, 9, 8, 7, 90, 80, 70, 1, 200, 201, 255, 254, 253])


def gif(box, transparent=None, local=False, interlaced=False):
    """A canvas of 20 × 15 with one frame: box is (left, top, width, height)."""
    left, top, width, height = box
    indices = [(x + 2 * y + x * y // 5) % 8 for y in range(height) for x in range(width)]
    control = b""
    if transparent is not None:
        control = b"!\xf9\x04\x01\0\0" + bytes([transparent]) + b"\0"
    flags = (0x82 if local else 0) | (0x40 if interlaced else 0)
    frame = b"," + struct.pack("<4HB", left, top, width, height, flags)
    frame += (PALETTE[::-1] if local else b"") + lzw(indices)
    return b"GIF89a" + struct.pack("<2H3B", 20, 15, 0x82, 3, 0) + PALETTE + control + frame + b";"


def bmp(width, height, bits, compression, masks, pixels):
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    start = 14 + len(header) + len(masks)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + masks + pixels


def handmade_bmps(pixels):
    height, width = pixels.shape[:2]
    bgr = np.concatenate([pixels[..., ::-1], np.full((height, width, 1), 77, np.uint8)], axis=-1)
    five = (pixels >> 3).astype(np.uint16)
    packed = (five[..., 0] << 11) | ((pixels[..., 1] >> 2).astype(np.uint16) << 5) | five[..., 2]
    packed = np.pad(packed, ((0, 0), (0, width % 2)))
    return {
        "top-down.bmp": bmp(width, -height, 32, 0, b"", bgr.tobytes()),
        "565.bmp": bmp(width, height, 16, 3, struct.pack("<3I", 0xF800, 0x07E0, 0x001F), packed.tobytes()),
    }


def tiff(samples, byte_order):
    """An uncompressed RGB TIFF of samples [height, width, 3]."""
    height, width, channels = samples.shape
    bits = samples.dtype.itemsize * 8
    content = samples.astype(samples.dtype.newbyteorder(byte_order)).tobytes()
    bits_at = 8 + len(content)
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, bits_at), (259, 3, 1, 1), (262, 3, 1, 2),
        (273, 4, 1, 8), (277, 3, 1, channels), (278, 4, 1, height), (279, 4, 1, len(content)),
    ]  # fmt: skip
    directory = struct.pack(byte_order + "H", len(entries))
    for tag, kind, count, value in entries:
        inline = byte_order + ("HHIHH" if kind == 3 and count == 1 else "HHII")
        values = (value, 0) if kind == 3 and count == 1 else (value,)
        directory += struct.pack(inline, tag, kind, count, *values)
    magic = (b"II" if byte_order == "<" else b"MM") + struct.pack(byte_order + "HI", 42, bits_at + 2 * channels)
    return magic + content + struct.pack(byte_order + f"{channels}H", *[bits] * channels) + directory + bytes(4)


def handmade_files(photo):
    """name → bytes."""
    pixels = np.asarray(photo)
    wide = pixels.astype(np.uint16) * 257 + np.arange(45, dtype=np.uint16)[:, None] * 5 % 250
    grey = (np.arange(45 * 34, dtype=np.uint16).reshape(34, 45, 1) * 43) % 700
    alpha = wide[..., :1] ^ 4096
    small, values = pixels[:9, :13], np.arange(0, 1001, dtype=">u2")
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0<tiff:Orientation>8</tiff:Orientation>"
    files = {
        "rgb-16-bits.png": png(wide, RGB),
        "rgba-16-bits.png": png(np.concatenate([wide, alpha], axis=-1), RGBA),
        "grey-alpha-16-bits.png": png(np.concatenate([wide[..., :1], alpha], axis=-1), GREY_ALPHA),
        "grey-16-bits-transparent.png": png(grey, GREY, chunk(b"tRNS", b"\0\x2b")),
        "grey-transparent.png": png(pixels[..., :1], GREY, chunk(b"tRNS", b"\0\x2b")),
        "rgb-transparent.png": png(pixels, RGB, chunk(b"tRNS", bytes(6))),
        "interlaced.png": png(pixels, RGB, passes=adam7(pixels)),
        "xmp-8.png": png(small, RGB, chunk(b"iTXt", xmp)),
        "full.gif": gif((0, 0, 20, 15)),
        "interlaced.gif": gif((0, 0, 20, 15), interlaced=True),
        "transparent.gif": gif((0, 0, 20, 15), transparent=4),
        "partial.gif": gif((3, 2, 11, 9)),
        "partial-transparent.gif": gif((3, 2, 11, 9), transparent=5),
        "partial-local.gif": gif((0, 4, 20, 7), transparent=2, local=True),
        "rgb-16-bits.tiff": tiff(wide, "<"),
        "big-endian.tiff": tiff(pixels, ">"),
        "ascii.ppm": b"P3 # a comment\n2 2\n255\n0 1 2 30 40 50 60 70 80\n255 254 253\n",
        "ascii.pgm": b"P2 3 2 15\n0 1 2 7 8 15\n",
        "ascii.pbm": b"P1\n5 2\n0 1 1 0 1\n1 0 0 0 1\n",
        "maxval-100.ppm": b"P6 101 1 100\n" + bytes(range(101)) * 3,
        "rgb-16-bits.ppm": b"P6 45 34 65535\n" + wide.astype(">u2").tobytes(),
        "maxval-1000.ppm": b"P6 1001 1 1000\n" + np.tile(values, 3).tobytes(),
        "maxval-1000.pgm": b"P5 1001 1 1000\n" + values.tobytes(),
    }
    return files | handmade_bmps(pixels)
