"""Classical filters, to compare learned denoisers with.

Images are float32 (N, H, W, 1) in [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Images = NDArray[np.float32]


def remove_mean(noisy: Images, kind: str, level: float) -> Images:
    """Take off what the noise adds on average: only `uniform` adds anything, level / 2."""
    return np.clip(noisy - level / 2, 0, 1) if kind == "uniform" else noisy


def median(noisy: Images) -> Images:
    """Return the median of the 3x3 pixels around each pixel."""
    around = np.stack([shifted for _, shifted in _neighbours(noisy, radius=1)])
    return np.asarray(np.partition(around, 4, axis=0)[4])


def bilateral(noisy: Images, spread: float = 1.5, contrast: float = 0.3) -> Images:
    """Return means over 5x5 pixels that weigh near and similar ones more (Tomasi 1998).

    Args:
        noisy: the images.
        spread: the deviation of the weights in pixels.
        contrast: the deviation of the weights in brightness, on the 0..1 scale.
    """
    total, weights = np.zeros_like(noisy), np.zeros_like(noisy)
    for distance, shifted in _neighbours(noisy, radius=2):
        near = np.float32(distance**2 / (2 * spread**2))
        weight = np.exp(-near - (shifted - noisy) ** 2 / np.float32(2 * contrast**2))
        total += weight * shifted
        weights += weight
    return np.asarray(total / weights)


def _neighbours(images: Images, radius: int) -> Iterator[tuple[float, Images]]:
    """Yield the images shifted to each pixel around, with its distance; edges are repeated."""
    margin = (radius, radius)
    padded = np.pad(images, ((0, 0), margin, margin, (0, 0)), mode="edge")
    height, width = images.shape[1:3]
    for down, right in np.ndindex(2 * radius + 1, 2 * radius + 1):
        distance = float(np.hypot(down - radius, right - radius))
        yield distance, padded[:, down : down + height, right : right + width]


FILTERS: Mapping[str, Callable[[Images], Images]] = {"median": median, "bilateral": bilateral}
