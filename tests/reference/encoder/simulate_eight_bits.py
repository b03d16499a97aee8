#!/usr/bin/env python3
"""Simulate the check of 8-bit weights: which runs it accepts, and their lowest cosine.

    python tests/reference/encoder/simulate_eight_bits.py IMAGES    # a folder of pictures, about 100; takes an hour

Towers of three odd shapes get outliers of several kinds and strengths. Each picture is embedded with F32 and with the
linear layers of the blocks rounded as src/kernels/cpu/integer/weights.rs does; the pictures then come in 14 orders, and
src/encoder/eight_bit_check.rs's rules decide.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import make_outlier_towers as towers

FIRST, EVERY, OUTERMOST, DEVIATIONS, LEAST_DEVIATION, BAR = 24, 32, 6, 4.5, 0.25, 1e-3
ORDERS = 14
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


def gains(weights, shape, random, strength):
    channels = random.choice(shape["hidden_size"], 4, replace=False)
    for block in towers.blocks(shape):
        for norm in towers.NORMS:
            weights[f"{block}.{norm}.weight"][channels] *= strength


def columns(weights, shape, random, strength):
    for block in towers.blocks(shape):
        for name in ["self_attn.q_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"]:
            matrix = weights[f"{block}.{name}.weight"]
            matrix[:, random.choice(matrix.shape[1], 4, replace=False)] *= strength


def late(weights, shape, random, strength):
    block = towers.blocks(shape)[shape["num_hidden_layers"] // 2]
    channels = random.choice(shape["hidden_size"], 4, replace=False)
    units = random.choice(shape["intermediate_size"], 4, replace=False)
    weights[f"{block}.mlp.fc1.weight"][units] *= strength
    weights[f"{block}.mlp.fc1.bias"][units] -= 1.5 * strength
    weights[f"{block}.mlp.fc2.weight"][np.ix_(channels, units)] *= 10 * strength


def sharp(weights, shape, random, strength):
    for block in towers.blocks(shape):
        for name in ["q_proj", "k_proj"]:
            weights[f"{block}.self_attn.{name}.weight"] *= strength


def balanced(weights, shape, random, strength):
    channels = random.choice(shape["hidden_size"], 4, replace=False)
    for block in towers.blocks(shape):
        for norm in towers.NORMS:
            weights[f"{block}.{norm}.weight"][channels] *= strength
            weights[f"{block}.{norm}.bias"][channels] *= strength
            for layer in towers.BEHIND[norm]:
                weights[f"{block}.{layer}.weight"][:, channels] /= strength


KINDS = [(gains, [1, 2, 3, 5]), (columns, [2, 4, 10]), (late, [3, 8, 20]), (sharp, [1.5, 2.5]), (balanced, [100])]


def rounded(weight):
    """Weights in 8 bits, the factors of their inputs, and the levels of activations."""
    factors = weight.pow(2).mean(0).sqrt()
    factors[factors == 0] = 1
    scales = (weight / factors).abs().amax(1, keepdim=True) / 127
    integers = (weight / factors / scales).round()
    levels = min(32767, (2**31 - 1) // int(integers.abs().sum(1).max()))
    return integers * scales, factors, levels


class Linear:
    def __init__(self, weights, names, in_eight_bits):
        self.weight, self.bias = (torch.tensor(np.concatenate([weights[f"{name}.{part}"] for name in names])) for part in ("weight", "bias"))
        self.factors = None
        if in_eight_bits:
            self.weight, self.factors, self.levels = rounded(self.weight)

    def __call__(self, x):
        if self.factors is not None:
            x = x * self.factors
            scale = x.abs().amax(-1, keepdim=True).clamp(min=1e-30) / self.levels
            x = (x / scale).round() * scale
        return x @ self.weight.T + self.bias


class Tower:
    def __init__(self, shape, weights, in_eight_bits):
        self.shape, self.weights = shape, weights
        attention = [f"self_attn.{name}_proj" for name in "qkv"]
        parts = [attention, ["self_attn.out_proj"], ["mlp.fc1"], ["mlp.fc2"]]
        self.blocks = [(block, *(Linear(weights, [f"{block}.{name}" for name in part], in_eight_bits) for part in parts)) for block in towers.blocks(shape)]

    def norm(self, x, name):
        gamma, beta = (torch.tensor(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return torch.nn.functional.layer_norm(x, x.shape[-1:], gamma, beta, 1e-5)

    def __call__(self, pixels):
        """[B, 3, S, S] -> [B, D], rows of length 1."""
        weight = {name: torch.tensor(self.weights[f"vision_model.embeddings.{name}"]) for name in ["class_embedding", "patch_embedding.weight", "position_embedding.weight"]}
        width, heads = self.shape["hidden_size"], self.shape["num_attention_heads"]
        x = torch.nn.functional.conv2d(pixels, weight["patch_embedding.weight"], stride=self.shape["patch_size"])
        x = torch.cat([weight["class_embedding"].expand(len(x), 1, -1), x.flatten(2).transpose(1, 2)], 1)
        x = self.norm(x + weight["position_embedding.weight"], "vision_model.pre_layrnorm")
        for block, qkv, out, fc1, fc2 in self.blocks:
            y = qkv(self.norm(x, f"{block}.layer_norm1"))
            q, k, v = y.view(*y.shape[:2], 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            mixed = torch.softmax(q @ k.transpose(-1, -2) * (width // heads) ** -0.5, -1) @ v
            x = x + out(mixed.transpose(1, 2).reshape(x.shape))
            hidden = fc1(self.norm(x, f"{block}.layer_norm2"))
            x = x + fc2(hidden * torch.sigmoid(1.702 * hidden))
        x = self.norm(x[:, 0], "vision_model.post_layernorm") @ torch.tensor(self.weights["visual_projection.weight"]).T
        return x / x.norm(dim=-1, keepdim=True)


def is_refused(differences):
    if max(differences) > BAR:
        return True
    logarithms = np.log(np.maximum(differences, 1e-7))
    count = len(logarithms)
    if count < FIRST:
        return False
    deviation = max(logarithms.std(ddof=1), LEAST_DEVIATION) * np.sqrt(1 + 1 / count)
    return logarithms.mean() + DEVIATIONS * deviation > np.log(BAR)


def accepts(embeddings, differences, order):
    compared = []
    for seen, image in enumerate(order):
        if len(compared) >= FIRST and seen % EVERY:
            others = embeddings[compared]
            nearest = np.sort((others @ others.T - 2 * np.eye(len(others))).max(1))
            if (others @ embeddings[image]).max() >= nearest[OUTERMOST - 1]:
                continue
        compared.append(image)
        if is_refused(differences[compared]):
            return False
    return True


def pixels_of(path, side):
    image = Image.open(path).convert("RGB")
    scale = side / min(image.size)
    width, height = (max(side, int(length * scale)) for length in image.size)
    left, top = (width - side) // 2, (height - side) // 2
    image = image.resize((width, height), Image.BICUBIC).crop((left, top, left + side, top + side))
    return ((np.asarray(image, np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=Path)
    paths = sorted(path for path in parser.parse_args().images.rglob("*") if path.suffix in [".png", ".jpg"])
    torch.set_grad_enabled(False)
    runs, lowest = [0, 0], []
    for name in ["patch-14", "mlp-3.5", "deep"]:
        shape = towers.SHAPES[name] | ({"num_hidden_layers": 16} if name == "deep" else {})
        pixels = torch.tensor(np.stack([pixels_of(path, shape["image_size"]) for path in paths]))
        for kind, strengths in KINDS:
            for strength in strengths:
                random = np.random.default_rng([7, shape["hidden_size"]])
                weights = towers.tower(shape, random)
                kind(weights, shape, random, strength)
                weights = {key: np.ascontiguousarray(value, np.float32) for key, value in weights.items()}
                exact, found = (torch.cat([Tower(shape, weights, is_rounded)(batch) for batch in pixels.split(16)]).numpy() for is_rounded in (False, True))
                differences = ((exact - found).astype(np.float64) ** 2).sum(1) / 2
                accepted = sum(accepts(exact, differences, random.permutation(len(paths))) for _ in range(ORDERS))
                runs = [runs[0] + ORDERS, runs[1] + accepted]
                lowest += [1 - differences.max()] * bool(accepted)
                print(f"{name} {kind.__name__} {strength}: lowest cosine {1 - differences.max():.5f}, {accepted} of {ORDERS} accepted", flush=True)
    print(f"{runs[1]} of {runs[0]} runs accepted; the lowest cosine in them {min(lowest):.5f}")


if __name__ == "__main__":
    main()
