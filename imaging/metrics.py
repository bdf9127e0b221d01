"""How close a picture is to the clean one: PSNR and SSIM, one figure for each image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Figures = NDArray[np.float64]

# Wang et al. 2004: an 11x11 Gaussian window of sigma 1.5, K1 = 0.01, K2 = 0.03, dynamic range 1.
_RADIUS = 5
_SIGMA = 1.5
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

    The mean is taken where the window fits into the picture, and over the channels.

    Args:
        clean: float32 (N, H, W, C) in [0, 1], both sides at least 11.
        other: the same shape and range.

    Raises:
        ValueError: when the shapes differ or a side is shorter than the window.
    """
    _check_shapes(clean, other)
    if min(clean.shape[1:3]) < 2 * _RADIUS + 1:
        raise ValueError(f"SSIM needs sides of at least 11 pixels. Received: {clean.shape}")
    x, y = clean.astype(np.float64), other.astype(np.float64)
    mean_x, mean_y = _blur(x), _blur(y)
    variance_x = _blur(x * x) - mean_x**2
    variance_y = _blur(y * y) - mean_y**2
    covariance = _blur(x * y) - mean_x * mean_y
    likeness: Figures = ((2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)) / (
        (mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2)
    )
    return np.asarray(likeness.mean(axis=(1, 2, 3)))


def _blur(images: Figures) -> Figures:
    """Apply the Gaussian window wherever it fits: rows first, then columns."""
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    window = np.exp(-(offsets**2) / (2 * _SIGMA**2))
    window /= window.sum()
    for axis in (1, 2):
        views = np.lib.stride_tricks.sliding_window_view(images, len(window), axis=axis)
        images = views @ window
    return images


def _check_shapes(clean: Images, other: Images) -> None:
    if clean.shape != other.shape or clean.ndim != 4:
        raise ValueError(
            "Both pictures must have the same shape (N, H, W, C). "
            f"Received: {clean.shape} and {other.shape}"
        )
