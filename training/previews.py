"""Previews: the same ten noisy test images as the weights after each epoch denoise them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from imaging.noise import add_noise
from imaging.pictures import tile, to_ink, to_png
from model_store.files import replace_file
from training.datasets import CLASSES, load_split

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from training.recipe import Noise
    from training.runs.run import Run

    Images = NDArray[np.float32]

_SCALE = 2  # screen pixels for each of the picture
_USUAL_LEVEL = 0.6  # shown by networks that learn a range of levels
_SEED = 0


def noisy_pictures(run: Run, noise: Noise) -> Images:
    """Return one test image of each class (10, 28, 28, 1) with the noise that is learned.

    The first call of a run also writes them beside the previews, noisy and clean.
    """
    labels = load_split("test").labels
    first = np.array([np.flatnonzero(labels == label)[0] for label in range(len(CLASSES))])
    clean = load_split("test").images(first)
    kinds = list(dict.fromkeys(noise.kinds))
    low, high = noise.levels
    level = high if low == high else min(high, _USUAL_LEVEL)
    rng = np.random.default_rng(_SEED)
    noisy = np.concatenate(
        [
            add_noise(picture[np.newaxis], kinds[number % len(kinds)], level, rng=rng)
            for number, picture in enumerate(clean)
        ]
    )
    for name, pictures in (("noisy", noisy), ("clean", clean)):
        path = run.previews / f"{name}.png"
        if not path.exists():
            write_preview(path, pictures)
    return noisy


def write_preview(path: Path, pictures: Images) -> None:
    """Write pictures (N, 28, 28, 1) as a PNG, side by side; whole, or not at all."""
    path.parent.mkdir(exist_ok=True)
    inks = [to_ink(np.clip(picture, 0, 1), _SCALE) for picture in pictures]
    png = to_png(tile(inks, columns=len(inks)))
    replace_file(path, lambda temporary: temporary.write_bytes(png))
