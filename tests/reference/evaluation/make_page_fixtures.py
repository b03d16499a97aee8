#!/usr/bin/env python3
"""Makes tests/fixtures/page: two small data sets, and every number that the page must show for them.

    python tests/reference/evaluation/make_page_fixtures.py

The model is tests/fixtures/clip/quick-gelu, read by transformers; images are opened by Pillow and prepared by
transformers' processor on Pillow; ranks and metrics are those of make_metric_fixtures.py.

- folders/: identities from folders, `query0`, `gallery0` and `gallery0_all` with distractors; one query
  identity is not in the gallery
- market/: identities and cameras from Market-1501 file names, with junk ("-1") and distractors ("0")
- embeddings.json: those of `folders` as the page saves them
- expected.json: for each data set the embeddings by path, the similarities, the ranks and the metrics
- protocols.json: what the protocols of make_protocol_fixtures.py give for these embeddings
"""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from make_metric_fixtures import JUNK, make_case, shortest
from make_page_protocols import write_protocols

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGE = FIXTURES / "page"
MODEL = FIXTURES / "clip" / "quick-gelu"
# Two implementations differ by 1e-5 at most; no two similarities of a query may be closer than this.
LEAST_GAP = 5e-5
SEED = 3


def picture(rng, look):
    """Waves of an identity's own colours and directions, [height, width, 3], with one image's variations."""
    height, width = rng.integers(34, 60, 2)
    y, x = np.mgrid[:height, :width] / 40 + rng.normal(0, 0.12, (2, 1, 1))
    waves = np.sin(look["directions"][:, 0, None, None] * x + look["directions"][:, 1, None, None] * y)
    colours = np.tensordot(waves, look["colours"], axes=(0, 0)) * rng.normal(1, 0.15)
    noise = rng.normal(0, 0.08, (height, width, 3))
    return Image.fromarray(np.clip(128 + 70 * (colours + noise), 0, 255).astype(np.uint8))


def looks(rng, names):
    return {name: {"directions": rng.normal(0, 9, (3, 2)), "colours": rng.normal(0, 0.8, (3, 3))} for name in names}


def folders(rng):
    """path → (image, identity, camera)"""
    names = [f"{index:07}" for index in range(1, 10)]
    look = looks(rng, names + ["distractor-1", "distractor-2"])
    files = {}
    for name in names:
        for index in range(3):
            files[f"query0/{name}/{index + 1}.png"] = (picture(rng, look[name]), name, None)
    for name in names[:8]:
        image = picture(rng, look[name])
        files[f"gallery0/{name}/one.png"] = (image, name, None)
        files[f"gallery0_all/{name}/one.png"] = (image, name, None)
    for name in ["distractor-1", "distractor-2"]:
        files[f"gallery0_all/{name}/one.png"] = (picture(rng, look[name]), name, None)
    return files


def market(rng):
    """path → (image, identity, camera)"""
    names = ["0001", "0002", "0003", "0004"]
    look = looks(rng, names)
    files = {}
    for name in names:
        for camera in range(1, 4):
            path = f"{name}_c{camera}s1_{rng.integers(1e6):06}_00.png"
            files[f"query/{path}"] = (picture(rng, look[name]), name, str(camera))
    for index in range(20):
        name = (names + ["0000", JUNK])[index % 6]
        camera = rng.integers(1, 4)
        path = f"{name}_c{camera}s1_{rng.integers(1e6):06}_0{index % 10}.png"
        image = picture(rng, look.get(name) or looks(rng, [name])[name])
        files[f"bounding_box_test/{path}"] = (image, name, str(camera))
    return files


def embed(paths):
    model = CLIPVisionModelWithProjection.from_pretrained(MODEL, dtype=torch.float32).eval()
    side = model.config.image_size
    processor = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    images = [Image.open(path).convert("RGB") for path in paths]
    pixels = torch.from_numpy(np.stack([processor(i, return_tensors="np")["pixel_values"][0] for i in images]))
    with torch.no_grad():
        embeddings = model(pixel_values=pixels).image_embeds
    return torch.nn.functional.normalize(embeddings, dim=-1).numpy()


def expected(name, files, query_folder, gallery_folder, remove_same_camera):
    """The numbers of one query and one gallery folder, paths relative to the data set."""
    query = sorted(path for path in files if path.startswith(f"{query_folder}/"))
    gallery = sorted(path for path in files if path.startswith(f"{gallery_folder}/"))
    embeddings = embed([PAGE / name / path for path in query + gallery])
    queries, images = embeddings[: len(query)], embeddings[len(query) :]
    for row in queries @ images.T:
        gap = float(np.diff(np.sort(row)).min())
        assert gap > LEAST_GAP, f"{name}: choose another SEED, two similarities are {gap} apart"
    case = make_case(
        name, queries, images,
        [files[path][1] for path in query], [files[path][1] for path in gallery],
        [files[path][2] for path in query], [files[path][2] for path in gallery], remove_same_camera)  # fmt: skip
    kept = ("similarities", "labelled", "unmatched", "junk", "perQuery", "drop", "zero")
    paths = {"query": query, "gallery": gallery}
    by_path = {path: shortest(row) for path, row in zip(query + gallery, embeddings)}
    return paths | {"embeddings": by_path} | {key: case[key] for key in kept}


def write_embeddings(numbers):
    """The embeddings of `folders` as the page saves them. study.json, study.csv and study.queries.csv
    beside it are what the command line makes of it, the latter by `--out tests/fixtures/page/study.csv`:
    target/release/reid-web evaluate --embeddings tests/fixtures/page/embeddings.json --out tests/fixtures/page/study.json
    """
    images = [
        {"path": path, "set": name, "identity": path.split("/")[1], "camera": None, "embedding": numbers["embeddings"][path]}
        for name in ("query", "gallery")
        for path in numbers[name]
    ]
    lines = ",\n".join(json.dumps(image, separators=(",", ":")) for image in images)
    (PAGE / "embeddings.json").write_text('{"model":null,"images":[\n' + lines + "\n]}\n")


def main():
    rng = np.random.default_rng(SEED)
    sets = {"folders": folders(rng), "market": market(rng)}
    shutil.rmtree(PAGE, ignore_errors=True)
    for name, files in sets.items():
        for path, (image, _, _) in files.items():
            (PAGE / name / path).parent.mkdir(parents=True, exist_ok=True)
            image.save(PAGE / name / path, optimize=True)
    numbers = {
        "folders": expected("folders", sets["folders"], "query0", "gallery0", False),
        "folders with distractors": expected("folders", sets["folders"], "query0", "gallery0_all", False),
        "market": expected("market", sets["market"], "query", "bounding_box_test", True),
    }
    (PAGE / "expected.json").write_text(json.dumps(numbers, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    write_protocols()
    write_embeddings(numbers["folders"])
    for name, number in numbers.items():
        print(name, number["drop"]["evaluated"], number["drop"]["cmc"][0], number["drop"]["meanAveragePrecision"])


if __name__ == "__main__":
    main()
