#!/usr/bin/env python3
"""Make tests/fixtures/clip: tiny CLIP image towers and the embeddings that transformers gives for them.

    pip install -r tests/reference/requirements.txt
    python tests/reference/encoder/make_clip_fixtures.py

Each folder holds what a model repository holds (config.json, model.safetensors) and expected.safetensors:
`embeddings` [2, D], unit rows, F32; flipped.safetensors holds those with flip augmentation, as CLIP-HandID adds up what
the encoder gives for an image and for its mirror image. The two input images are not stored: pixel i of the batch is
((i * 2654435761) mod 2^32) / 2^30 - 2, which the Rust test computes as well.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, CLIPVisionConfig, CLIPVisionModelWithProjection

FIXTURES = Path(__file__).parents[2] / "fixtures" / "clip"

# name: (dtype of the file, whole CLIP model or lone tower, config.json as a person would write it)
TOWERS = {
    "quick-gelu": (torch.float32, False, dict(
        hidden_size=64, intermediate_size=160, num_hidden_layers=3, num_attention_heads=4,
        patch_size=8, image_size=32, projection_dim=48, hidden_act="quick_gelu")),
    "gelu": (torch.float16, False, dict(
        hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2,
        patch_size=16, image_size=48, projection_dim=64, hidden_act="gelu")),
    "odd-size": (torch.bfloat16, False, dict(
        hidden_size=40, intermediate_size=72, num_hidden_layers=4, num_attention_heads=5,
        patch_size=7, image_size=37, projection_dim=17, layer_norm_eps=1e-3)),
    "defaults": (torch.float16, False, dict(
        hidden_size=24, intermediate_size=56, num_hidden_layers=1)),
    "one-head": (torch.float32, False, dict(
        hidden_size=32, intermediate_size=33, num_hidden_layers=2, num_attention_heads=1,
        patch_size=5, image_size=5, projection_dim=3)),
    "whole-model": (torch.float32, True, dict(
        projection_dim=20,
        text_config=dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1,
                         num_attention_heads=1, vocab_size=16, max_position_embeddings=4),
        vision_config=dict(hidden_size=36, intermediate_size=64, num_hidden_layers=2,
                           num_attention_heads=3, patch_size=6, image_size=24))),
}

# Those with flip augmentation as well.
FLIPPED = ["quick-gelu", "odd-size"]


def perturb(model: torch.nn.Module) -> None:
    """Make every weight matter: a fresh model has zero biases and unit norms, and looks everywhere alike."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "norm" in name or "layrnorm" in name:
                weight += 0.2 * torch.randn_like(weight)
            elif name.endswith("bias"):
                weight += 0.1 * torch.randn_like(weight)
            elif "encoder.layers" in name:
                weight.copy_(torch.randn_like(weight) * 1.5 * weight.shape[-1] ** -0.5)


def pixels(height: int, width: int | None = None) -> torch.Tensor:
    width = width or height
    index = np.arange(2 * 3 * height * width, dtype=np.uint64)
    values = (index * 2654435761 % 2**32) / 2**30 - 2
    return torch.from_numpy(values.astype(np.float32)).reshape(2, 3, height, width)


def make(name: str, seed: int) -> None:
    dtype, whole, keys = TOWERS[name]
    torch.manual_seed(seed)
    if whole:
        model = CLIPModel(CLIPConfig(**keys))
        config = {"model_type": "clip", **keys}
        size = model.config.vision_config.image_size
    else:
        model = CLIPVisionModelWithProjection(CLIPVisionConfig(**keys))
        config = {"model_type": "clip_vision_model", **keys}
        size = model.config.image_size
    perturb(model)
    model = model.to(dtype).eval()

    folder = FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    weights = {key: value.contiguous() for key, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    # config.json leaves out what is transformers' default, so the reference is what transformers reads back.
    tower = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32) if not whole else None
    with torch.no_grad():
        model = model.float()
        images = pixels(size)
        if tower is not None:
            encode = lambda images: tower.eval()(pixel_values=images).image_embeds
        else:
            encode = lambda images: model.visual_projection(model.vision_model(pixel_values=images).pooler_output)
        embeddings = encode(images)
        flipped = embeddings + encode(images.flip(-1))
    embeddings, flipped = (torch.nn.functional.normalize(rows, dim=-1) for rows in (embeddings, flipped))
    save_file({"embeddings": embeddings.contiguous()}, folder / "expected.safetensors")
    if name in FLIPPED:
        save_file({"embeddings": flipped.contiguous()}, folder / "flipped.safetensors")
    print(f"{name}: cosine of the two images {float(embeddings[0] @ embeddings[1]):.3f}")


if __name__ == "__main__":
    for seed, name in enumerate(TOWERS):
        make(name, seed)
