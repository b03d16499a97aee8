"""Writes pictures of every odd kind into a folder, and what Pillow makes of them.

    python tests/reference/pictures/make_odd_pictures.py FOLDER
    cargo run --release --no-default-features --example compare_pictures -- FOLDER

Without FOLDER it makes tests/fixtures/image/odd/ of some of them, which tests/api/image/odd_pictures.rs reads.
Needs the versions of requirements.txt and cjpeg (Debian: libjpeg-turbo-progs).

- FOLDER/files/NAME: the picture
- FOLDER/pixels/NAME.png: ImageOps.exif_transpose(Image.open(file)).convert("RGB"), if Pillow reads it
- FOLDER/cut/NAME: pictures whose end is missing, which must be refused
- FOLDER/zeroed/NAME: pictures whose end is overwritten by zeros, which are refused where they can be told
"""

import io
import shutil
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

import odd_files
import odd_jpegs


FIXTURES = Path(__file__).parents[2] / "fixtures" / "image" / "odd"
# One of each kind; tests/api/image/odd_pictures.rs has the same names.
KEPT = """
420-separate.jpg 420-y-cbcr.jpg 420-ycb-cr.jpg 422-cbcr-y.jpg 440-backwards.jpg 411-one-scan.jpg 410-one-scan.jpg
24-separate.jpg 311-one-scan.jpg 131-small.jpg mixed-y-cbcr.jpg cb-finer-one-scan.jpg chroma-finer-restarts.jpg
chroma-taller-small.jpg crossed-separate.jpg cr-finest-cbcr-y.jpg 420-1x1.jpg 420-17x5.jpg cb-finer-2x1.jpg
440-3x3.jpg colours-jfif-adobe0-123.jpg colours-adobe0-123.jpg colours-none-RGB.jpg colours-none-012.jpg
colours-none-1-34-35.jpg colours-adobe0-finer.jpg colours-adobe0-y-cbcr.jpg colours-adobe-late.jpg grey-22.jpg
cmyk-420.jpg cmyk-k-finer.jpg ycck-440.jpg ycck-pairs-mixed.jpg progressive-420.jpg progressive-chroma-finer.jpg
approximation-optimize.jpg approximation-arithmetic.jpg arithmetic-420.jpg arithmetic-restarts.jpg
arithmetic-progressive-cb-finer.jpg sequential-pairs-optimize.jpg sequential-pairs-arithmetic.jpg
no-huffman-tables.jpg no-huffman-tables-separate.jpg fill-bytes.jpg extended-sequential.jpg thumbnail.jpg
second-picture.jpg no-end.jpg zeroed-end.jpg padded-with-zeros.jpg padded-with-ff.jpg half-end.jpg
exif-type-3-big.jpg exif-type-4-little.jpg exif-type-5-big.jpg exif-type-6-little.jpg exif-type-9-big.jpg
exif-type-11-little.jpg exif-type-12-big.jpg exif-type-1-little.jpg exif-type-2-little.jpg exif-type-7-big.jpg
exif-type-3-count-2.jpg exif-value-9.jpg exif-two-blocks.jpg exif-two-blocks-first-broken.jpg exif-two-xmp.jpg
exif-xmp-and-exif-1.jpg exif-xmp-and-exif-without.jpg
exif-type-4.png exif-type-9-late.png exif-with-prefix.png two-exif.png raw-profile.png xmp-compressed.png
xmp-and-exif-1.png grey-16-key.png exif-type-4.webp exif-prefix.webp xmp.webp lossy-15x17.webp
palette-1.tiff palette-2-tiles.tiff palette-4-big-endian.tiff palette-8-deflate.tiff palette-alpha.tiff cmyk.tiff
cmyk-planar.tiff cmyk-16.tiff cmyk-and-alpha-predicted.tiff rgb-big.tiff grey-2.tiff white-is-zero-4.tiff
white-is-zero-16.tiff rgb-premultiplied.tiff rgbx-tiles.tiff orientation-long.tiff orientation-big.tiff
orientation-twice.tiff ycc-420-jpeg-tiles.tiff rgb-jpeg-strips.tiff ycc-422-jpeg-big.tiff grey-jpeg-big-endian.tiff
jpeg.tiff 555-masks.bmp frame-10-5-20-15-5-local.gif grey-100.pgm ascii-1000.ppm
""".split()


def pixels(content):
    """What Pillow reads, as PNG; None if it does not."""
    try:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError) as error:
        print(f"Pillow: {error}")
        return None
    image.info.clear()  # or it would be written into the PNG
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content)


def remake(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, {name: files[name] for name in KEPT})
    write(folder, {f"{name}.png": pixels(files[name]) for name in KEPT})
    kept = ("-75", "-zeroed", "scan", "arithmetic-97")
    cut = odd_jpegs.cut()
    write(folder / "cut", {name: cut[name] for name in cut if any(part in name for part in kept)})


def compare_all(folder, files):
    write(folder / "files", files)
    write(folder / "cut", odd_jpegs.cut())
    write(folder / "zeroed", odd_jpegs.zeroed())
    read = {}
    for name, content in files.items():
        print(name, end=": ")
        read[f"{name}.png"] = pixels(content)
        if read[f"{name}.png"]:
            print("read")
    write(folder / "pixels", read)
    print(f"{len(files)} files, {sum(content is not None for content in read.values())} read by Pillow")


def main(folder=None):
    warnings.simplefilter("ignore")
    files = odd_jpegs.whole() | odd_files.whole()
    if folder:
        compare_all(Path(folder), files)
    else:
        remake(FIXTURES, files)


if __name__ == "__main__":
    main(*sys.argv[1:])
