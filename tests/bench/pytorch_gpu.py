#!/usr/bin/env python3
"""How fast PyTorch encodes on a CUDA GPU, beside `reid-web bench --device webgpu` on the same one.

    python tests/bench/pytorch_gpu.py MODEL_FOLDER [OURS.json]

MODEL_FOLDER: config.json and model.safetensors, as tests/reference/encoder/make_bench_models.py makes them; OURS.json: what
`reid-web bench --device webgpu --model MODEL_FOLDER --out OURS.json` wrote. Eager mode, F32 without TF32 and F16; as
there, from pixels in host memory to embeddings in host memory, the median of some runs. The roof is that of PyTorch's
products of 8192 × 8192 matrices.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch
from transformers import CLIPVisionModelWithProjection

BATCHES = [1, 2, 4, 8, 16, 32, 64]
RUNS = 5
LEAST_SECONDS = 0.4


def median_seconds(work):
    work()
    seconds, start = [], time.perf_counter()
    while len(seconds) < RUNS or time.perf_counter() - start < LEAST_SECONDS:
        before = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - before)
    return statistics.median(seconds)


def roof(dtype):
    """Operations a second."""
    side = 8192
    a, b = (torch.randn(side, side, device="cuda", dtype=dtype) for _ in range(2))

    def product():
        torch.mm(a, b)
        torch.cuda.synchronize()

    return 2 * side**3 / median_seconds(product)


def operations(config):
    """Those of the matrix products for one image, as tests/bench/flops.js counts them."""
    width, mlp, patch = config.hidden_size, config.intermediate_size, config.patch_size
    patches = (config.image_size // patch) ** 2
    tokens = patches + 1
    linear = tokens * (4 * width * width + 2 * width * mlp)
    attention = 2 * tokens * tokens * width
    return 2 * (patches * 3 * patch * patch * width + config.num_hidden_layers * (linear + attention)
                + width * config.projection_dim)


def main():
    parser = argparse.ArgumentParser(description="Measure PyTorch on a GPU.")
    parser.add_argument("model", type=Path)
    parser.add_argument("ours", type=Path, nargs="?")
    args = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    tower = CLIPVisionModelWithProjection.from_pretrained(args.model).eval().cuda()
    config, side = tower.config, tower.config.image_size
    roofs = {dtype: roof(dtype) for dtype in (torch.float32, torch.float16)}
    print(f"{args.model.name} on {torch.cuda.get_device_name()}, PyTorch {torch.__version__}; roof "
          + ", ".join(f"{dtype} {value / 1e12:.0f} TFLOP/s" for dtype, value in roofs.items()))
    times = {}
    for dtype in roofs:
        tower.to(dtype)
        for batch in BATCHES:
            pixels = torch.randn(batch, 3, side, side)

            def embed():
                with torch.inference_mode():
                    embeddings = tower(pixel_values=pixels.cuda().to(dtype)).image_embeds.float()
                    return torch.nn.functional.normalize(embeddings).cpu()

            times[f"{dtype}", batch] = 1e3 * median_seconds(embed) / batch
    if args.ours:
        for row in json.loads(args.ours.read_text())["measured"]:
            times[row["kernel"], row["batch"]] = row["milliseconds"]
    names = list(dict.fromkeys(name for name, _ in times))
    print("ms an image" + "".join(f"{name:>16}" for name in names))
    for batch in BATCHES:
        print(f"batch {batch:<5}" + "".join(f"{times.get((name, batch), float('nan')):>16.3f}" for name in names))
    for name in names:
        fastest = min(value for (one, _), value in times.items() if one == name)
        speed = operations(config) / fastest * 1e3
        of = torch.float16 if "16" in name else torch.float32
        print(f"{name}: {speed / 1e12:.2f} TFLOP/s, {speed / roofs[of]:.2f} of the {of} roof")


if __name__ == "__main__":
    main()
