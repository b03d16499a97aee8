#!/usr/bin/env python3
"""Make CLIP image towers of odd shapes with outlier channels, and images to try them with.

    python tests/reference/encoder/make_outlier_towers.py FOLDER            # 4 shapes x 7 kinds
    python tests/reference/encoder/make_outlier_towers.py FOLDER --images   # only FOLDER/images
    python tests/reference/encoder/make_outlier_towers.py --fixture         # tests/fixtures/eight-bits

    FOLDER/SHAPE-KIND/model.safetensors   with config.json
    FOLDER/images/*.png                   noise, flat colours, gradients, stripes, shapes; tiny and long ones

Trained encoders have channels that are hundreds of times larger than the others: that is where arithmetic on 8-bit
weights goes wrong. The kinds put them where they occur: in the gains of norms, in columns and in rows of weights, in
the residual stream of a few tokens ("massive activations"), and in sharp attention.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

SHAPES = {
    "patch-14": dict(hidden_size=80, num_attention_heads=5, patch_size=14, image_size=112, num_hidden_layers=6, intermediate_size=320, projection_dim=72),
    "mlp-3.5": dict(hidden_size=96, num_attention_heads=6, patch_size=16, image_size=112, num_hidden_layers=8, intermediate_size=336, projection_dim=64),
    "deep": dict(hidden_size=48, num_attention_heads=3, patch_size=16, image_size=96, num_hidden_layers=24, intermediate_size=192, projection_dim=40),
    "vit-b-32": dict(hidden_size=768, num_attention_heads=12, patch_size=32, image_size=224, num_hidden_layers=12, intermediate_size=3072, projection_dim=512),
}
NORMS = ["layer_norm1", "layer_norm2"]
BEHIND = {"layer_norm1": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], "layer_norm2": ["mlp.fc1"]}
COUNT = 4


def tower(shape, random):
    """Weights of such a scale that embeddings differ between images."""
    width, hidden, patch = shape["hidden_size"], shape["intermediate_size"], shape["patch_size"]
    tokens = (shape["image_size"] // patch) ** 2 + 1
    weights = {}

    def linear(name, outputs, inputs, bias=True):
        weights[f"{name}.weight"] = random.normal(0, inputs**-0.5, (outputs, inputs))
        if bias:
            weights[f"{name}.bias"] = random.normal(0, 0.1, outputs)

    def norm(name):
        weights[f"{name}.weight"] = 1 + random.normal(0, 0.1, width)
        weights[f"{name}.bias"] = random.normal(0, 0.1, width)

    start = "vision_model.embeddings"
    weights[f"{start}.class_embedding"] = random.normal(0, 0.1, width)
    weights[f"{start}.position_embedding.weight"] = random.normal(0, 0.1, (tokens, width))
    weights[f"{start}.patch_embedding.weight"] = random.normal(0, (3 * patch * patch) ** -0.5, (width, 3, patch, patch))
    norm("vision_model.pre_layrnorm")
    norm("vision_model.post_layernorm")
    linear("visual_projection", shape["projection_dim"], width, bias=False)
    for layer in range(shape["num_hidden_layers"]):
        block = f"vision_model.encoder.layers.{layer}"
        for name in NORMS:
            norm(f"{block}.{name}")
        for name in ["q_proj", "k_proj", "v_proj", "out_proj"]:
            linear(f"{block}.self_attn.{name}", width, width)
        linear(f"{block}.mlp.fc1", hidden, width)
        linear(f"{block}.mlp.fc2", width, hidden)
    return weights


def blocks(shape):
    return [f"vision_model.encoder.layers.{layer}" for layer in range(shape["num_hidden_layers"])]


def plain(weights, shape, random):
    """No outliers."""


def gains(weights, shape, random):
    """A few channels that norms make 20 times as large."""
    channels = random.choice(shape["hidden_size"], COUNT, replace=False)
    for block in blocks(shape):
        for norm in NORMS:
            weights[f"{block}.{norm}.weight"][channels] *= 20


def columns(weights, shape, random):
    """Weights of a few inputs of each layer that are 30 times as large."""
    for block in blocks(shape):
        for name in ["self_attn.q_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"]:
            matrix = weights[f"{block}.{name}.weight"]
            matrix[:, random.choice(matrix.shape[1], COUNT, replace=False)] *= 30


def massive(weights, shape, random):
    """A few channels of the residual stream grow to hundreds in the middle, as in trained encoders, in some tokens."""
    channels = random.choice(shape["hidden_size"], COUNT, replace=False)
    units = random.choice(shape["intermediate_size"], COUNT, replace=False)
    block = blocks(shape)[1]
    weights[f"{block}.mlp.fc1.weight"][units] *= 8
    weights[f"{block}.mlp.fc2.weight"][channels[:, None], units[None, :]] *= 60
    for block in blocks(shape)[2:]:
        for norm in NORMS:
            weights[f"{block}.{norm}.weight"][channels] *= 0.2


def scattered(weights, shape, random):
    """Single weights 30 times as large as the others, one in a few outputs: they take the 8 bits of their row."""
    for block in blocks(shape):
        for name in ["self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"]:
            matrix = weights[f"{block}.{name}.weight"]
            rows = random.choice(matrix.shape[0], matrix.shape[0] // 4, replace=False)
            matrix[rows, random.integers(0, matrix.shape[1], len(rows))] *= 30


def dead(weights, shape, random):
    """A massive channel that is constant, and carries nothing of the image; what matters is hundreds of times smaller."""
    channels = random.choice(shape["hidden_size"], COUNT, replace=False)
    weights["vision_model.pre_layrnorm.bias"][channels] = 60 * np.sign(random.normal(0, 1, COUNT))
    for block in blocks(shape):
        for norm in NORMS:
            weights[f"{block}.{norm}.weight"] *= 8
    weights["vision_model.post_layernorm.weight"][channels] *= 0.1


def rare(weights, shape, random, strength=8):
    """Hidden units that few images wake, and that then move a few channels far."""
    block = blocks(shape)[shape["num_hidden_layers"] // 2]
    channels = random.choice(shape["hidden_size"], 3, replace=False)
    units = random.choice(shape["intermediate_size"], 3, replace=False)
    weights[f"{block}.mlp.fc1.weight"][units] *= strength
    weights[f"{block}.mlp.fc1.bias"][units] -= strength
    weights[f"{block}.mlp.fc2.weight"][channels[:, None], units[None, :]] *= 10 * strength


KINDS = [plain, gains, columns, massive, scattered, dead, rare]


def save(folder, name, shape, weights, dtype=np.float32):
    config = {"model_type": "clip_vision_model", "hidden_act": "quick_gelu", **shape}
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: np.ascontiguousarray(value, dtype) for key, value in weights.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def images(random):
    """(name, picture): those that are unlike any photograph among them."""
    def noise(width, height, levels=256):
        return random.integers(0, levels, (height, width, 3)).astype(np.uint8)

    def flat(colour, size=(200, 150)):
        return np.broadcast_to(np.array(colour, np.uint8), (size[1], size[0], 3))

    for at in range(10):
        yield f"noise-{at}", noise(40 + 37 * at, 300 - 20 * at, 256 if at % 2 else 40)
    for at, colour in enumerate([(0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255), (250, 240, 230), (3, 3, 3)]):
        yield f"flat-{at}", flat(colour)
    for at in range(12):
        y, x = np.mgrid[0:160 + 5 * at, 0:220 - 6 * at] / 200
        angle = at * np.pi / 6
        ramp = np.clip(np.cos(angle) * x + np.sin(angle) * y, -1, 1)
        yield f"gradient-{at}", (127 + 127 * np.stack([ramp, -ramp, ramp**2], -1)).astype(np.uint8)
    for at in range(12):
        y, x = np.mgrid[0:240, 0:240]
        wave = np.sin(x / (1 + at)) if at % 2 else np.sign(np.sin(y / (1 + at)))
        yield f"stripes-{at}", (127 + 120 * np.stack([wave, wave * (at % 3 > 0), -wave], -1)).astype(np.uint8)
    for at in range(30):
        yield f"shapes-{at}", shapes(random)
    for at, (width, height) in enumerate([(1, 1), (2, 3), (7, 5), (13, 16), (600, 12), (9, 500), (33, 32), (500, 40)]):
        yield f"size-{at}", noise(width, height)
        yield f"smooth-{at}", shapes(random, width, height)


def shapes(random, width=320, height=240):
    """A picture with smooth colours, sharp shapes and a camera's noise."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    image = np.stack([0.5 + 0.3 * np.sin(a * x + b * y + a) for a, b in random.uniform(1, 20, (3, 2))], -1)
    for _ in range(8):
        (cx, cy), radius = random.uniform(0, 1, 2), random.uniform(0.03, 0.3)
        image[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] = random.uniform(0, 1, 3)
    image += random.normal(0, 0.02, image.shape)
    return (image.clip(0, 1) * 255).round().astype(np.uint8)


FIXTURE = Path(__file__).parents[2] / "fixtures/eight-bits"
FIXTURE_SHAPE = dict(hidden_size=40, num_attention_heads=2, patch_size=8, image_size=32, num_hidden_layers=3, intermediate_size=100, projection_dim=32)


def make_fixture():
    """A tower whose two known images agree in 8 bits and F32, and of whose other images some do not: cosines below 0.97."""
    random = np.random.default_rng([8, 40])
    weights = tower(FIXTURE_SHAPE, random)
    rare(weights, FIXTURE_SHAPE, random, 20)
    save(FIXTURE.parent, FIXTURE.name, FIXTURE_SHAPE, weights, np.float16)
    (FIXTURE / "query").mkdir(exist_ok=True)
    random = np.random.default_rng(3)
    for index in range(36):
        Image.fromarray(shapes(random, 32, 32)).save(FIXTURE / "query" / f"{index:02}.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--images", action="store_true", help="no towers")
    parser.add_argument("--fixture", action="store_true", help="only what the tests use")
    args = parser.parse_args()
    if args.fixture:
        return make_fixture()
    if not args.folder:
        parser.error("a folder is needed")
    (args.folder / "images").mkdir(parents=True, exist_ok=True)
    for name, pixels in images(np.random.default_rng(5)):
        Image.fromarray(np.ascontiguousarray(pixels)).save(args.folder / "images" / f"{name}.png")
    if args.images:
        return
    for shape_name, shape in SHAPES.items():
        for index, kind in enumerate(KINDS):
            random = np.random.default_rng([index, shape["hidden_size"]])
            weights = tower(shape, random)
            kind(weights, shape, random)
            save(args.folder, f"{shape_name}-{kind.__name__}", shape, weights)


if __name__ == "__main__":
    main()
