"""Fitting a photo into a square, as a classifier of photos wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Photo = NDArray[np.float32]

_GREY = 127  # what a network of ImageNet takes for nothing


def letterbox(photo: Photo, side: int) -> Photo:
    """Return the whole photo, float32 (H, W, 3) in [0, 1], in the middle of a grey square."""
    height, width = photo.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = np.round(np.clip(photo, 0, 1) * 255).astype(np.uint8)
    reduced = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
    square = Image.new("RGB", (side, side), (_GREY,) * 3)
    square.paste(reduced, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square, np.float32) / np.float32(255)
