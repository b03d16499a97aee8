#!/usr/bin/env python3
"""Make tests/fixtures/weights: small torch files of every kind, and what torch reads from them.

    pip install -r tests/reference/requirements.txt
    python tests/reference/encoder/make_weight_fixtures.py

NAME.pt is a file as torch writes it; NAME.safetensors holds, under dotted names, the tensors that can be read
from it in place, as torch reads them. `unusable` in its metadata lists the others.
"""

import argparse
import collections
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "weights"


class Block(torch.nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.ln_1 = torch.nn.LayerNorm(width)
        self.proj = torch.nn.Parameter(torch.randn(width, 3))
        self.sizes = [width, 3]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.ln_1(x) @ self.proj


class Model(torch.nn.Module):
    """A tree as deep as CLIP's, with what else modules have: buffers, numbers, lists, a shared parameter."""

    def __init__(self):
        super().__init__()
        self.visual = torch.nn.Sequential(torch.nn.Linear(6, 4), torch.nn.Sequential(Block(4)))
        self.logit_scale = torch.nn.Parameter(torch.tensor(2.5))
        self.register_buffer("position_ids", torch.arange(5))
        self.temperature = 0.07
        self.tied = self.visual[0].bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.visual(x) * self.logit_scale


class Scale(torch.nn.Module):
    """Old files hold the source of every class: that of this one is short."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(4))


def state_dict() -> collections.OrderedDict:
    return Model().state_dict()


def dtypes() -> dict:
    values = torch.randn(3, 5) * 20
    names = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "bool"]
    tensors = {name: values.to(getattr(torch, name)) for name in names}
    tensors["uint8"] = values.abs().to(torch.uint8)
    # These two have no storage class of their own.
    tensors["uint16"] = values.abs().to(torch.uint16)
    tensors["float8_e4m3fn"] = values.to(torch.float8_e4m3fn)
    tensors["complex128"] = values.to(torch.complex128)
    return tensors


def views() -> dict:
    whole = torch.randn(6, 4)
    return {
        "whole": whole,
        "rows": whole[2:5],
        "row": whole[1],
        "columns": whole[:, 1:3],
        "transposed": whole.T,
        "one_column": whole[5:, 1:2],
        "expanded": torch.ones(1).expand(4),
        "empty": torch.empty(0, 3),
        "scalar": torch.tensor(7.0),
        "again": whole,
    }


def training() -> dict:
    """A checkpoint in the middle of a training, with all that people keep in one."""
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
    model(torch.randn(2, 6)).sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": schedule.state_dict(),
        "args": argparse.Namespace(lr=1e-3, output=Path("out"), flags={"a", "b"}, large=2**80),
        "best": np.float64(0.75),
        "history": collections.defaultdict(list, {"loss": [0.5, float("nan")]}),
        "array": np.arange(3),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([2, 3]),
        "generator": torch.get_rng_state(),
        "long": 2**40,
        "bytes": b"bytes",
    }


def parameters() -> dict:
    derived = torch.nn.Parameter(torch.randn(2, 2))
    derived.note = "has a state of its own"
    tensor = torch.randn(3)
    tensor.note = "so has this one"
    return {"parameter": torch.nn.Parameter(torch.randn(4)), "derived": derived, "tensor": tensor, "list": [tensor]}


def flatten(value, path=""):
    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for key, inner in enumerate(value):
            yield from flatten(inner, f"{path}.{key}" if path else str(key))


def make(name: str, value, tensors=None, **options) -> None:
    if isinstance(value, torch.jit.ScriptModule):
        torch.jit.save(value, FIXTURES / f"{name}.pt")
    else:
        torch.save(value, FIXTURES / f"{name}.pt", **options)
    usable, unusable = {}, []
    for path, tensor in flatten(value if tensors is None else tensors):
        if tensor.is_contiguous() and tensor.dtype != torch.complex128:
            usable[path] = tensor.detach().clone()
        else:
            unusable.append(path)
    expected = save(usable, metadata={"unusable": json.dumps(unusable)})
    (FIXTURES / f"{name}.safetensors").write_bytes(expected)
    print(f"{name}: {(FIXTURES / f'{name}.pt').stat().st_size} bytes, {len(usable)} tensors")


def main():
    # Torch stores the path of this file in some of them: the same on every machine.
    sys.modules["__main__"].__file__ = Path(__file__).name
    os.chdir(FIXTURES.parent.parent / "reference")
    shutil.rmtree(FIXTURES, ignore_errors=True)
    FIXTURES.mkdir(parents=True)
    torch.manual_seed(0)
    legacy = {"_use_new_zipfile_serialization": False}
    make("archive", state_dict())
    make("archive-protocol-4", {"state_dict": state_dict()}, pickle_protocol=4)
    make("archive-protocol-5", {"state_dict": state_dict()}, pickle_protocol=5)
    make("legacy", {"state_dict": state_dict()}, **legacy)
    make("legacy-protocol-4", state_dict(), pickle_protocol=4, **legacy)
    make("dtypes", dtypes())
    make("views", views())
    make("legacy-views", views(), **legacy)
    make("training", training())
    make("legacy-training", training(), **legacy)
    make("parameters", parameters())
    model = Model()
    make("module", model, model.state_dict())
    scale = Scale()
    make("legacy-module", scale, scale.state_dict(), **legacy)
    # TorchScript keeps a parameter that has two names under both.
    attributes = {**model.state_dict(), "tied": model.tied}
    make("script", torch.jit.script(model), attributes)
    make("trace", torch.jit.trace(model, torch.randn(2, 6)), attributes)


if __name__ == "__main__":
    main()
