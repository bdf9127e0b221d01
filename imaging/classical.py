"""Classical filters, to compare learned denoisers with.

Images are float32 (N, H, W, 1) in [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Images = NDArray[np.float32]


def remove_mean(noisy: Images, kind: str, level: float) -> Images:
    """Take off what the noise adds on average: only `uniform` adds anything, level / 2."""
    return np.clip(noisy - level / 2, 0, 1) if kind == "uniform" else noisy


def median(noisy: Images) -> Images:
    """Return the median of the 3x3 pixels around each pixel."""
    return np.median(_neighbours(noisy, radius=1), axis=(-2, -1)).astype(np.float32)


def bilateral(noisy: Images, spread: float = 1.5, contrast: float = 0.3) -> Images:
    """Return means over 5x5 pixels that weigh near and similar ones more (Tomasi 1998).

    Args:
        noisy: the images.
        spread: the deviation of the weights in pixels.
        contrast: the deviation of the weights in brightness, on the 0..1 scale.
    """
    around = _neighbours(noisy, radius=2)
    at = np.arange(-2, 3)
    near = np.exp(-(at[:, None] ** 2 + at**2) / (2 * spread**2))
    alike = np.exp(-((around - noisy[..., None, None]) ** 2) / (2 * contrast**2))
    weights = near * alike
    means = (weights * around).sum(axis=(-2, -1)) / weights.sum(axis=(-2, -1))
    return np.asarray(means, np.float32)


def _neighbours(images: Images, radius: int) -> Images:
    """Return (N, H, W, 1, 2 radius + 1, 2 radius + 1), the edge pixels repeated outwards."""
    margin = (radius, radius)
    padded = np.pad(images, ((0, 0), margin, margin, (0, 0)), mode="edge")
    side = 2 * radius + 1
    return np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))


FILTERS: Mapping[str, Callable[[Images], Images]] = {"median": median, "bilateral": bilateral}
