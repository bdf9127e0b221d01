"""What the networks are trained for, and the figures reported on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops

from training.datasets import SIDE

if TYPE_CHECKING:
    from keras import KerasTensor

    from training.recipe import Stage

_PIXELS = (1, 2, 3)
_LEAST_ERROR = 1e-4  # squared error below which the loss stops caring: 40 dB
_LIKENESS_WEIGHT = 10.0  # decibels that a whole unit of SSIM is worth
_CLASS_WEIGHT = 0.7  # decibels that one nat of cross-entropy is worth

# Each column takes the mean of seven neighbours out of a row of pixels.
_WINDOWS = sum(np.eye(SIDE, SIDE - 6, -offset, np.float32) for offset in range(7)) / np.float32(7)


def infidelity(clean: KerasTensor, denoised: KerasTensor) -> KerasTensor:
    """Return how far each image is from the clean one: minus its PSNR in dB, and what SSIM lacks.

    The logarithm, after Chen et al. 2021 (HINet), makes faint and strong noise weigh alike. Values
    beyond black and white are right where the clean picture is black or white: they are cut off
    when it is shown. So flat paper, half of all pixels, need not be hit exactly.
    """
    below, above = ops.minimum(denoised, 0.0), ops.maximum(denoised - 1.0, 0.0)
    denoised = denoised - ops.where(clean <= 0.0, below, 0.0) - ops.where(clean >= 1.0, above, 0.0)
    error = ops.mean(ops.square(clean - denoised), axis=_PIXELS)
    unlikeness = 1 - _ssim(clean, denoised)
    return 10 * ops.log10(error + _LEAST_ERROR) + _LIKENESS_WEIGHT * unlikeness


def _ssim(x: KerasTensor, y: KerasTensor) -> KerasTensor:
    """Return the SSIM of each image as `imaging.metrics.ssim` does, with gradients."""

    def average(images: KerasTensor) -> KerasTensor:
        # As products of matrices: pooling a single channel took seventeen times as long.
        return ops.transpose(_WINDOWS) @ (images @ _WINDOWS)

    x, y = x[..., 0], y[..., 0]
    mean_x, mean_y = average(x), average(y)
    sample = 49 / 48
    variances = sample * (average(x * x + y * y) - mean_x**2 - mean_y**2)
    covariance = sample * (average(x * y) - mean_x * mean_y)
    likeness = ((2 * mean_x * mean_y + 1e-4) * (2 * covariance + 9e-4)) / (
        (mean_x**2 + mean_y**2 + 1e-4) * (variances + 9e-4)
    )
    return ops.mean(likeness, axis=(1, 2))


def negative_psnr(clean: KerasTensor, denoised: KerasTensor) -> KerasTensor:
    """Return minus the PSNR of each image in dB, up to 50, without any clipping."""
    return 10 * ops.log10(ops.mean(ops.square(clean - denoised), axis=_PIXELS) + 1e-5)


def psnr(clean: KerasTensor, denoised: KerasTensor) -> KerasTensor:
    """Return the PSNR of each image in dB, clipped to [0, 1] as it is shown."""
    error = ops.mean(ops.square(clean - ops.clip(denoised, 0, 1)), axis=_PIXELS)
    return -10 * ops.log10(error + 1e-10)


def _smoothed_cross_entropy(smoothing: float, classes: int) -> Any:  # noqa: ANN401 - Keras' own
    def cross_entropy(labels: KerasTensor, probabilities: KerasTensor) -> KerasTensor:
        wanted = ops.one_hot(ops.reshape(labels, (-1,)), classes)
        wanted = wanted * (1 - smoothing) + smoothing / classes
        return keras.losses.categorical_crossentropy(wanted, probabilities)

    return cross_entropy


def compile_arguments(stage: Stage, classes: int) -> dict[str, Any]:
    """Return `loss` and `metrics` for `Model.compile`."""
    # As objects they have their variables before the step is compiled, which it is twice otherwise.
    likeness = keras.metrics.MeanMetricWrapper(psnr, name="psnr")
    accuracy = keras.metrics.SparseCategoricalAccuracy("accuracy")
    if stage.objective == "cross_entropy":
        loss = _smoothed_cross_entropy(stage.label_smoothing, classes)
        return {"loss": loss, "metrics": [accuracy]}
    if stage.objective == "fidelity_and_class":
        return {
            "loss": [infidelity, "sparse_categorical_crossentropy"],
            "loss_weights": [1.0, _CLASS_WEIGHT],
            "metrics": [[likeness], [accuracy]],
        }
    losses = {"fidelity": infidelity, "psnr": negative_psnr}
    return {"loss": losses.get(stage.objective, "binary_crossentropy"), "metrics": [likeness]}
