"""PNG, TIFF, GIF, WebP, BMP and PNM files of every kind, and files that are no pictures for reid-web but are named
for what they are. Used by make_odd_pictures.py."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

import tiff_files as t
from exif_blocks import exif
from image_files import GREY, GREY_ALPHA, RGB, RGBA, adam7, bmp, chunk, gif, png
from jpeg_files import jpeg
from odd_jpegs import factors, picture, planes
from tiff_files import tiff

XMP = b'<x tiff:Orientation="8"/>'


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pngs():
    rgb = picture(37, 22)
    wide = rgb.astype(np.uint16) * 257 + np.arange(22, dtype=np.uint16)[:, None, None] * 7 % 250
    samples = {
        "grey": (rgb[..., :1], GREY), "rgb": (rgb, RGB), "grey-alpha": (rgb[..., :2], GREY_ALPHA),
        "rgba": (np.concatenate([rgb, rgb[..., :1]], axis=-1), RGBA), "grey-16": (wide[..., :1], GREY),
        "rgb-16": (wide, RGB), "grey-alpha-16": (wide[..., :2], GREY_ALPHA),
        "rgba-16": (np.concatenate([wide, wide[..., :1]], axis=-1), RGBA),
    }  # fmt: skip
    files = {}
    for name, (values, kind) in samples.items():
        files[f"{name}.png"] = png(values, kind)
        files[f"{name}-interlaced.png"] = png(values, kind, passes=adam7(values))
        if kind in (GREY, RGB):
            key = values[3, 4].astype(">u2").tobytes()
            files[f"{name}-key.png"] = png(values, kind, chunk(b"tRNS", key))
    image = Image.fromarray(rgb)
    for colors, bits in [(2, 1), (4, 2), (13, 4), (200, 8)]:
        palette = image.quantize(colors)
        files[f"palette-{bits}.png"] = saved(palette, "PNG", bits=bits)
        files[f"palette-{bits}-alpha.png"] = saved(palette, "PNG", bits=bits, transparency=bytes([0, 128]))
    files["black-white.png"] = saved(image.convert("1"), "PNG")
    for bits in (2, 4):
        files[f"grey-{bits}.png"] = saved(image.convert("L"), "PNG", bits=bits)
    grey_key = struct.pack(">H", 1)
    files["black-white-key.png"] = with_chunks(files["black-white.png"], chunk(b"tRNS", grey_key))
    files["animated.png"] = saved(image, "PNG", save_all=True, append_images=[image.rotate(180)])
    files["gamma-and-profile.png"] = with_chunks(files["rgb.png"], chunk(b"gAMA", struct.pack(">I", 100000)))
    return files | png_orientations(files["rgb.png"])


def with_chunks(content, *chunks, before=b"IDAT"):
    at = content.index(before) - 4
    return content[:at] + b"".join(chunks) + content[at:]


def png_orientations(content):
    raw = b"\nexif\n%8d\n%s\n" % (len(exif(3, 6)) + 6, (b"Exif\0\0" + exif(3, 6)).hex().encode())
    keyword = b"XML:com.adobe.xmp\0"
    blocks = {f"exif-type-{kind}": [chunk(b"eXIf", exif(kind, 6))] for kind in (1, 3, 4, 5, 8, 9, 11, 12)}
    blocks |= {
        "exif-big-endian": [chunk(b"eXIf", exif(3, 3, order=">"))],
        "exif-with-prefix": [chunk(b"eXIf", b"Exif\0\0" + exif(3, 6))],
        "two-exif": [chunk(b"eXIf", exif(3, 6)), chunk(b"eXIf", exif(3, 3))],
        "raw-profile": [chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))],
        "raw-profile-text": [chunk(b"tEXt", b"Raw profile type exif\0" + raw)],
        "raw-profile-app1": [chunk(b"zTXt", b"Raw profile type APP1\0\0" + zlib.compress(raw))],
        "xmp": [chunk(b"iTXt", keyword + b"\0\0\0\0" + XMP)],
        "xmp-compressed": [chunk(b"iTXt", keyword + b"\1\0\0\0" + zlib.compress(XMP))],
        "xmp-and-exif": [chunk(b"iTXt", keyword + b"\0\0\0\0" + XMP), chunk(b"eXIf", exif(3, 6))],
        "xmp-and-exif-1": [chunk(b"iTXt", keyword + b"\0\0\0\0" + XMP), chunk(b"eXIf", exif(3, 1))],
    }  # fmt: skip
    files = {f"{name}.png": with_chunks(content, *chunks) for name, chunks in blocks.items()}
    return files | {f"{name}-late.png": with_chunks(content, *chunks, before=b"IEND") for name, chunks in blocks.items()}


def tiffs():
    rgb = picture(37, 22)
    wide = rgb.astype(np.uint16) * 257 + np.arange(22, dtype=np.uint16)[:, None, None] * 7 % 250
    cmyk = np.concatenate([rgb, 255 - rgb[..., :1] // 2], axis=-1)
    files = {}
    for bits in (1, 2, 4, 8, 16):
        levels = wide[..., :1] if bits == 16 else rgb[..., :1] >> (8 - bits)
        files[f"grey-{bits}.tiff"] = tiff(levels, t.BLACK_IS_ZERO, bits)
        files[f"grey-{bits}-big-endian.tiff"] = tiff(levels, t.BLACK_IS_ZERO, bits, order=">")
        files[f"white-is-zero-{bits}.tiff"] = tiff(levels, t.WHITE_IS_ZERO, bits)
        if bits == 16:
            continue
        colors = (np.arange(3 << bits, dtype=np.uint32) * 21001 % 65536).tolist()
        for order in "<>":
            name = f"palette-{bits}{'-big-endian' if order == '>' else ''}.tiff"
            files[name] = tiff(levels, t.PALETTE, bits, order, tags=[(t.COLORS, 3, colors)])
        files[f"palette-{bits}-deflate.tiff"] = tiff(
            levels, t.PALETTE, bits, compression=t.DEFLATE, rows=5, tags=[(t.COLORS, 3, colors)])  # fmt: skip
        files[f"palette-{bits}-tiles.tiff"] = tiff(levels, t.PALETTE, bits, tile=16, tags=[(t.COLORS, 3, colors)])
    low = [value >> 8 for value in colors]
    files["palette-8-bit-colours.tiff"] = tiff(rgb[..., :1], t.PALETTE, tags=[(t.COLORS, 3, low)])
    rgba = np.concatenate([rgb, rgb[..., :1]], axis=-1)
    channels = {"rgb": (rgb, t.RGB, []), "cmyk": (cmyk, t.CMYK, [(t.INK_SET, 3, [1])]),
                "rgba": (rgba, t.RGB, [(t.EXTRA, 3, [2])]), "rgbx": (rgba, t.RGB, [(t.EXTRA, 3, [0])]),
                "rgb-premultiplied": (rgba, t.RGB, [(t.EXTRA, 3, [1])]),
                "grey-alpha": (rgba[..., :2], t.BLACK_IS_ZERO, [(t.EXTRA, 3, [2])]),
                "cmyk-and-alpha": (np.concatenate([cmyk, rgb[..., :1]], -1), t.CMYK, [(t.EXTRA, 3, [0])]),
                "lab": (rgb, t.CIELAB, []), "ycbcr": (rgb, t.YCBCR, [(530, 3, [1, 1])])}  # fmt: skip
    ways = {"": {}, "-strips": {"rows": 5}, "-tiles": {"tile": 16}, "-planar": {"planar": True}, "-big": {"big": True},
            "-big-endian": {"order": ">"}, "-deflate": {"compression": t.DEFLATE},
            "-predicted": {"compression": t.DEFLATE, "predictor": True},
            "-packbits": {"compression": t.PACKBITS}, "-planar-tiles": {"planar": True, "tile": 16},
            "-planar-deflate": {"planar": True, "compression": t.DEFLATE, "rows": 7}}  # fmt: skip
    for name, (samples, photometric, tags) in channels.items():
        for way, options in ways.items():
            files[f"{name}{way}.tiff"] = tiff(samples, photometric, tags=tags, **options)
    return files | jpeg_tiffs(rgb) | deep_tiffs(wide, cmyk) | tiffs_of_pillow(Image.fromarray(rgb)) | tiff_orientations(rgb)


def deep_tiffs(wide, cmyk):
    alpha = np.concatenate([wide, wide[..., :1]], axis=-1)
    kinds = {"rgb-16": (wide, t.RGB, []), "rgba-16": (alpha, t.RGB, [(t.EXTRA, 3, [2])]),
             "cmyk-16": (cmyk.astype(np.uint16) * 257, t.CMYK, []),
             "grey-alpha-16": (wide[..., :2], t.BLACK_IS_ZERO, [(t.EXTRA, 3, [2])])}  # fmt: skip
    files = {f"{name}{'-big-endian' * (order == '>')}.tiff": tiff(samples, photometric, 16, order, tags=tags)
             for name, (samples, photometric, tags) in kinds.items() for order in "<>"}  # fmt: skip
    real = wide[..., :1] / np.float32(300)
    files["grey-float.tiff"] = tiff(real.astype(np.float32), t.BLACK_IS_ZERO, 32, tags=[(t.FORMAT, 3, [3])])
    files["grey-32.tiff"] = tiff(wide[..., :1].astype(np.uint32), t.BLACK_IS_ZERO, 32)
    signed = (wide[..., :1].astype(np.int32) - 32768).astype(np.int16)
    files["grey-signed-16.tiff"] = tiff(signed, t.BLACK_IS_ZERO, 16, tags=[(t.FORMAT, 3, [2])])
    files["rgb-float.tiff"] = tiff((wide / np.float32(65535)), t.RGB, 32, tags=[(t.FORMAT, 3, [3] * 3)])
    return files


def tiffs_of_pillow(image):
    frames = {"save_all": True, "append_images": [image.rotate(180)]}
    files = {f"{name}.tiff": saved(image, "TIFF", compression=name)
             for name in ["tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "lzma", "zstd", "jpeg"]}  # fmt: skip
    two = image.convert("1")
    files |= {f"{name}.tiff": saved(two, "TIFF", compression=name) for name in ["group3", "group4", "tiff_ccitt", "packbits"]}
    files["jpeg-grey.tiff"] = saved(image.convert("L"), "TIFF", compression="jpeg")
    files["jpeg-cmyk.tiff"] = saved(image.convert("CMYK"), "TIFF", compression="jpeg")
    files["pages.tiff"] = saved(image, "TIFF", **frames)
    files["big-of-pillow.tiff"] = saved(image, "TIFF", big_tiff=True, compression="tiff_lzw")
    files["palette-of-pillow.tiff"] = saved(image.quantize(50), "TIFF", compression="tiff_lzw")
    files["cmyk-lzw.tiff"] = saved(image.convert("CMYK"), "TIFF", compression="tiff_lzw")
    files["ycbcr-of-pillow.tiff"] = saved(image.convert("YCbCr"), "TIFF")
    files["lab-of-pillow.tiff"] = saved(image.convert("LAB"), "TIFF")
    files["palette-alpha.tiff"] = saved(image.quantize(50).convert("PA"), "TIFF")
    return files


def jpeg_tiffs(rgb):
    """JPEG strips and tiles, with all tables in each; Pillow's have them in a tag."""
    ways = {"": {}, "-strips": {"rows": 16}, "-tiles": {"tile": 16}, "-big": {"big": True, "tile": 32}, "-big-endian": {"order": ">"}}
    kinds = {"rgb": (t.RGB, rgb, "11 11 11"), "ycc": (t.YCBCR, np.stack(planes(rgb), -1), "11 11 11"),
             "ycc-420": (t.YCBCR, np.stack(planes(rgb), -1), "22 11 11"),
             "ycc-422": (t.YCBCR, np.stack(planes(rgb), -1), "21 11 11"), "grey": (t.BLACK_IS_ZERO, rgb[..., :1], "11")}  # fmt: skip
    files = {}
    for name, (photometric, samples, sampling) in kinds.items():
        pairs = factors(sampling)
        tags = [(530, 3, pairs[0])] if photometric == t.YCBCR else []
        encoded = lambda part: jpeg(list(part.transpose(2, 0, 1)), pairs, before=b"")
        for way, options in ways.items():
            files[f"{name}-jpeg{way}.tiff"] = tiff(
                samples, photometric, compression=t.JPEG, encoded=encoded, tags=tags, **options)  # fmt: skip
    files["old-jpeg.tiff"] = tiff(rgb, t.YCBCR, compression=t.OLD_JPEG, encoded=lambda part: b"?" * 99)
    return files


def tiff_orientations(rgb):
    files = {f"orientation-{value}.tiff": tiff(rgb, t.RGB, tags=[(t.ORIENTATION, 3, [value])]) for value in range(10)}
    files["orientation-long.tiff"] = tiff(rgb, t.RGB, tags=[(t.ORIENTATION, 4, [6])])
    files["orientation-big.tiff"] = tiff(rgb, t.RGB, big=True, tags=[(t.ORIENTATION, 16, [6])])
    files["orientation-big-endian.tiff"] = tiff(rgb, t.RGB, order=">", tags=[(t.ORIENTATION, 3, [8])])
    files["orientation-twice.tiff"] = tiff(rgb, t.RGB, tags=[(t.ORIENTATION, 3, [6, 3])])
    files["inverted-bits.tiff"] = tiff(rgb, t.RGB, inverted_bits=True)
    files["inverted-bits-1.tiff"] = tiff(rgb[..., :1] >> 7, t.BLACK_IS_ZERO, 1, inverted_bits=True)
    return files


def gifs():
    files = {"87a.gif": gif((0, 0, 20, 15)).replace(b"GIF89a", b"GIF87a")}
    for left, top, width, height in [(0, 0, 20, 15), (3, 2, 11, 9), (19, 14, 1, 1), (10, 5, 20, 15)]:
        for transparent in (None, 0, 5):
            for local in (False, True):
                name = f"frame-{left}-{top}-{width}-{height}-{transparent}-{'local' if local else 'global'}.gif"
                files[name] = gif((left, top, width, height), transparent, local, interlaced=local)
    image = Image.fromarray(picture(37, 22))
    files["animated.gif"] = saved(image, "GIF", save_all=True, append_images=[image.rotate(180)])
    files["grey.gif"] = saved(image.convert("L"), "GIF")
    files["two-colours.gif"] = saved(image.convert("1"), "GIF")
    files["colours-256.gif"] = saved(image.quantize(256), "GIF", interlace=0)
    return files


def webps():
    image = Image.fromarray(picture(61, 43))
    alpha = image.copy()
    alpha.putalpha(Image.fromarray(picture(61, 43)[..., 1]))
    files = {}
    for quality in (0, 20, 50, 80, 95, 100):
        files[f"lossy-{quality}.webp"] = saved(image, "WEBP", quality=quality)
    for width, height in [(1, 1), (2, 3), (15, 17), (16, 16), (33, 1)]:
        files[f"lossy-{width}x{height}.webp"] = saved(image.crop((0, 0, width, height)), "WEBP")
        files[f"lossless-{width}x{height}.webp"] = saved(image.crop((0, 0, width, height)), "WEBP", lossless=True)
    files["lossy-alpha.webp"] = saved(alpha, "WEBP", exact=True)
    files["lossy-alpha-inexact.webp"] = saved(alpha, "WEBP")
    files["lossless-alpha.webp"] = saved(alpha, "WEBP", lossless=True)
    files["lossless-palette.webp"] = saved(image.quantize(9).convert("RGB"), "WEBP", lossless=True)
    files["animated.webp"] = saved(image, "WEBP", save_all=True, append_images=[image.rotate(180)])
    files["animated-alpha.webp"] = saved(alpha, "WEBP", save_all=True, append_images=[alpha.rotate(180)])
    for kind in (1, 3, 4, 5, 9, 12):
        files[f"exif-type-{kind}.webp"] = saved(image, "WEBP", exif=exif(kind, 6))
    files["exif-prefix.webp"] = saved(image, "WEBP", exif=b"Exif\0\0" + exif(3, 8, order=">"))
    files["xmp.webp"] = saved(image, "WEBP", xmp=XMP)
    files["xmp-and-exif.webp"] = saved(image, "WEBP", xmp=XMP, exif=exif(3, 6))
    return files


def bmps():
    rgb = picture(37, 22)
    image = Image.fromarray(rgb)
    files = {"grey.bmp": saved(image.convert("L"), "BMP"), "black-white.bmp": saved(image.convert("1"), "BMP"),
             "palette.bmp": saved(image.quantize(99), "BMP")}  # fmt: skip
    bgr = np.concatenate([rgb[::-1, :, ::-1], np.full((22, 37, 1), 77, np.uint8)], axis=-1)
    files["rgb-32.bmp"] = bmp(37, 22, 32, 0, b"", bgr.tobytes())
    files["rgb-32-top-down.bmp"] = bmp(37, -22, 32, 0, b"", bgr[::-1].tobytes())
    rows = np.pad(bgr[..., :3].reshape(22, -1), ((0, 0), (0, -111 % 4)))
    files["rgb-24.bmp"] = bmp(37, 22, 24, 0, b"", rows.tobytes())
    files["core-header.bmp"] = b"BM" + struct.pack("<IHHI", 26 + rows.size, 0, 0, 26) + struct.pack(
        "<IHHHH", 12, 37, 22, 1, 24) + rows.tobytes()  # fmt: skip
    five = (rgb[::-1] >> 3).astype("<u2")
    masks = {"555": (10, 5, 0, b""), "565": (11, 5, 0, struct.pack("<3I", 0xF800, 0x07E0, 0x001F)),
             "555-masks": (10, 5, 0, struct.pack("<3I", 0x7C00, 0x03E0, 0x001F))}  # fmt: skip
    for name, (red, green, blue, fields) in masks.items():
        middle = (rgb[::-1, :, 1] >> 2).astype("<u2") if name == "565" else five[..., 1]
        words = (five[..., 0] << red) | (middle << green) | (five[..., 2] << blue)
        files[f"{name}.bmp"] = bmp(37, 22, 16, 3 if fields else 0, fields, np.pad(words, ((0, 0), (0, 1))).tobytes())
    for name, fields in {"bgrx": (0xFF0000, 0xFF00, 0xFF), "rgbx": (0xFF, 0xFF00, 0xFF0000),
                         "xbgr": (0xFF000000, 0xFF0000, 0xFF00)}.items():  # fmt: skip
        files[f"masks-{name}.bmp"] = bmp(37, 22, 32, 3, struct.pack("<3I", *fields), bgr.tobytes())
    files["rgba.bmp"] = saved(image.convert("RGBA"), "BMP")
    return files | small_bmps(rgb)


def small_bmps(rgb):
    """1, 4 and 8 bits with palettes, and run lengths."""
    files = {}
    for bits in (1, 4, 8):
        levels = rgb[::-1, :, 0] >> (8 - bits)
        colors = (np.arange(4 << bits) * 37 % 256).astype(np.uint8).tobytes()
        content = t.packed(np.pad(levels, ((0, 0), (0, (-37 * bits % 32) // bits))), bits, "<")
        files[f"palette-{bits}.bmp"] = bmp(37, 22, bits, 0, colors, content)
        if bits == 1:
            continue
        rows = b"".join(run_lengths(row, bits) for row in levels)
        files[f"run-lengths-{bits}.bmp"] = bmp(37, 22, bits, {8: 1, 4: 2}[bits], colors, rows + b"\0\1")
        files[f"run-lengths-{bits}-short.bmp"] = bmp(37, 22, bits, {8: 1, 4: 2}[bits], colors, rows[:200] + b"\0\1")
    return files


def run_lengths(row, bits):
    return b"".join(bytes([1, int(value) << (8 - bits) if bits == 4 else int(value)]) for value in row) + b"\0\0"


def pnms():
    rgb = picture(37, 22)
    files = {}
    for most in (1, 3, 15, 100, 255, 256, 1000, 4095, 65535):
        values = np.minimum(rgb.astype(np.uint32) * (most + 1) // 256, most)
        kind = "u1" if most < 256 else ">u2"
        files[f"rgb-{most}.ppm"] = b"P6 37 22 %d\n" % most + values.astype(kind).tobytes()
        files[f"grey-{most}.pgm"] = b"P5\n# comment\n37 22\n%d\n" % most + values[..., 0].astype(kind).tobytes()
        text = " ".join(map(str, values.reshape(-1).tolist())).encode()
        files[f"ascii-{most}.ppm"] = b"P3\n37 22\n%d\n" % most + text + b"\n"
        text = "\n".join(map(str, values[..., 0].reshape(-1).tolist())).encode()
        files[f"ascii-{most}.pgm"] = b"P2 37 22 %d " % most + text + b"\n"
    ones = rgb[..., 0] >> 7
    files["ones.pbm"] = b"P4\n37 22\n" + np.packbits(ones, axis=1).tobytes()
    files["ascii-ones.pbm"] = b"P1\n37 22\n" + "\n".join("".join(map(str, row)) for row in ones).encode() + b"\n"
    files["arbitrary.pam"] = b"P7\nWIDTH 37\nHEIGHT 22\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n" + rgb.tobytes()
    files["float.pfm"] = b"Pf\n37 22\n-1.0\n" + (rgb[..., 0] / np.float32(255)).astype("<f4").tobytes()
    return files


def whole():
    groups = [pngs, tiffs, gifs, webps, bmps, pnms]
    return {name: content for group in groups for name, content in group().items()}
