"""Embeds www/samples/hands with the bundled encoder: transformers and Pillow, path by path.

    python tests/reference/encoder/make_sample_fixture.py
"""

import json
from pathlib import Path

import torch
from PIL import Image
from transformers import CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "www/models/drawn-hands"
SAMPLE = ROOT / "www/samples/hands"


def main():
    model = CLIPVisionModelWithProjection.from_pretrained(MODEL, dtype=torch.float32).eval()
    processor = CLIPImageProcessorPil.from_pretrained(MODEL)
    embeddings = {}
    for path in json.loads((SAMPLE / "index.json").read_text()):
        pixels = processor(Image.open(SAMPLE / path), return_tensors="pt")["pixel_values"]
        with torch.no_grad():
            embedding = model(pixels).image_embeds[0]
        embedding = embedding / embedding.norm()
        embeddings[path] = [round(value, 5) for value in embedding.tolist()]
    target = ROOT / "tests/fixtures/sample/embeddings.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(embeddings, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
