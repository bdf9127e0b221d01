"""People's own photos of clothes, from the folder `PHOTO_DATA`: labels, and what people do to them.

The classes are those of Fashion-MNIST and "None of these", which are hats, shorts, skirts, other
shoes, and crops of photographs that show nobody. There is no photo of a bag.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from imaging.letterbox import letterbox
from training.datasets import CLASSES, DatasetError
from training.photos.camera import add_camera_noise, add_gaussian
from training.photos.photographs import load_scenes, photo_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Photo = NDArray[np.float32]
    Rng = np.random.Generator

NONE = "None of these"
PHOTO_CLASSES = (*CLASSES, NONE)

_FOLDERS = {
    "dress": "Dress",
    "longsleeve": "Pullover",
    "outwear": "Coat",
    "pants": "Trouser",
    "shirt": "Shirt",
    "t-shirt": "T-shirt/top",
    "hat": NONE,
    "shorts": NONE,
    "skirt": NONE,
}
_SHOES = {"sandal": "Sandal", "sneaker": "Sneaker", "ankle_boot": "Ankle boot", "other": NONE}
_WORKING_SIDE = 320  # pixels; larger photos are reduced before anything is done to them


@dataclass(frozen=True)
class Garment:
    """One photo and what is on it."""

    path: Path
    folder: str
    label: int  # a position in PHOTO_CLASSES

    def open(self) -> Image.Image:
        """Return the photo, its longer side at most 320 pixels."""
        with Image.open(self.path) as opened:
            opened.draft("RGB", (_WORKING_SIDE, _WORKING_SIDE))
            photo = opened.convert("RGB")
        photo.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
        return photo


def list_garments(split: Literal["train", "validation"]) -> list[Garment]:
    """Return the photos of a split; shoes that nobody could tell for sure are left out.

    Raises:
        DatasetError: when there are none, or the table of the shoes is missing.
    """
    folder = photo_data() / "clothing"
    garments = [
        Garment(path, name, PHOTO_CLASSES.index(label))
        for name, label in _FOLDERS.items()
        for path in sorted((folder / split / name).glob("*.jpg"))
    ]
    if not garments:
        raise DatasetError("There are no photos in PHOTO_DATA/clothing.")
    table = folder / "shoes.csv"
    if not table.is_file():
        raise DatasetError("The file PHOTO_DATA/clothing/shoes.csv is missing.")
    with table.open(newline="") as file:
        shoes = [row for row in csv.DictReader(file) if row["path"].startswith(f"{split}/")]
    return garments + [
        Garment(folder / row["path"], "shoes", PHOTO_CLASSES.index(_SHOES[row["label"]]))
        for row in shoes
        if row["confidence"] == "high"
    ]


def crop_of_anything(rng: Rng) -> Image.Image:
    """Return a random part of a photograph that shows nobody, and so no garment."""
    photographs = load_scenes()
    photograph = photographs[rng.integers(len(photographs))]
    height, width = photograph.shape[:2]
    side = int(min(height, width) * rng.uniform(0.4, 1))
    top, left = rng.integers(0, (height - side + 1, width - side + 1))
    crop = Image.fromarray(photograph[top : top + side, left : left + side])
    crop.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
    return crop


def augment(photo: Image.Image, side: int, rng: Rng, denoise: Callable[[Photo], Photo]) -> Photo:
    """Return the photo as somebody else might have taken it, float32 (side, side, 3) in [0, 1].

    Turned, cropped, mirrored, in other light, blurred, with the noise of a camera. A third have had
    noise of any strength, which `denoise` took off again: that leaves traces.
    """
    if rng.random() < 0.5:
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    photo = _turn_and_crop(photo, rng)
    for enhance, low, high in (
        (ImageEnhance.Brightness, 0.55, 1.35),
        (ImageEnhance.Contrast, 0.7, 1.3),
        (ImageEnhance.Color, 0.5, 1.4),
    ):
        photo = enhance(photo).enhance(rng.uniform(low, high))
    if rng.random() < 0.25:
        photo = photo.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 2)))
    pixels = np.asarray(photo, np.float32) / np.float32(255)
    pixels *= rng.uniform(0.85, 1.15, 3).astype(np.float32)  # the colour of the light
    pixels = np.clip(pixels, 0, 1)
    chance = rng.random()
    if chance < 0.1:
        pixels = add_camera_noise(pixels, rng)
    elif chance < 0.43:
        add_noise = (add_gaussian, add_camera_noise)[rng.integers(2)]
        pixels = denoise(np.clip(add_noise(pixels, rng), 0, 1))
    return letterbox(np.clip(pixels, 0, 1), side)


def _turn_and_crop(photo: Image.Image, rng: Rng) -> Image.Image:
    """Turn by up to 25 degrees, what comes in grey, and keep at least two thirds of each side."""
    photo = photo.rotate(
        rng.normal(0, 9) if rng.random() < 0.6 else 0,
        Image.Resampling.BILINEAR,
        fillcolor=(127, 127, 127),
    )
    width, height = photo.size
    kept_width, kept_height = (round(s * rng.uniform(0.67, 1)) for s in (width, height))
    left = int(rng.integers(0, width - kept_width + 1))
    top = int(rng.integers(0, height - kept_height + 1))
    return photo.crop((left, top, left + kept_width, top + kept_height))
