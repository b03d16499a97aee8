#!/usr/bin/env python3
"""Make tests/fixtures/layouts: tiny CLIP image towers as OpenCLIP, OpenAI and CLIP-ReID publish them.

    pip install -r tests/reference/requirements.txt
    python tests/reference/encoder/make_clip_fixtures.py
    python tests/reference/encoder/make_layout_fixtures.py

Embeddings are those of open_clip's own code (QuickGELU makes it OpenAI's network); the input images are those of
make_clip_fixtures.py. `resnet` has batch norms with statistics, `resnet-reid` a last stage that keeps height and width,
as CLIP-ReID's have. `handid` has batch norms behind the encoder, `rectangle` is
for images twice as high as wide; `interpolated` holds transformers' embeddings for other sizes. `one-head` is the tower of that name in OpenAI's
layout, without a configuration.
"""

import json
import shutil
from pathlib import Path

import open_clip
import torch
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionModelWithProjection

from make_clip_fixtures import FIXTURES as CLIP, pixels

FIXTURES = CLIP.parent / "layouts"
TEXT = dict(context_length=4, vocab_size=16, width=8, heads=1, layers=1)


def model(seed: int, quick_gelu: bool, embed_dim: int, **vision) -> open_clip.CLIP:
    torch.manual_seed(seed)
    clip = open_clip.CLIP(embed_dim=embed_dim, vision_cfg=vision, text_cfg=TEXT, quick_gelu=quick_gelu).eval()
    with torch.no_grad():
        for name, weight in clip.named_parameters():
            if weight.ndim == 1:
                weight += 0.2 * torch.randn_like(weight)
            elif "resblocks" in name:
                weight.copy_(torch.randn_like(weight) * 1.5 * weight.shape[-1] ** -0.5)
    return clip


def folder(name: str) -> Path:
    path = FIXTURES / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def expect(path: Path, clip: open_clip.CLIP, *size: int) -> None:
    with torch.no_grad():
        embeddings = clip.encode_image(pixels(*size), normalize=True)
    save_file({"embeddings": embeddings.contiguous()}, path / "expected.safetensors")
    print(f"{path.name}: cosine of the two images {float(embeddings[0] @ embeddings[1]):.3f}")


def openclip() -> None:
    """As on the hub: the whole model and open_clip_config.json."""
    vision = dict(image_size=24, layers=2, width=36, head_width=12, patch_size=6, mlp_ratio=2.0)
    clip = model(1, False, 20, **vision)
    path = folder("openclip")
    save_file({key: value.contiguous() for key, value in clip.state_dict().items()}, path / "model.safetensors",
              metadata={"format": "pt"})
    cfg = {"model_cfg": {"embed_dim": 20, "vision_cfg": vision, "text_cfg": TEXT},
           "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}}
    (path / "config.json").write_text(json.dumps(cfg, indent=2) + "\n")
    expect(path, clip, 24)


def openai() -> None:
    """OpenAI's state dict in half precision by torch.save, and the same tower in a CLIP-ReID checkpoint."""
    clip = model(2, True, 32, image_size=48, layers=2, width=64, head_width=64, patch_size=16)
    clip.load_state_dict({key: value.half().float() for key, value in clip.state_dict().items()})
    state = {key: value.half() for key, value in clip.state_dict().items()}
    state |= {"input_resolution": torch.tensor(48), "context_length": torch.tensor(4), "vocab_size": torch.tensor(16)}
    path = folder("openai")
    torch.save(state, path / "model.pt")
    expect(path, clip, 48)

    path = folder("clip-reid")
    tower = {f"module.image_encoder.{key.removeprefix('visual.')}": value
             for key, value in state.items() if key.startswith("visual.")}
    heads = {"module.classifier.weight": torch.zeros(5, 64), "module.bottleneck.weight": torch.ones(64),
             "module.prompt_learner.cls_ctx": torch.zeros(5, 4, 8)}
    torch.save(tower | heads, path / "model.pth")
    expect(path, clip, 48)


def handid() -> None:
    """In a checkpoint of CLIP-HandID's: batch norms on the class token and on its projection, side by side."""
    clip = model(2, True, 32, image_size=48, layers=2, width=64, head_width=64, patch_size=16)
    clip.load_state_dict({key: value.half().float() for key, value in clip.state_dict().items()})
    norms = {"bottleneck": torch.nn.BatchNorm1d(64).eval(), "bottleneck_proj": torch.nn.BatchNorm1d(32).eval()}
    with torch.no_grad():
        for norm in norms.values():
            norm.running_var.uniform_(0.5, 1.5)
            norm.weight.uniform_(0.5, 1.5)
            norm.running_mean.normal_(std=0.3)
            norm.bias.normal_(std=0.3)
        projection = clip.visual.proj
        clip.visual.proj = None
        features = clip.visual(pixels(48))
        clip.visual.proj = projection
        projected = features @ projection
        neck = torch.cat([norms["bottleneck"](features), norms["bottleneck_proj"](projected)], 1)
        concatenated = torch.cat([features, projected], 1)
    path = folder("handid")
    state = {f"image_encoder.{key.removeprefix('visual.')}": value.half() if value.is_floating_point() else value
             for key, value in clip.state_dict().items() if key.startswith("visual.")}
    for name, norm in norms.items():
        state |= {f"{name}.{key}": value for key, value in norm.state_dict().items()}
    torch.save(state | {"classifier.weight": torch.zeros(5, 64)}, path / "model.pth")
    save_file({"embeddings": torch.nn.functional.normalize(neck).contiguous()}, path / "expected.safetensors")
    save_file({"embeddings": torch.nn.functional.normalize(concatenated).contiguous()}, path / "concatenated.safetensors")


def rectangle() -> None:
    """A CLIP-ReID checkpoint for persons: twice as high as wide."""
    clip = model(5, True, 24, image_size=[48, 24], layers=2, width=64, head_width=64, patch_size=8)
    clip.load_state_dict({key: value.half().float() for key, value in clip.state_dict().items()})
    path = folder("rectangle")
    torch.save({f"image_encoder.{key.removeprefix('visual.')}": value.half()
                for key, value in clip.state_dict().items() if key.startswith("visual.")}, path / "model.pth")
    expect(path, clip, 48, 24)


def interpolated() -> None:
    """Embeddings of towers in transformers' layout for other sizes than they were trained with."""
    path = folder("interpolated")
    for name, sizes in {"quick-gelu": [(64, 32), (48, 48), (24, 80)], "odd-size": [(60, 23)]}.items():
        tower = CLIPVisionModelWithProjection.from_pretrained(CLIP / name, attn_implementation="eager").float().eval()
        for size in sizes:
            with torch.no_grad():
                found = tower(pixels(*size), interpolate_pos_encoding=True).image_embeds
            embeddings = torch.nn.functional.normalize(found).contiguous()
            save_file({"embeddings": embeddings}, path / f"{name}-{size[0]}x{size[1]}.safetensors")


def one_head() -> None:
    """The weights of a tower in transformers' layout, in OpenAI's."""
    weights = load_file(CLIP / "one-head" / "model.safetensors")
    state = {"visual.proj": weights["visual_projection.weight"].T.contiguous()}
    alone = {"embeddings.class_embedding": "class_embedding", "embeddings.patch_embedding.weight": "conv1.weight",
             "embeddings.position_embedding.weight": "positional_embedding"}
    state |= {f"visual.{new}": weights[f"vision_model.{old}"] for old, new in alone.items()}
    for kind in ["weight", "bias"]:
        state[f"visual.ln_pre.{kind}"] = weights[f"vision_model.pre_layrnorm.{kind}"]
        state[f"visual.ln_post.{kind}"] = weights[f"vision_model.post_layernorm.{kind}"]
        for layer in range(2):
            old, new = f"vision_model.encoder.layers.{layer}", f"visual.transformer.resblocks.{layer}"
            state[f"{new}.attn.in_proj_{kind}"] = torch.cat(
                [weights[f"{old}.self_attn.{part}_proj.{kind}"] for part in "qkv"])
            for before, after in {"self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2",
                                  "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}.items():
                state[f"{new}.{after}.{kind}"] = weights[f"{old}.{before}.{kind}"]
    path = folder("one-head")
    save_file(state, path / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(CLIP / "one-head" / "expected.safetensors", path)


def random_resnet(seed: int, layers: list[int], width: int, head_width: int, image_size: int) -> open_clip.CLIP:
    """A ResNet whose weights are exact in half precision, none of them without effect."""
    vision = dict(image_size=image_size, layers=layers, width=width, head_width=head_width)
    torch.manual_seed(seed)
    clip = open_clip.CLIP(embed_dim=24, vision_cfg=vision, text_cfg=TEXT).eval()
    with torch.no_grad():
        for name, tensor in clip.visual.state_dict().items():
            if name.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand_like(tensor))
            elif name.endswith("running_mean") or (tensor.ndim == 1 and name.endswith("bias")):
                tensor.copy_(0.2 * torch.randn_like(tensor))
            elif tensor.ndim == 1 and name.endswith("weight"):
                tensor.copy_(0.5 + torch.rand_like(tensor))
            elif "positional" in name:
                tensor.copy_(0.3 * torch.randn_like(tensor))
            elif tensor.is_floating_point():
                # Queries and keys so large that the attention chooses; 2 ** 0.5 makes up for what ReLU cuts off.
                gain = 3 if "q_proj" in name or "k_proj" in name else 2 ** 0.5
                tensor.copy_(torch.randn_like(tensor) * gain * tensor[0].numel() ** -0.5)
    clip.load_state_dict({key: value.half().float() if value.is_floating_point() else value
                          for key, value in clip.state_dict().items()})
    return clip


def half(clip: open_clip.CLIP) -> dict[str, torch.Tensor]:
    """The state dict with half-precision weights; counters stay what they are."""
    return {key: value.half().contiguous() if value.is_floating_point() else value
            for key, value in clip.state_dict().items()}


def resnet() -> None:
    """As on the hub; the size leaves an odd row and column over before two of the averages."""
    clip = random_resnet(3, [1, 2, 1, 1], 6, 32, 70)
    path = folder("resnet")
    save_file(half(clip), path / "model.safetensors", metadata={"format": "pt"})
    vision = dict(image_size=70, layers=[1, 2, 1, 1], width=6, head_width=32)
    cfg = {"model_cfg": {"embed_dim": 24, "vision_cfg": vision, "text_cfg": TEXT},
           "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}}
    (path / "config.json").write_text(json.dumps(cfg, indent=2) + "\n")
    expect(path, clip, 70)


def resnet_reid() -> None:
    """In a CLIP-ReID checkpoint: the same network without the averages in front of the last stage."""
    clip = random_resnet(4, [1, 1, 1, 1], 4, 64, 96)
    first = clip.visual.layer4[0]
    first.avgpool = torch.nn.Identity()
    first.downsample[0] = torch.nn.Identity()
    path = folder("resnet-reid")
    tower = {f"image_encoder.{key.removeprefix('visual.')}": value
             for key, value in half(clip).items() if key.startswith("visual.")}
    torch.save(tower | {"classifier.weight": torch.zeros(5, 24)}, path / "model.pth")
    expect(path, clip, 48)


if __name__ == "__main__":
    openclip()
    openai()
    handid()
    rectangle()
    interpolated()
    one_head()
    resnet()
    resnet_reid()
