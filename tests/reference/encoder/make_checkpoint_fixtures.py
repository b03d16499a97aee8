#!/usr/bin/env python3
"""Make tests/fixtures/checkpoints: tiny CLIP image towers of the kinds that CLIP's own code does not have.

    pip install -r tests/reference/requirements.txt
    python tests/reference/encoder/make_clip_fixtures.py
    python tests/reference/encoder/make_checkpoint_fixtures.py

`reid-overlap` and `reid-square` are CLIP-ReID checkpoints with overlapping patches, batch norms and embeddings of
cameras; their embeddings are computed here by that project's formulas, written down from
Syliz517/CLIP-ReID@eb1898b `model/clip/model.py` and `model/make_model_clipreid.py`, and not by its code.
`mean-of-norms` and `norm-of-mean` are OpenCLIP's with its other pooling, `pooled` is transformers' CLIPVisionModel,
which has no projection. `shards` and `torch-shards` hold the tower clip/one-head in several files.
The input images are those of make_clip_fixtures.py.
"""

import json
import shutil
from pathlib import Path

import open_clip
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, CLIPVisionModel, CLIPVisionModelWithProjection

from make_clip_fixtures import FIXTURES as CLIP, perturb, pixels
from make_layout_fixtures import TEXT, model

FIXTURES = CLIP.parent / "checkpoints"
CAMERAS = 6
# Of the two input images, as CLIP-ReID counts them: from 0.
SEEN_BY = [4, 1]


def folder(name: str) -> Path:
    path = FIXTURES / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def save(path: Path, name: str, embeddings: torch.Tensor) -> None:
    embeddings = F.normalize(embeddings).contiguous()
    save_file({"embeddings": embeddings}, path / f"{name}.safetensors")
    print(f"{path.name} {name}: cosine of the two images {float(embeddings[0] @ embeddings[1]):.3f}")


def reid_state(seed: int, places: int, width: int, layers: int, patch: int, embed_dim: int) -> dict[str, torch.Tensor]:
    """Random weights under CLIP-ReID's names, exact in half precision."""
    torch.manual_seed(seed)
    random = lambda *shape, scale=1.0, mean=0.0: (mean + torch.randn(*shape) * scale).half().float()
    norm = lambda name: {f"{name}.weight": random(width, scale=0.2, mean=1.0), f"{name}.bias": random(width, scale=0.2)}
    state = {"class_embedding": random(width), "conv1.weight": random(width, 3, patch, patch, scale=0.1),
             "positional_embedding": random(places + 1, width), "proj": random(width, embed_dim, scale=width ** -0.5)}
    state |= norm("ln_pre") | norm("ln_post")
    for layer in range(layers):
        at = f"transformer.resblocks.{layer}"
        for name, out, inputs in [("attn.in_proj_", 3 * width, width), ("attn.out_proj.", width, width),
                                  ("mlp.c_fc.", 4 * width, width), ("mlp.c_proj.", width, 4 * width)]:
            state[f"{at}.{name}weight"] = random(out, inputs, scale=1.5 * inputs ** -0.5)
            state[f"{at}.{name}bias"] = random(out, scale=0.1)
        state |= norm(f"{at}.ln_1") | norm(f"{at}.ln_2")
    state = {f"image_encoder.{name}": value for name, value in state.items()}
    for name, length in [("bottleneck", width), ("bottleneck_proj", embed_dim)]:
        state |= {f"{name}.weight": 0.5 + torch.rand(length), f"{name}.bias": random(length, scale=0.3),
                  f"{name}.running_mean": random(length, scale=0.3), f"{name}.running_var": 0.5 + torch.rand(length),
                  f"{name}.num_batches_tracked": torch.tensor(7)}
    state["cv_embed"] = random(CAMERAS, width)
    state["classifier.weight"] = torch.zeros(5, width)
    return state


def reid_features(state: dict[str, torch.Tensor], images: torch.Tensor, stride: int, heads: int,
                  coefficient: float | None) -> tuple[torch.Tensor, torch.Tensor]:
    """The class token after its layer norm, and its projection; with the cameras' embeddings if `coefficient` is given."""
    weight = lambda name: state[f"image_encoder.{name}"]
    width = weight("class_embedding").shape[0]
    norm = lambda x, name: F.layer_norm(x, (width,), weight(f"{name}.weight"), weight(f"{name}.bias"))
    patches = F.conv2d(images, weight("conv1.weight"), stride=stride).flatten(2).transpose(1, 2)
    x = torch.cat([weight("class_embedding").expand(len(images), 1, width), patches], 1)
    if coefficient is not None:
        x[:, 0] += coefficient * state["cv_embed"][SEEN_BY]
    x = norm(x + weight("positional_embedding"), "ln_pre")
    for layer in range(sum(name.endswith("ln_1.weight") for name in state)):
        at = f"transformer.resblocks.{layer}"
        linear = lambda x, name: F.linear(x, weight(f"{at}.{name}weight"), weight(f"{at}.{name}bias"))
        qkv = linear(norm(x, f"{at}.ln_1"), "attn.in_proj_")
        query, key, value = (part.unflatten(2, (heads, -1)).transpose(1, 2) for part in qkv.chunk(3, 2))
        attention = (query @ key.transpose(2, 3) * (width // heads) ** -0.5).softmax(3)
        x = x + linear((attention @ value).transpose(1, 2).flatten(2), "attn.out_proj.")
        hidden = linear(norm(x, f"{at}.ln_2"), "mlp.c_fc.")
        x = x + linear(hidden * torch.sigmoid(1.702 * hidden), "mlp.c_proj.")
    feature = norm(x, "ln_post")[:, 0]
    return feature, feature @ weight("proj")


def reid(name: str, seed: int, size: tuple[int, int], grid: tuple[int, int]) -> None:
    """Patches of 8 pixels every 6: the same grids as CLIP-ReID's 16 every 12 for 256 × 128 and 256 × 256."""
    width, heads, patch, stride = 64, 1, 8, 6
    assert grid == tuple((side - patch) // stride + 1 for side in size)
    state = reid_state(seed, grid[0] * grid[1], width, 2, patch, 24)
    path = folder(name)
    stored = {key: value.half() if key.startswith("image_encoder") else value for key, value in state.items()}
    assert all(torch.equal(stored[key].float(), value.float()) for key, value in state.items()), "the file rounds"
    torch.save(stored, path / "model.pth")
    neck = lambda x, norm: F.batch_norm(x, state[f"{norm}.running_mean"], state[f"{norm}.running_var"],
                                        state[f"{norm}.weight"], state[f"{norm}.bias"])
    for case, coefficient in [("expected", None), ("used", 1.0), ("used-3", 3.0)]:
        feature, projection = reid_features(state, pixels(*size), stride, heads, coefficient)
        save(path, case, torch.cat([neck(feature, "bottleneck"), neck(projection, "bottleneck_proj")], 1))
        if name == "reid-overlap" and case == "used":
            # CLIP-ReID's own way to evaluate: before the batch norms. CLIP-HandID's flip: the features of both are added.
            save(path, "used-concatenated", torch.cat([feature, projection], 1))
            mirrored, other = reid_features(state, pixels(*size).flip(3), stride, heads, coefficient)
            save(path, "used-flipped", torch.cat([feature + mirrored, projection + other], 1))


def openclip(name: str, seed: int, **vision) -> None:
    vision = dict(image_size=24, layers=2, width=36, head_width=12, patch_size=6, mlp_ratio=2.0) | vision
    clip = model(seed, True, 20, **vision)
    path = folder(name)
    state = {key: value.contiguous() for key, value in clip.state_dict().items() if key.startswith("visual.")}
    save_file(state, path / "model.safetensors", metadata={"format": "pt"})
    # As OpenCLIP keeps its configurations: without the settings for the pixels.
    config = {"embed_dim": 20, "quick_gelu": True, "vision_cfg": vision, "text_cfg": TEXT}
    (path / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    with torch.no_grad():
        save(path, "expected", clip.encode_image(pixels(24)))


def pooled() -> None:
    torch.manual_seed(8)
    tower = CLIPVisionModel(CLIPVisionConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, patch_size=8, image_size=24)).eval()
    perturb(tower)
    path = folder("pooled")
    tower.save_pretrained(path)
    with torch.no_grad():
        save(path, "expected", tower(pixels(24)).pooler_output)


def shards() -> None:
    tower = CLIPVisionModelWithProjection.from_pretrained(CLIP / "one-head")
    path = folder("shards")
    tower.save_pretrained(path, max_shard_size="30KB")
    shutil.copy(CLIP / "one-head" / "config.json", path)
    parts = sorted(path.glob("*.safetensors"))
    assert len(parts) > 1, parts
    other = folder("torch-shards")
    index = json.loads((path / "model.safetensors.index.json").read_text())
    named = lambda name: name.replace("model-", "pytorch_model-").replace(".safetensors", ".bin")
    for part in parts:
        torch.save(load_file(part), other / named(part.name))
    index["weight_map"] = {tensor: named(part) for tensor, part in index["weight_map"].items()}
    (other / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
    shutil.copy(CLIP / "one-head" / "config.json", other)


if __name__ == "__main__":
    reid("reid-overlap", 11, (128, 64), (21, 10))
    reid("reid-square", 12, (128, 128), (21, 21))
    openclip("mean-of-norms", 6, pool_type="avg", norm_kwargs={"eps": 0.1})
    openclip("norm-of-mean", 7, pool_type="avg", final_ln_after_pool=True, no_ln_pre=True)
    pooled()
    shards()
