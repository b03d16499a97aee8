#!/usr/bin/env python3
"""Compare embeddings that the page saved with those of transformers and Pillow on the same files.

    python tests/reference/encoder/check_embeddings.py MODEL_FOLDER IMAGES_FOLDER embeddings.json

IMAGES_FOLDER is the folder that was dropped. Prints the lowest cosine and the largest difference of an element, and
for scale the mean cosine between the embeddings of different images.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from transformers import CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil


def main(model_folder, images_folder, saved):
    model = CLIPVisionModelWithProjection.from_pretrained(model_folder, dtype=torch.float32).eval()
    side = model.config.image_size
    processor = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    images = json.loads(Path(saved).read_text())["images"]
    expected = []
    for image in images:
        file = Path(images_folder).parent / image["path"]
        rgb = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        with torch.no_grad():
            embedding = model(**processor(rgb, return_tensors="pt")).image_embeds[0]
        expected.append(torch.nn.functional.normalize(embedding, dim=0).numpy())
    found = np.array([image["embedding"] for image in images], dtype=np.float64)
    expected = np.array(expected, dtype=np.float64)
    cosines = (found * expected).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
    between = (expected @ expected.T)[~np.eye(len(expected), dtype=bool)]
    print(f"{len(images)} images: lowest cosine {cosines.min():.7f}, mean {cosines.mean():.7f},", end=" ")
    print(f"largest difference {np.abs(found - expected).max():.2e}; different images have {between.mean():.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
