"""How close a picture is to the clean one: PSNR and SSIM, one figure for each image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Figures = NDArray[np.float64]

# The constants of Wang et al. 2004, K1 = 0.01 and K2 = 0.03 at a dynamic range of 1, and the window
# of scikit-image: 7x7 pixels that weigh alike, with sample variances.
_WINDOW = 7
_SAMPLE = _WINDOW**2 / (_WINDOW**2 - 1)
_C1, _C2 = 0.01**2, 0.03**2


def psnr(clean: Images, other: Images) -> Figures:
    """Return the peak signal-to-noise ratio of each image in dB; infinite for equal images.

    Args:
        clean: float32 (N, H, W, C) in [0, 1].
        other: the same shape and range.
    """
    _check_shapes(clean, other)
    difference = clean.astype(np.float64) - other
    error = np.mean(difference**2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        decibels: Figures = -10 * np.log10(error)
    return decibels


def ssim(clean: Images, other: Images) -> Figures:
    """Return the mean structural similarity of each image, at most 1 (Wang et al. 2004).

    The mean is taken where the window fits into the picture, and over the channels: the figure
    that `skimage.metrics.structural_similarity` gives unless told otherwise.

    Args:
        clean: float32 (N, H, W, C) in [0, 1], both sides at least 7.
        other: the same shape and range.

    Raises:
        ValueError: when the shapes differ or a side is shorter than the window.
    """
    _check_shapes(clean, other)
    if min(clean.shape[1:3]) < _WINDOW:
        raise ValueError(f"SSIM needs sides of at least {_WINDOW} pixels. Received: {clean.shape}")
    x, y = clean.astype(np.float64), other.astype(np.float64)
    mean_x, mean_y = _average(x), _average(y)
    variance_x = _SAMPLE * (_average(x * x) - mean_x**2)
    variance_y = _SAMPLE * (_average(y * y) - mean_y**2)
    covariance = _SAMPLE * (_average(x * y) - mean_x * mean_y)
    likeness: Figures = ((2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)) / (
        (mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2)
    )
    return np.asarray(likeness.mean(axis=(1, 2, 3)))


def _average(images: Figures) -> Figures:
    """Take the mean of the window wherever it fits: rows first, then columns."""
    for axis in (1, 2):
        images = np.lib.stride_tricks.sliding_window_view(images, _WINDOW, axis=axis).mean(axis=-1)
    return images


def _check_shapes(clean: Images, other: Images) -> None:
    if clean.shape != other.shape or clean.ndim != 4:
        raise ValueError(
            "Both pictures must have the same shape (N, H, W, C). "
            f"Received: {clean.shape} and {other.shape}"
        )
