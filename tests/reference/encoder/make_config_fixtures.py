#!/usr/bin/env python3
"""Make tests/fixtures/configs/open_clip.json: every model configuration of OpenCLIP, and what becomes of it.

    pip install -r tests/reference/requirements.txt
    python tests/reference/encoder/make_config_fixtures.py

One entry for each distinct image tower: `names` of the configurations that have it, `config` without the text tower,
and either `parameters`, the weights of the tower that open_clip builds of it, or `refused`, the key because of which
this crate must refuse it. Which keys those are is written down here, not read off the crate.
"""

import json
from importlib.resources import files
from pathlib import Path

import open_clip
import torch
from open_clip.model import CLIPVisionCfg, _build_vision_tower

FIXTURES = Path(__file__).parents[2] / "fixtures" / "configs"
# Keys that make networks which this crate does not have, if they have another value.
UNSUPPORTED = {"timm_model_name": None, "attentional_pool": False, "ls_init_value": None}


def entry(config: dict) -> dict:
    kept = {key: config[key] for key in ["embed_dim", "quick_gelu", "vision_cfg"] if key in config}
    vision = config.get("vision_cfg")
    if vision is None:
        return {"config": kept, "refused": "vision_cfg"}
    refused = [key for key, default in UNSUPPORTED.items() if vision.get(key, default) != default]
    if refused:
        return {"config": kept, "refused": refused[0]}
    with torch.device("meta"):
        fields = CLIPVisionCfg.__dataclass_fields__
        tower = _build_vision_tower(config["embed_dim"], {key: value for key, value in vision.items() if key in fields},
                                    config.get("quick_gelu", False))
    return {"config": kept, "parameters": sum(weight.numel() for weight in tower.parameters())}


def main() -> None:
    entries: dict[str, dict] = {}
    paths = sorted(files(open_clip).joinpath("model_configs").iterdir(), key=lambda path: path.name)
    for path in (path for path in paths if path.name.endswith(".json")):
        found = entry(json.loads(path.read_text()))
        found = entries.setdefault(json.dumps(found, sort_keys=True), found)
        found.setdefault("names", []).append(path.name.removesuffix(".json"))
    FIXTURES.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(entry, sort_keys=True) for entry in entries.values())
    (FIXTURES / "open_clip.json").write_text(f"[\n{lines}\n]\n")
    loaded = sum(len(entry["names"]) for entry in entries.values() if "parameters" in entry)
    print(f"{sum(len(entry['names']) for entry in entries.values())} configurations, {len(entries)} distinct; {loaded} are loaded")


if __name__ == "__main__":
    main()
