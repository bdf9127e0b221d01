"""Photographs to learn denoising from: those of the folder `PHOTO_DATA`, in three sizes.

Photographs are larger than what they are made of needs: reduced copies are sharper by the pixel,
and nearly free of the noise and the compression of the originals.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from training.datasets import DatasetError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Photograph = NDArray[np.uint8]

_SCALES = (1.0, 0.7, 0.45)
_SCENE_SCALE = 0.7
# How the names of the photographs begin that show people, who wear clothes.
_WITH_PEOPLE = (
    *("0369d2", "1cba10", "2397c7", "50d131", "c9510e", "e0d8e2", "f67f11", "ff32ad", "097cb4"),
    *("100a02", "100f17", "11f2b0", "14ab4a", "28d24b", "2a2420", "2c1f84", "8bb119", "9466a9"),
    *("a10ae8", "afe367", "b51d5f", "d79d46", "ddcd24", "baby", "girl", "22ea12"),
)
_HELD_BACK = 12  # one photograph in so many is for validation
_LEAST_SIDE = 128  # pixels


def photo_data() -> Path:
    """Return the folder that holds `photos/` and `clothing/`.

    Raises:
        DatasetError: when the environment variable is unset, or names no folder.
    """
    folder = Path(os.environ.get("PHOTO_DATA", ""))
    if not os.environ.get("PHOTO_DATA") or not folder.is_dir():
        raise DatasetError(
            "The photo models learn from photographs that are not part of the project: name the "
            "folder that holds `photos` and `clothing` in the environment variable PHOTO_DATA."
        )
    return folder


@cache
def load_photographs(split: Literal["train", "validation"]) -> list[Photograph]:
    """Return photographs as bytes (H, W, 3) in sRGB; for training, each in three sizes.

    Raises:
        DatasetError: when there are too few, one is no picture, or all are too small.
    """
    photographs = []
    for path in _list(split):
        picture = _open(path)
        scales = _SCALES if split == "train" else _SCALES[-1:]
        photographs += [_reduce(picture, scale) for scale in scales]
    return _large(photographs)


@cache
def load_scenes() -> list[Photograph]:
    """Return the photographs for training on which nobody is seen, as bytes (H, W, 3).

    Raises:
        DatasetError: when there are too few, one is no picture, or all show people.
    """
    paths = [path for path in _list("train") if not path.name.startswith(_WITH_PEOPLE)]
    if not paths:
        raise DatasetError("All photographs in PHOTO_DATA/photos show people: add some others.")
    return _large([_reduce(_open(path), _SCENE_SCALE) for path in paths])


def _list(split: Literal["train", "validation"]) -> list[Path]:
    paths = sorted(path for path in (photo_data() / "photos").rglob("*") if path.is_file())
    if len(paths) < _HELD_BACK:
        raise DatasetError(
            f"Too few photographs in PHOTO_DATA/photos: {len(paths)}, at least {_HELD_BACK} needed."
        )
    is_wanted = split == "validation"
    return [p for number, p in enumerate(paths) if (number % _HELD_BACK == 0) == is_wanted]


def _large(photographs: list[Photograph]) -> list[Photograph]:
    large = [photograph for photograph in photographs if min(photograph.shape[:2]) >= _LEAST_SIDE]
    if not large:
        raise DatasetError(
            "The photographs in PHOTO_DATA/photos are too small: at 45 % of their size, some must "
            f"have {_LEAST_SIDE} pixels each way."
        )
    return large


def _open(path: Path) -> Image.Image:
    try:
        with Image.open(path) as opened:
            return opened.convert("RGB")
    except OSError:
        raise DatasetError(f"In PHOTO_DATA/photos, {path.name} is no picture.") from None


def _reduce(picture: Image.Image, scale: float) -> Photograph:
    width, height = (round(side * scale) for side in picture.size)
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))
