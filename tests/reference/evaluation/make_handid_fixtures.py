#!/usr/bin/env python3
"""Makes tests/fixtures/handid/runs.json: CLIP-HandID's protocol end to end, ten runs with distractors and flip.

    python tests/reference/evaluation/make_handid_fixtures.py

The images are those of tests/fixtures/page/folders, whose identities are dealt out anew for each run as that project's
data sets are: one image of each identity into galleryN, the others into queryN; galleryN_all has distractors as well.
`files` says which image lies where. The model is tests/fixtures/clip/quick-gelu, read by transformers; what it gives
for an image and for its mirror image is added up and scaled to length 1. `means` holds the means over the runs, with
and without distractors, by the formulas of nathanlem1/CLIP-HandID@73a60e2 `evaluation_metrics.py`.
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from make_metric_fixtures import average_precision_trapezoidal, rank_list
from make_page_fixtures import MODEL, PAGE

OUT = Path(__file__).parents[2] / "fixtures" / "handid" / "runs.json"
# Two implementations differ by less.
LEAST_GAP = 5e-6
RUNS = 10
RANKS = [1, 5, 10]
SEED = 0


def pool():
    """identity → paths; distractors have one image each."""
    identities = {}
    for path in sorted((PAGE / "folders").glob("*/*/*.png")):
        if path.parent.parent.name != "gallery0_all" or path.parent.name.startswith("distractor"):
            identities.setdefault(path.parent.name, []).append(path.relative_to(PAGE / "folders").as_posix())
    return identities


def embed(paths):
    model = CLIPVisionModelWithProjection.from_pretrained(MODEL).eval()
    side = model.config.image_size
    processor = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    images = [Image.open(PAGE / "folders" / path).convert("RGB") for path in paths]
    pixels = processor(images, return_tensors="pt")["pixel_values"].float()
    with torch.no_grad():
        features = model(pixel_values=pixels).image_embeds + model(pixel_values=pixels.flip(-1)).image_embeds
    return dict(zip(paths, torch.nn.functional.normalize(features, dim=-1).numpy()))


def evaluate(queries, gallery, embeddings):
    """Rank-1, 5, 10 and mAP of (path, identity) pairs."""
    q, g = (np.stack([embeddings[path] for path, _ in side]) for side in (queries, gallery))
    identities = np.array([identity for _, identity in gallery])
    firsts, precisions = [], []
    for row, (_, identity) in zip(q @ g.T, queries):
        match = row[identities == identity]
        gap = np.abs(row[identities != identity] - match).min()
        assert len(match) == 1 and gap > LEAST_GAP, f"a rank depends on {gap}; take another seed"
        is_match = identities[rank_list(row)] == identity
        firsts.append(int(np.argmax(is_match)) + 1)
        precisions.append(average_precision_trapezoidal(is_match))
    return [np.mean(np.array(firsts) <= rank) for rank in RANKS] + [np.mean(precisions)]


def main():
    rng = np.random.default_rng(SEED)
    identities = pool()
    embeddings = embed([path for paths in identities.values() for path in paths])
    files, results = {}, {"": [], "_all": []}
    for run in range(RUNS):
        queries, gallery, distractors = [], [], []
        for identity, paths in identities.items():
            if len(paths) == 1:
                distractors.append((paths[0], identity))
                continue
            chosen = rng.integers(len(paths))
            gallery.append((paths[chosen], identity))
            queries += [(path, identity) for path in paths if path != paths[chosen]]
        sides = {"query": queries, "gallery": gallery, "gallery_all": gallery + distractors}
        for side, images in sides.items():
            folder = side.replace("y_all", f"y{run}_all") if side.endswith("all") else f"{side}{run}"
            files |= {f"{folder}/{identity}/{path.replace('/', '-')}": path for path, identity in images}
        for name in results:
            results[name].append(evaluate(queries, sides[f"gallery{name}"], embeddings))
    names = [f"rank{rank}" for rank in RANKS] + ["meanAveragePrecisionTrapezoidal"]
    means = {name or "plain": dict(zip(names, map(float, np.mean(rows, axis=0)))) for name, rows in results.items()}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"files": files, "means": {"plain": means["plain"], "distractors": means["_all"]}}, indent=1) + "\n")
    print(means)


if __name__ == "__main__":
    main()
