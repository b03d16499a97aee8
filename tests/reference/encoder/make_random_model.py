#!/usr/bin/env python3
"""Make a CLIP image tower with random weights, as a model repository holds it.

    python tests/reference/encoder/make_random_model.py FOLDER                    # ViT-B/32, 88 M parameters, 351 MB
    python tests/reference/encoder/make_random_model.py FOLDER --patch-size 16    # ViT-B/16
    python tests/reference/encoder/make_random_model.py FOLDER --hidden-size 256 --layers 10 --heads 4 --patch-size 16

The weights are those that transformers starts training from (seeded); the files load in the page.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection


def main():
    parser = argparse.ArgumentParser(description="Make a CLIP image tower with random weights.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hidden-size", type=int, default=768)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--patch-size", type=int, default=32)
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--projection-dim", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    config = {
        "hidden_size": args.hidden_size,
        "intermediate_size": 4 * args.hidden_size,
        "num_hidden_layers": args.layers,
        "num_attention_heads": args.heads,
        "patch_size": args.patch_size,
        "image_size": args.image_size,
        "projection_dim": args.projection_dim,
        "hidden_act": "quick_gelu",
    }
    torch.manual_seed(args.seed)
    model = CLIPVisionModelWithProjection(CLIPVisionConfig(**config))
    args.folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, args.folder / "model.safetensors", metadata={"format": "pt"})
    (args.folder / "config.json").write_text(json.dumps({"model_type": "clip_vision_model", **config}, indent=2) + "\n")
    print(f"{args.folder}: {sum(p.numel() for p in model.parameters()):,} parameters")


if __name__ == "__main__":
    main()
