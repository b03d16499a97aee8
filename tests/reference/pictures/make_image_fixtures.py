"""Makes tests/fixtures/image/: image files, and what Pillow and transformers make of them.

    python tests/reference/pictures/make_image_fixtures.py

Needs the versions of requirements.txt, and torchvision; versions.json records them. tests/api/image/parity.rs
reads the result.

- decode/NAME and decode/NAME.png: a file, and ImageOps.exif_transpose(Image.open(file)).convert("RGB")
- resize/NAME.png: the 8-bit pixels after resize and crop of scene(width, height), which the test draws too
- pixel_values/NAME.f32: the encoder's input, float32 little-endian, [3, S, S]
- broken/NAME: files that must be refused
"""

import io
import json
import platform
import shutil
from pathlib import Path

import numpy as np
import PIL
import torchvision
import transformers
from PIL import Image, ImageOps, features
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Normalize, Resize, ToTensor
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from image_files import handmade_files

FIXTURES = Path(__file__).parents[2] / "fixtures" / "image"
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)


def wave(t, half):
    """A triangle wave from 0 to 255 and back, 2 * half long."""
    return np.abs(t % (2 * half) - half) * 255 // half


def scene(width, height):
    """A picture of slopes, a fine pattern and a disc, [height, width, 3]; tests/api/image/parity.rs draws the same."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    pattern = ((x // 5) ^ (y // 7)) * 29 % 256
    channels = np.stack([wave(3 * x + y, 255), wave(x + 2 * y, 90), pattern], axis=-1)
    side = min(width, height)
    disc = (2 * x - width) ** 2 + (2 * y - height) ** 2 < side * side // 2
    return np.where(disc[..., None], 255 - channels, channels).astype(np.uint8)


def photo(width=45, height=34):
    """A scene without the fine pattern, so that lossy formats are not dominated by it."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    channels = np.stack([wave(3 * x + y, 120), wave(x + 2 * y, 90), wave(2 * x - y, 70)], axis=-1)
    disc = (2 * x - width) ** 2 + (2 * y - height) ** 2 < 500
    return Image.fromarray(np.where(disc[..., None], 255 - channels, channels).astype(np.uint8))


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def pillow_files():
    """Files that Pillow can write: name → bytes."""
    rgb, small = photo(), photo(13, 9)
    alpha = Image.fromarray(scene(45, 34)[..., 2])
    rgba, grey = rgb.copy(), rgb.convert("L")
    rgba.putalpha(alpha)
    palette = rgb.quantize(40)
    grey16 = Image.fromarray(np.arange(45 * 34, dtype=np.uint16).reshape(34, 45) * 43 % 700)
    cmyk = Image.merge("CMYK", [*rgb.split(), Image.fromarray(scene(45, 34)[..., 0] // 2)])
    frames = {"save_all": True, "append_images": [rgb.rotate(180)], "duration": 50}
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'

    files = {
        "rgb.png": saved(rgb, "PNG"),
        "rgba.png": saved(rgba, "PNG"),
        "grey.png": saved(grey, "PNG"),
        "grey-alpha.png": saved(rgba.convert("LA"), "PNG"),
        "black-white.png": saved(rgb.convert("1"), "PNG"),
        "palette.png": saved(palette, "PNG"),
        "palette-4-bits.png": saved(rgb.quantize(13), "PNG", bits=4),
        "palette-transparent.png": saved(palette, "PNG", transparency=bytes(range(0, 200, 5))),
        "grey-16-bits.png": saved(grey16, "PNG"),
        "exif-6.png": saved(small, "PNG", exif=exif(6)),
        "444.jpg": saved(rgb, "JPEG", quality=90, subsampling=0),
        "422.jpg": saved(rgb, "JPEG", quality=90, subsampling=1),
        "420.jpg": saved(rgb, "JPEG", quality=90, subsampling=2),
        "420-quality-40.jpg": saved(rgb, "JPEG", quality=40, subsampling=2),
        "progressive.jpg": saved(rgb, "JPEG", quality=85, progressive=True),
        "grey.jpg": saved(grey, "JPEG", quality=85),
        "cmyk.jpg": saved(cmyk, "JPEG", quality=90),
        "ycck.jpg": as_ycck(saved(cmyk, "JPEG", quality=90)),
        "restarts.jpg": saved(rgb, "JPEG", quality=85, restart_marker_blocks=2),
        "1x1.jpg": saved(rgb.crop((9, 9, 10, 10)), "JPEG"),
        "17x9.jpg": saved(rgb.crop((3, 4, 20, 13)), "JPEG", quality=90),
        "9x17.jpg": saved(rgb.crop((3, 4, 12, 21)), "JPEG", quality=90),
        "xmp-6.jpg": saved(small, "JPEG", quality=95, subsampling=0, xmp=xmp),
        "lossless.webp": saved(rgb, "WEBP", lossless=True),
        "lossless-alpha.webp": saved(rgba, "WEBP", lossless=True, exact=True),
        "lossy.webp": saved(rgb, "WEBP", quality=80),
        "lossy-alpha.webp": saved(rgba, "WEBP", quality=80, exact=True),
        "animated.webp": saved(rgb, "WEBP", lossless=True, **frames),
        "exif-8.webp": saved(small, "WEBP", lossless=True, exif=b"Exif\0\0" + exif(8).tobytes()[6:]),
        "palette.gif": saved(palette, "GIF"),
        "animated.gif": saved(palette, "GIF", **frames),
        "rgb.bmp": saved(rgb, "BMP"),
        "palette.bmp": saved(palette, "BMP"),
        "grey.bmp": saved(grey, "BMP"),
        "black-white.bmp": saved(rgb.convert("1"), "BMP"),
        "rgba.bmp": saved(rgba, "BMP"),
        "rgb.tiff": saved(rgb, "TIFF"),
        "lzw.tiff": saved(rgb, "TIFF", compression="tiff_lzw"),
        "deflate.tiff": saved(rgb, "TIFF", compression="tiff_adobe_deflate"),
        "packbits.tiff": saved(rgb, "TIFF", compression="packbits"),
        "grey.tiff": saved(grey, "TIFF"),
        "grey-16-bits.tiff": saved(grey16, "TIFF"),
        "rgba.tiff": saved(rgba, "TIFF"),
        "black-white.tiff": saved(rgb.convert("1"), "TIFF"),
        "cmyk.tiff": saved(cmyk, "TIFF"),
        "orientation-5.tiff": saved(small, "TIFF", tiffinfo={274: 5}),
        "rgb.ppm": saved(rgb, "PPM"),
        "grey.pgm": saved(grey, "PPM"),
        "black-white.pbm": saved(rgb.convert("1"), "PPM"),
        "grey-16-bits.pgm": saved(grey16.convert("I"), "PPM"),
    }
    files["exif-6-at-the-end.png"] = with_exif_at_the_end(files["exif-6.png"])
    for orientation in range(1, 9):
        name = f"exif-{orientation}.jpg"
        files[name] = saved(small, "JPEG", quality=95, subsampling=0, exif=exif(orientation))
    return files


def with_exif_at_the_end(content):
    start = content.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4], "big")
    return content[:start] + content[end:-12] + content[start:end] + content[-12:]


def as_ycck(cmyk_jpeg):
    """Says in the Adobe marker that the four components are YCCK; the colours become odd, the file is valid."""
    at = cmyk_jpeg.index(b"Adobe") + 11
    return cmyk_jpeg[:at] + b"\x02" + cmyk_jpeg[at + 1 :]


def decoded(content):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    image.info.clear()  # or it would be written into the expected PNG
    return image


# name → (width, height, preprocessor_config.json, side); the test has the same list.
RESIZES = {
    "1x1": (1, 1, {}, 64),
    "1x5000": (1, 5000, {}, 224),
    "5000x1": (5000, 1, {}, 64),
    "2x3": (2, 3, {}, 64),
    "223x224": (223, 224, {}, 224),
    "225x223": (225, 223, {}, 224),
    "64x64": (64, 64, {}, 64),
    "66x63": (66, 63, {}, 64),
    "67x64": (67, 64, {}, 64),
    "64x67": (64, 67, {}, 64),
    "640x480": (640, 480, {}, 224),
    "333x500": (333, 500, {}, 63),
    "4000x3000": (4000, 3000, {}, 224),
    "3000x4000": (3000, 4000, {}, 96),
    "squash": (500, 333, {"size": {"height": 64, "width": 64}, "do_center_crop": False}, 64),
    "rectangle": (97, 230, {"size": {"height": 64, "width": 32}, "do_center_crop": False}, 64),
    "rectangle-cut": (97, 230, {"size": 64, "crop_size": {"height": 64, "width": 31}}, 64),
    "tall": (61, 400, {"size": {"shortest_edge": 40}, "crop_size": 40}, 40),
    "tall-up": (20, 200, {"size": {"height": 90, "width": 64}, "do_center_crop": False}, 64),
    "larger": (300, 201, {"size": 77, "crop_size": {"height": 64, "width": 64}}, 64),
    "smaller": (61, 80, {"size": {"shortest_edge": 47}, "crop_size": 64}, 64),
    "unresized": (71, 40, {"do_resize": False, "crop_size": 64}, 64),
    "bilinear": (200, 301, {"resample": 2}, 64),
    "bilinear-up": (20, 31, {"resample": 2}, 64),
    "lanczos": (200, 301, {"resample": 1}, 64),
    "lanczos-up": (20, 31, {"resample": 1}, 64),
    "box": (200, 301, {"resample": 4}, 64),
}


def processor(config, side):
    settings = {"size": {"shortest_edge": side}, "crop_size": side} | config
    return CLIPImageProcessorPil(**settings)


def resized(width, height, config, side):
    raw = processor(config | {"do_rescale": False, "do_normalize": False}, side)
    pixels = raw(Image.fromarray(scene(width, height)), return_tensors="np")["pixel_values"][0]
    return Image.fromarray(pixels.transpose(1, 2, 0))


def openai(side):
    """The transform of openai/CLIP@d05afc4 clip/clip.py."""
    steps = [Resize(side, interpolation=InterpolationMode.BICUBIC), CenterCrop(side), ToTensor()]
    return Compose(steps + [Normalize(CLIP_MEAN, CLIP_STD)])


def pixel_values():
    """name → [3, 32, 32] for scene(67, 32): 35 columns are cut away, where the two crops differ."""
    image = Image.fromarray(scene(67, 32))
    half = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    configs = {
        "transformers": {},
        "half": half,
        "unscaled": {"do_rescale": False},
        "unnormalized": {"do_normalize": False, "rescale_factor": 0.01},
    }
    values = {
        name: processor(config, 32)(image, return_tensors="np")["pixel_values"][0]
        for name, config in configs.items()
    }
    return values | {"openai": openai(32)(image).numpy()}


def broken_files(files):
    jpeg, png = files["420.jpg"], files["rgb.png"]
    return {
        "page.html": b"<!DOCTYPE html><title>404</title>",
        "half.jpg": jpeg[: len(jpeg) // 2],
        "half-progressive.jpg": files["progressive.jpg"][: len(files["progressive.jpg"]) // 2],
        "half.png": png[: len(png) // 2],
        "flipped-bit.png": png[:400] + bytes([png[400] ^ 1]) + png[401:],
    }


def write(folder, files):
    shutil.rmtree(FIXTURES / folder, ignore_errors=True)
    (FIXTURES / folder).mkdir(parents=True)
    for name, content in files.items():
        (FIXTURES / folder / name).write_bytes(content)


def main():
    files = pillow_files() | handmade_files(photo())
    expected = {f"{name}.png": saved(decoded(content), "PNG", optimize=True) for name, content in files.items()}
    write("decode", files | expected)
    images = {f"{name}.png": resized(*case) for name, case in RESIZES.items()}
    write("resize", {name: saved(image, "PNG", optimize=True) for name, image in images.items()})
    write("pixel_values", {f"{n}.f32": v.astype("<f4").tobytes() for n, v in pixel_values().items()})
    write("broken", broken_files(files))
    modules = (np, PIL, transformers, torchvision)
    versions = {module.__name__: module.__version__ for module in modules}
    versions |= {"python": platform.python_version(), "libwebp": features.version("webp")}
    versions |= {"libjpeg-turbo": features.version("libjpeg_turbo"), "libtiff": features.version("libtiff")}
    (FIXTURES / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")


if __name__ == "__main__":
    main()
