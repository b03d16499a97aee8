"""Writes pictures of every odd kind into a folder, and what Pillow makes of them.

    python tests/reference/make_odd_pictures.py FOLDER
    cargo run --release --no-default-features --example compare_pictures -- FOLDER

Needs the versions of requirements.txt and cjpeg (Debian: libjpeg-turbo-progs).

- FOLDER/files/NAME: the picture
- FOLDER/pixels/NAME.png: ImageOps.exif_transpose(Image.open(file)).convert("RGB"), if Pillow reads it
- FOLDER/cut/NAME: pictures whose end is missing, which must be refused
"""

import io
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

import odd_files
import odd_jpegs


def pixels(content):
    """What Pillow reads, as PNG; None if it does not."""
    try:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError) as error:
        print(f"Pillow: {error}")
        return None
    image.info.clear()  # or it would be written into the PNG
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content)


def main(folder):
    warnings.simplefilter("ignore")
    files = odd_jpegs.whole() | odd_files.whole()
    write(folder / "files", files)
    write(folder / "cut", odd_jpegs.cut())
    read = {}
    for name, content in files.items():
        print(name, end=": ")
        read[f"{name}.png"] = pixels(content)
        if read[f"{name}.png"]:
            print("read")
    write(folder / "pixels", read)
    print(f"{len(files)} files, {sum(content is not None for content in read.values())} read by Pillow")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
