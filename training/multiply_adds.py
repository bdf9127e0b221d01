"""What networks for samples cost, worked out from their settings alone. Free of TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.datasets import CLASSES, SIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.recipe import Network

_PIXELS = SIDE * SIDE
_KERNEL = 9  # weights that a convolution of 3 by 3 has for each pair of channels


def count(network: Network) -> int:
    """Return the multiply-adds for one picture, as `training.export` counts those of a model."""
    arguments: dict[str, Any] = dict(network.arguments)
    return _COUNTS[network.architecture](**arguments)


def _dense_classifier(width: int) -> int:
    return _PIXELS * width + width * width + width * len(CLASSES)


def _dense_autoencoder(bottleneck: int) -> int:
    return 2 * _PIXELS * bottleneck


def _residual_classifier(stem: int, widths: Sequence[int]) -> int:
    side, before = SIDE, stem
    total = _KERNEL * stem * side**2
    for width in widths:
        total += _KERNEL * before * width * side**2
        side //= 2
        total += 2 * _KERNEL * width * width * side**2
        before = width
    return total + before * len(CLASSES)


def _unet_denoiser(widths: Sequence[int], blocks: Sequence[int], **_leak: float) -> int:
    edges = _KERNEL * (3 + 1) * widths[0] * _PIXELS
    last = len(widths) - 1
    sides = [SIDE // 2**depth for depth in range(len(widths))]
    convolutions = sum(
        2 * _KERNEL * width**2 * side**2 * own * (1 if depth == last else 2)
        for depth, (width, side, own) in enumerate(zip(widths, sides, blocks, strict=True))
    )
    changes_of_size = sum(
        2 * 4 * widths[depth - 1] * widths[depth] * sides[depth] ** 2
        for depth in range(1, len(widths))
    )
    return int(edges + convolutions + changes_of_size)


_COUNTS: dict[str, Callable[..., int]] = {
    "dense_classifier": _dense_classifier,
    "dense_autoencoder": _dense_autoencoder,
    "residual_classifier": _residual_classifier,
    "unet_denoiser": _unet_denoiser,
}
