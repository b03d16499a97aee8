"""JPEG files of every kind: samplings, scan layouts, codings, colours, markers, ends. Used by make_odd_pictures.py.

`whole` are valid files, `cut` files whose end is missing, `zeroed` files whose end is overwritten. Progressive and arithmetic ones are written by libjpeg-turbo's
cjpeg (Debian: libjpeg-turbo-progs)."""

import io
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image

from exif_blocks import exif
from jpeg_files import JFIF, adobe, jpeg, segment

LAYOUTS = {
    "": None, "separate": [[0], [1], [2]], "y-cbcr": [[0], [1, 2]], "ycb-cr": [[0, 1], [2]],
    "backwards": [[2], [1], [0]], "cbcr-y": [[1, 2], [0]],
}  # fmt: skip
SAMPLINGS = {
    "444": "11 11 11", "422": "21 11 11", "420": "22 11 11", "440": "12 11 11", "411": "41 11 11", "441": "14 11 11",
    "410": "42 11 11", "24": "24 11 11", "311": "31 11 11", "131": "13 11 11", "444-of-4": "22 22 22",
    "mixed": "22 21 12", "cb-only": "22 11 22", "cb-finer": "11 22 11", "chroma-finer": "11 21 21",
    "chroma-taller": "11 12 12", "crossed": "21 12 11", "cr-finest": "12 11 22", "42-21": "42 21 41",
    "fractional": "31 21 11",
}  # fmt: skip


def picture(width, height):
    """RGB, uint8 [height, width, 3]: slopes, edges, a fine pattern and strong colours."""
    y, x = np.mgrid[:height, :width]
    channels = [x * 7 + y * 2, y * 5 + (x // 9) * 60, (x // 4 + y // 6) % 2 * 170 + x]
    return (np.stack(channels, axis=-1) % 256).astype(np.uint8)


def planes(rgb):
    return list(np.asarray(Image.fromarray(rgb).convert("YCbCr")).transpose(2, 0, 1))


def factors(text):
    return [(int(pair[0]), int(pair[1])) for pair in text.split()]


def layouts():
    ycc, small = planes(picture(61, 43)), planes(picture(17, 9))
    files = {}
    for name, sampling in SAMPLINGS.items():
        for layout, scans in LAYOUTS.items():
            restart = 5 if layout == "separate" else 0
            files[f"{name}-{layout or 'one-scan'}.jpg"] = jpeg(ycc, factors(sampling), scans, restart=restart)
        files[f"{name}-small.jpg"] = jpeg(small, factors(sampling))
        files[f"{name}-restarts.jpg"] = jpeg(ycc, factors(sampling), restart=1)
    return files


def sizes():
    files = {}
    for width, height in [(1, 1), (2, 1), (1, 2), (3, 3), (8, 8), (9, 8), (8, 9), (15, 16), (16, 17), (17, 5), (200, 3)]:
        for name in ["420", "422", "440", "cb-finer"]:
            ycc = planes(picture(width, height))
            files[f"{name}-{width}x{height}.jpg"] = jpeg(ycc, factors(SAMPLINGS[name]))
    return files


def colours():
    """Which colours the components are, by markers and names."""
    rgb = picture(40, 30)
    ycc, raw = planes(rgb), list(rgb.transpose(2, 0, 1))
    befores = {"none": b"", "jfif": JFIF, "jfif-adobe0": JFIF + adobe(0), "adobe0": adobe(0), "adobe1": adobe(1),
               "adobe0-jfif": adobe(0) + JFIF, "adobe7": adobe(7), "adobe2": adobe(2)}  # fmt: skip
    names = {"123": [1, 2, 3], "RGB": list(b"RGB"), "012": [0, 1, 2], "1-34-35": [1, 34, 35], "rgb": list(b"rgb"),
             "321": [3, 2, 1], "YCC": [89, 67, 99]}  # fmt: skip
    files = {}
    for before, segments in befores.items():
        for ids, values in names.items():
            source = raw if "adobe0" in before or ids == "RGB" else ycc
            files[f"colours-{before}-{ids}.jpg"] = jpeg(source, factors("11 11 11"), ids=values, before=segments)
    files["colours-adobe0-420.jpg"] = jpeg(raw, factors("22 11 11"), before=adobe(0))
    files["colours-adobe0-finer.jpg"] = jpeg(raw, factors("11 22 11"), before=adobe(0))
    files["colours-adobe0-y-cbcr.jpg"] = jpeg(raw, factors("21 11 11"), LAYOUTS["y-cbcr"], before=adobe(0))
    files["colours-adobe-late.jpg"] = jpeg(ycc, factors("11 11 11"), LAYOUTS["separate"], before=b"", between=adobe(0))
    return files


def other_components():
    """Grey, CMYK, YCCK, and numbers of components that Pillow does not read."""
    rgb = picture(45, 34)
    ycc = planes(rgb)
    four = [*rgb.transpose(2, 0, 1), picture(45, 34)[::-1, :, 1] // 2 + 90]
    ycck = [*ycc, four[3]]
    files = {
        "grey.jpg": jpeg(ycc[:1], [(1, 1)]), "grey-22.jpg": jpeg(ycc[:1], [(2, 2)]),
        "grey-41-restarts.jpg": jpeg(ycc[:1], [(4, 1)], restart=2), "two-components.jpg": jpeg(ycc[:2], [(1, 1)] * 2),
    }  # fmt: skip
    for name, text in {"444": "11 11 11 11", "420": "22 11 11 22", "422": "21 11 11 21", "k-coarse": "22 22 22 11",
                       "440": "12 11 11 12", "411": "41 11 11 41", "k-finer": "11 11 11 22",
                       "c-coarse": "11 22 22 22", "mixed": "22 21 12 11"}.items():  # fmt: skip
        sampling = factors(text)
        files[f"cmyk-{name}.jpg"] = jpeg(four, sampling, before=b"")
        files[f"cmyk-adobe0-{name}.jpg"] = jpeg(four, sampling, before=adobe(0))
        files[f"ycck-{name}.jpg"] = jpeg(ycck, sampling, before=adobe(2))
        files[f"ycck-separate-{name}.jpg"] = jpeg(ycck, sampling, [[0], [1], [2], [3]], before=adobe(2))
        files[f"ycck-pairs-{name}.jpg"] = jpeg(ycck, sampling, [[0, 3], [1, 2]], before=adobe(2))
    return files


SCRIPTS = {
    "spectral": "0,1,2: 0-0, 0, 0; 0: 1-5, 0, 0; 2: 1-63, 0, 0; 1: 1-63, 0, 0; 0: 6-63, 0, 0;",
    "approximation": "0,1,2: 0-0, 0, 1; 0: 1-63, 0, 2; 1: 1-63, 0, 1; 2: 1-63, 0, 1; 0: 1-63, 2, 1; 0,1,2: 0-0, 1, 0; "
    "0: 1-63, 1, 0; 1: 1-63, 1, 0; 2: 1-63, 1, 0;",
    "separate-dc": "0: 0-0, 0, 0; 1: 0-0, 0, 0; 2: 0-0, 0, 0; 0: 1-63, 0, 0; 1: 1-63, 0, 0; 2: 1-63, 0, 0;",
    "sequential-pairs": "0; 1 2;",
    "sequential-separate": "2; 0; 1;",
    "only-dc": "0,1,2: 0-0, 0, 0;",
    "coarse": "0,1,2: 0-0, 0, 1; 0: 1-63, 0, 1; 1: 1-63, 0, 1; 2: 1-63, 0, 1; 0,1,2: 0-0, 1, 0;",
}


def cjpeg(rgb, *options, script=None):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(script or "")
        file.flush()
        height, width, channels = rgb.shape
        kind = b"P6" if channels == 3 else b"P5"
        source = kind + b" %d %d 255\n" % (width, height) + rgb.tobytes()
        scans = ["-scans", file.name] if script else []
        return subprocess.run(["cjpeg", *options, *scans], input=source, capture_output=True, check=True).stdout


def sample_option(text):
    return ",".join("x".join(pair) for pair in text.split())


def coded():
    """Progressive and arithmetic files."""
    rgb = picture(61, 43)
    files = {}
    codings = {"progressive": ["-progressive"], "arithmetic": ["-arithmetic"], "optimized": ["-optimize"],
               "arithmetic-progressive": ["-arithmetic", "-progressive"]}  # fmt: skip
    for coding, options in codings.items():
        for name in ["444", "422", "420", "440", "411", "410", "mixed", "cb-finer", "chroma-finer", "crossed"]:
            options_now = [*options, "-quality", "83", "-sample", sample_option(SAMPLINGS[name])]
            files[f"{coding}-{name}.jpg"] = cjpeg(rgb, *options_now)
        files[f"{coding}-restarts.jpg"] = cjpeg(rgb, *options, "-restart", "3B", "-sample", "2x2")
        files[f"{coding}-grey.jpg"] = cjpeg(rgb[..., :1], *options)
        files[f"{coding}-rgb.jpg"] = cjpeg(rgb, *options, "-rgb")
        files[f"{coding}-quality-5.jpg"] = cjpeg(rgb, *options, "-quality", "5")
        files[f"{coding}-quality-100.jpg"] = cjpeg(rgb, *options, "-quality", "100")
    for name, script in SCRIPTS.items():
        for coding in [["-optimize"], ["-arithmetic"]]:
            files[f"{name}{coding[0]}.jpg"] = cjpeg(rgb, *coding, "-sample", "2x2", script=script)
    return files


def markers():
    rgb = picture(40, 30)
    ycc, s = planes(rgb), factors("22 11 11")
    thumbnail = jpeg(planes(picture(16, 8)), factors("11 11 11"))
    exif_with_thumbnail = segment(0xE1, b"Exif\0\0" + exif(3, 6) + thumbnail)
    return {
        "no-huffman-tables.jpg": jpeg(ycc, s, huffman=False),
        "no-huffman-tables-separate.jpg": jpeg(ycc, s, LAYOUTS["separate"], huffman=False),
        "no-app.jpg": jpeg(ycc, s, before=b""),
        "comments.jpg": jpeg(ycc, s, before=JFIF + segment(0xFE, b"\xff\xd9 a comment \xff\xda") * 3),
        "all-apps.jpg": jpeg(ycc, s, before=b"".join(segment(0xE0 + i, b"?" * 9) for i in range(1, 14)) + JFIF),
        "fill-bytes.jpg": jpeg(ycc, s, fill=b"\xff\xff\xff"),
        "extended-sequential.jpg": jpeg(ycc, s, sof=0xC1),
        "thumbnail.jpg": jpeg(ycc, s, before=exif_with_thumbnail),
        "trailer.jpg": jpeg(ycc, s, end=b"\xff\xd9" + bytes(99)),
        "second-picture.jpg": jpeg(ycc, s, end=b"\xff\xd9" + thumbnail),
        "text-after.jpg": jpeg(ycc, s, end=b"\xff\xd9SEFT trailer of a phone"),
        "tables-one-for-all.jpg": jpeg(ycc, s, table_of=[0, 0, 0]),
        "tables-swapped.jpg": jpeg(ycc, s, table_of=[1, 0, 1]),
        "coarse-steps.jpg": jpeg(ycc, s, steps=[20, 30, 36]),
        "comment-between.jpg": jpeg(ycc, s, LAYOUTS["separate"], between=segment(0xFE, b"between")),
        "restart-interval-0.jpg": jpeg(ycc, s, before=JFIF + segment(0xDD, b"\0\0")),
        "lossless-sof.jpg": jpeg(ycc, s, sof=0xC3), "hierarchical-sof.jpg": jpeg(ycc, s, sof=0xC5),
        "twelve-bits.jpg": jpeg(ycc, s, sof=0xC1).replace(b"\xff\xc1\0\x11\x08", b"\xff\xc1\0\x11\x0c"),
        "height-0.jpg": jpeg(ycc, s).replace(struct.pack(">HH", 30, 40), struct.pack(">HH", 0, 40), 1),
        "mpo.jpg": mpo(rgb),
    }  # fmt: skip


def mpo(rgb):
    buffer, image = io.BytesIO(), Image.fromarray(rgb)
    image.save(buffer, "MPO", save_all=True, append_images=[image.rotate(180)])
    return buffer.getvalue()


def orientations():
    """Orientations as every type of number, of several blocks, and of XMP; the picture is not symmetric."""
    ycc, s = planes(picture(24, 16)), factors("11 11 11")
    files = {}

    def add(name, *blocks):
        files[f"exif-{name}.jpg"] = jpeg(ycc, s, before=b"".join(segment(0xE1, block) for block in blocks))

    for kind in range(1, 14):
        for order in "<>":
            add(f"type-{kind}-{'little' if order == '<' else 'big'}", b"Exif\0\0" + exif(kind, 6, order=order))
    for value in [0, 1, 2, 3, 4, 5, 7, 8, 9, 65535]:
        add(f"value-{value}", b"Exif\0\0" + exif(3, value))
    for kind in [1, 3, 4, 5]:
        add(f"type-{kind}-count-2", b"Exif\0\0" + exif(kind, 6, count=2))
    add("count-0", b"Exif\0\0" + exif(3, 6, count=0))
    xmp = [b"http://ns.adobe.com/xap/1.0/\0<x " + text + b"/>" for text in (b'tiff:Orientation="8"', b"tiff:Orientation>8<")]
    add("xmp-attribute", xmp[0])
    add("xmp-element", xmp[1])
    add("xmp-and-exif", xmp[0], b"Exif\0\0" + exif(3, 6))
    add("xmp-and-exif-without", b"Exif\0\0" + exif(3, 6, tag=0x0110), xmp[0])
    add("xmp-and-exif-1", b"Exif\0\0" + exif(3, 1), xmp[0])
    add("xmp-and-exif-9", b"Exif\0\0" + exif(3, 9), xmp[0])
    add("two-xmp", xmp[0], xmp[0].replace(b"8", b"3"))
    add("two-blocks", b"Exif\0\0" + exif(3, 6), b"Exif\0\0" + exif(3, 3))
    add("two-blocks-first-without", b"Exif\0\0" + exif(3, 6, tag=0x0110), b"Exif\0\0" + exif(3, 3))
    add("two-blocks-first-broken", b"Exif\0\0nonsense", b"Exif\0\0" + exif(3, 3))
    add("broken", b"Exif\0\0" + exif(3, 6)[:11])
    add("prefix-of-5", b"Exif\0" + exif(3, 6))
    add("empty", b"Exif\0\0")
    return files


def sources_to_cut():
    rgb = picture(61, 43)
    ycc = planes(rgb)
    return {"420": jpeg(ycc, factors("22 11 11")), "separate": jpeg(ycc, factors("22 11 11"), LAYOUTS["separate"]),
               "progressive": cjpeg(rgb, "-progressive"), "arithmetic": cjpeg(rgb, "-arithmetic", "-restart", "2B"),
               "restarts": jpeg(ycc, factors("22 11 11"), restart=1)}  # fmt: skip


def zeroed():
    """Files whose last data are zeros, with an end marker: zeros are blocks too, so some of these cannot be told."""
    return {f"zeroed-{name}-{percent}.jpg": content[: len(content) * percent // 100].ljust(len(content) - 2, b"\0") + b"\xff\xd9"
            for name, content in sources_to_cut().items() for percent in (50, 75, 90, 97)}  # fmt: skip


def cut():
    """Files whose end is missing: to be refused, with or without an end marker."""
    sources, files = sources_to_cut(), {}
    for name, content in sources.items():
        for percent in (50, 75, 90, 97):
            part = content[: len(content) * percent // 100]
            files[f"cut-{name}-{percent}.jpg"] = part
            files[f"cut-{name}-{percent}-eoi.jpg"] = part + b"\xff\xd9"
            files[f"cut-{name}-{percent}-zeros.jpg"] = part + bytes(4000)
            files[f"cut-{name}-{percent}-zeros-eoi.jpg"] = part + bytes(4000) + b"\xff\xd9"
    for name in ("420", "separate", "restarts"):
        part = sources[name][: len(sources[name]) // 2]
        files[f"cut-{name}-zeroed.jpg"] = part + bytes(len(sources[name]) - len(part) - 2) + b"\xff\xd9"
    two_scans = sources["separate"].split(b"\xff\xda")
    files["cut-last-scan-eoi.jpg"] = b"\xff\xda".join(two_scans[:-1]) + b"\xff\xd9"
    progressive_scans = sources["progressive"].split(b"\xff\xc4")
    files["cut-last-progressive-scan-eoi.jpg"] = b"\xff\xc4".join(progressive_scans[:-1]) + b"\xff\xd9"
    return files


def without_end():
    """Whole pictures whose end marker is missing or overwritten."""
    rgb = picture(61, 43)
    ycc, s = planes(rgb), factors("22 11 11")
    ends = {"no-end": b"", "zeroed-end": b"\0\0", "padded-with-zeros": bytes(999), "padded-with-ff": b"\xff" * 99,
            "half-end": b"\xff"}  # fmt: skip
    files = {f"{name}.jpg": jpeg(ycc, s, end=end) for name, end in ends.items()}
    files |= {f"{name}-separate.jpg": jpeg(ycc, s, LAYOUTS["y-cbcr"], end=end) for name, end in ends.items()}
    for coding in ["-progressive", "-arithmetic"]:
        files |= {f"{name}{coding}.jpg": cjpeg(rgb, coding)[:-2] + end for name, end in ends.items()}
    return files


def whole():
    groups = [layouts, sizes, colours, other_components, coded, markers, orientations, without_end]
    return {name: content for group in groups for name, content in group().items()}
