"""Export: from trained networks to the files of a model, checked to give the same output."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import layers

from model_store import ModelError
from model_store.runtime import Network
from training.datasets import load_split

if TYPE_CHECKING:
    from pathlib import Path

    from keras import KerasTensor
    from numpy.typing import NDArray

    from training.fit import Networks
    from training.recipes import Recipe

_TOLERANCE = 5e-3  # LiteRT files keep weights in float16; probabilities and pixels move by less


def finish(networks: Networks, recipe: Recipe) -> Networks:
    """Add what the app needs of a network but training does not: mirroring, calibration."""
    finished: Networks = {"classifier": _finish_classifier(networks["classifier"], recipe)}
    if "denoiser" in networks:
        finished["denoiser"] = _finish_denoiser(networks["denoiser"], recipe)
    return finished


def _finish_classifier(network: keras.Model, recipe: Recipe) -> keras.Model:
    if not recipe.mirror:
        return network
    to_logits = keras.Model(network.input, network.get_layer("logits").output, name="to_logits")
    picture = keras.Input(network.input_shape[1:], name="picture")
    logits = _average_with_mirrored(to_logits, picture, mirror_back=False)
    if recipe.calibrate:
        logits = layers.Rescaling(1 / _best_temperature(keras.Model(picture, logits)))(logits)
    return keras.Model(picture, layers.Softmax(name="probabilities")(logits), name="classifier")


def _finish_denoiser(network: keras.Model, recipe: Recipe) -> keras.Model:
    if not recipe.mirror:
        return network
    noisy = keras.Input(network.input_shape[1:], name="noisy")
    x = _average_with_mirrored(network, noisy, mirror_back=True)
    return keras.Model(noisy, layers.ReLU(max_value=1.0, name="clipped")(x), name="denoiser")


def _average_with_mirrored(
    network: keras.Model, picture: KerasTensor, *, mirror_back: bool
) -> KerasTensor:
    mirrored = network(keras.ops.flip(picture, axis=2))
    if mirror_back:
        mirrored = keras.ops.flip(mirrored, axis=2)
    return layers.Average(name="average")([network(picture), mirrored])


def _best_temperature(to_logits: keras.Model) -> float:
    """Return the temperature that gives the validation labels the highest likelihood.

    Temperature scaling, Guo et al. 2017.
    """
    split = load_split("validation")
    logits = to_logits.predict(split.images(slice(None)), batch_size=500, verbose=0)
    candidates = np.geomspace(0.2, 5, 200)
    losses = [_negative_log_likelihood(logits / t, split.labels) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _negative_log_likelihood(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    top = logits.max(axis=1)
    total = top + np.log(np.exp(logits - top[:, np.newaxis]).sum(axis=1))
    return float(np.mean(total - logits[np.arange(len(labels)), labels]))


def write_files(networks: Networks, folder: Path) -> None:
    """Write the `.keras`, `.weights.h5` and `.tflite` files of finished networks.

    Raises:
        ModelError: when weights are not finite, or LiteRT and Keras disagree.
    """
    denoiser, classifier = networks["denoiser"], networks["classifier"]
    composite = keras.Model(denoiser.input, classifier(denoiser.output), name="composite")
    composite.save(folder / "composite.keras")
    composite.save_weights(folder / "composite.weights.h5")
    for part, network in networks.items():
        if not all(np.isfinite(weights).all() for weights in network.get_weights()):
            raise ModelError(f"The {part} has weights that are no numbers, so it is not published.")
        network.save(folder / f"{part}.keras")
        _write_litert(network, folder / f"{part}.tflite")


def _write_litert(network: keras.Model, path: Path) -> None:
    import tensorflow as tf

    network.export(
        path,
        format="litert",
        input_signature=[keras.InputSpec(shape=(1, *network.input_shape[1:]), dtype="float32")],
        optimizations=[tf.lite.Optimize.DEFAULT],
        target_spec={"supported_types": [tf.float16]},
        verbose=False,
    )
    pictures = load_split("validation").images(slice(16))
    difference = np.abs(Network(path.read_bytes())(pictures) - network.predict(pictures, verbose=0))
    if difference.max() > _TOLERANCE:
        raise ModelError(
            f"{path.name} gives other results than the Keras model (by {difference.max():.3g}), "
            "so it is not published."
        )


def count_multiply_adds(network: keras.Model) -> int:
    """Return the multiply-adds of convolutions and dense layers for one picture."""
    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            calls = len(layer._inbound_nodes)
            total += calls * count_multiply_adds(layer)
        elif isinstance(layer, layers.Dense):
            total += math.prod(layer.kernel.shape)
        elif isinstance(layer, (layers.Conv2D, layers.Conv2DTranspose)):
            # A transposed convolution works through its kernel once for each pixel of its input.
            side = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            total += math.prod(layer.kernel.shape) * math.prod(side.shape[1:3])
    return total
