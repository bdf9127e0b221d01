"""What the networks are trained for, and the figures reported on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
from keras import ops

if TYPE_CHECKING:
    from keras import KerasTensor

    from training.recipes import Stage

_PIXELS = (1, 2, 3)
_LEAST_ERROR = 1e-4  # squared error below which the loss stops caring: 40 dB
_CLASS_WEIGHT = 0.7  # decibels that one nat of cross-entropy is worth


def negative_psnr(clean: KerasTensor, denoised: KerasTensor) -> KerasTensor:
    """Return minus the PSNR of each image in dB, so that faint and strong noise weigh alike.

    The logarithmic loss of Chen et al. 2021 (HINet), with a floor under the error.
    """
    error = ops.mean(ops.square(clean - denoised), axis=_PIXELS)
    return 10 * ops.log10(error + _LEAST_ERROR)


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
    if stage.objective == "cross_entropy":
        loss = _smoothed_cross_entropy(stage.label_smoothing, classes)
        return {"loss": loss, "metrics": [keras.metrics.SparseCategoricalAccuracy("accuracy")]}
    if stage.objective == "psnr_and_class":
        return {
            "loss": [negative_psnr, "sparse_categorical_crossentropy"],
            "loss_weights": [1.0, _CLASS_WEIGHT],
            "metrics": [[psnr], [keras.metrics.SparseCategoricalAccuracy("accuracy")]],
        }
    loss = negative_psnr if stage.objective == "psnr" else "binary_crossentropy"
    return {"loss": loss, "metrics": [psnr]}
