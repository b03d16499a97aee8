#!/usr/bin/env python3
"""Make what ./build.sh bench measures with: CLIP image towers as safetensors and as ONNX, and photos.

    pip install -r tests/reference/requirements-bench.txt
    python tests/reference/encoder/make_bench_models.py FOLDER [--only vit-b-32]

    FOLDER/photos/00.jpg … 63.jpg                  1600 × 1200, drawn from a seed
    FOLDER/models/NAME/model.safetensors           with config.json and preprocessor_config.json
    FOLDER/models/NAME/onnx/vision_model.onnx      F32
    FOLDER/models/NAME/onnx/vision_model_quantized.onnx  8-bit weights per channel, dynamic activations
    FOLDER/models/NAME/pixels.f32                  [8, 3, S, S] of the first photos, by transformers and Pillow
    FOLDER/models/NAME/embeddings.f32              [8, D] of these pixels, by transformers, not normalised

Weights are random, but of such a scale that embeddings differ between images and that no bias could be forgotten
unseen. What is there already is kept.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPVisionConfig, CLIPVisionModelWithProjection

BUNDLED = Path(__file__).parents[3] / "www/models/drawn-hands"
SHAPES = {
    "tinyclip-8m-16": dict(hidden_size=256, num_hidden_layers=10, num_attention_heads=4, patch_size=16),
    "vit-b-32": dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, patch_size=32),
    "vit-b-16": dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, patch_size=16),
}
PHOTOS = 64
REFERENCES = 8
WIDTH, HEIGHT = 1600, 1200


def photo(seed):
    """A picture with smooth colours, sharp shapes and a camera's noise."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    wave = random.uniform(1, 20, (3, 2))
    image = np.stack([0.5 + 0.3 * np.sin(a * x + b * y + a) for a, b in wave], axis=-1)
    for _ in range(10):
        (cx, cy), radius = random.uniform(0, 1, 2), random.uniform(0.03, 0.2)
        image[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] = random.uniform(0, 1, 3)
    image += random.normal(0, 0.02, image.shape)
    return Image.fromarray((image.clip(0, 1) * 255).round().astype(np.uint8))


def make_photos(folder):
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{index:02}.jpg" for index in range(PHOTOS)]
    for seed, path in enumerate(paths):
        if not path.exists():
            photo(seed).save(path, quality=90)
    return paths


def random_tower(shape):
    torch.manual_seed(0)
    config = CLIPVisionConfig(
        **shape,
        intermediate_size=4 * shape["hidden_size"],
        image_size=224,
        projection_dim=512,
        hidden_act="quick_gelu",
    )
    model = CLIPVisionModelWithProjection(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn_like(parameter)
            if "norm" in name or "layrnorm" in name:
                parameter.add_(0.1 * noise)
            elif "embedding" in name and "patch" not in name or parameter.dim() == 1:
                parameter.copy_(0.1 * noise)
            else:
                parameter.copy_(noise / parameter[0].numel() ** 0.5)
    return model


class Embeds(torch.nn.Module):
    """The tower with one output."""

    def __init__(self, tower):
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values):
        return self.tower(pixel_values=pixel_values).image_embeds


def export(tower, folder):
    folder.mkdir(exist_ok=True)
    path = folder / "vision_model.onnx"
    side = tower.config.image_size
    axes = {"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}}
    # The exporter that the models on the hub were made with.
    torch.onnx.export(Embeds(tower), (torch.randn(2, 3, side, side),), path, dynamo=False, opset_version=18,
                      input_names=["pixel_values"], output_names=["image_embeds"], dynamic_axes=axes)
    quantize_dynamic(path, folder / "vision_model_quantized.onnx", weight_type=QuantType.QInt8, per_channel=True,
                     op_types_to_quantize=["MatMul", "Gemm"])


def preprocessor(side):
    return CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})


def make_model(name, folder, photos):
    if (folder / "embeddings.f32").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if name == "drawn-hands":
        tower = CLIPVisionModelWithProjection.from_pretrained(BUNDLED, attn_implementation="eager")
    else:
        tower = random_tower(SHAPES[name])
        tower.set_attn_implementation("eager")
    tower = tower.float().eval()
    tower.save_pretrained(folder)
    if name == "drawn-hands":
        # The very file that the page comes with.
        shutil.copy(BUNDLED / "model.safetensors", folder / "model.safetensors")
    processor = preprocessor(tower.config.image_size)
    processor.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "clip_vision_model"}, indent=2))
    export(tower, folder / "onnx")
    images = [Image.open(path).convert("RGB") for path in photos[:REFERENCES]]
    pixels = processor(images, return_tensors="pt")["pixel_values"].float()
    with torch.no_grad():
        embeddings = tower(pixel_values=pixels).image_embeds
    pixels.numpy().astype("<f4").tofile(folder / "pixels.f32")
    embeddings.numpy().astype("<f4").tofile(folder / "embeddings.f32")
    print(f"{folder}: {sum(p.numel() for p in tower.parameters()):,} parameters")


def main():
    parser = argparse.ArgumentParser(description="Make the models and photos of the benchmark.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=["drawn-hands", *SHAPES])
    args = parser.parse_args()
    photos = make_photos(args.folder / "photos")
    for name in [args.only] if args.only else ["drawn-hands", *SHAPES]:
        make_model(name, args.folder / "models" / name, photos)


if __name__ == "__main__":
    main()
