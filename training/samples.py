"""Test images with noise that a link can repeat: each has a generator of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from imaging.noise import add_noise
from training.datasets import load_split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Images = NDArray[np.float32]


def noisy_samples(
    positions: Sequence[int], *, kind: str, level: float, seed: int
) -> tuple[Images, Images]:
    """Return test images (N, 28, 28, 1), clean and noisy.

    The noise of an image depends on its position and the seed alone, so that what is measured over
    all images can be looked at one by one.
    """
    clean = load_split("test").images(list(positions))
    noisy = np.empty_like(clean)
    for number, position in enumerate(positions):
        rng = np.random.default_rng([seed, position])
        noisy[number] = add_noise(clean[number][np.newaxis], kind, level, rng=rng)[0]
    return clean, noisy
