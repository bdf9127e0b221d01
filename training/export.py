"""Export: from trained networks to the files of a model, checked to give the same output."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import layers

from model_store import ModelError
from training.batches import add_random_noise
from training.calibration import best_temperature
from training.datasets import load_split
from training.litert import write_litert
from training.photos.clones import at_fixed_size
from training.photos.export import calibrate_photos, compose
from training.recipe import Noise

if TYPE_CHECKING:
    from pathlib import Path

    from training.fit import Networks
    from training.recipe import Recipe

_CALIBRATION_SEED, _CALIBRATION_IMAGES = 2, 2_500


def finish(networks: Networks, recipe: Recipe) -> Networks:
    """Add what the app needs of a network but training does not: mirroring, calibration."""
    finished = dict(networks)
    if recipe.mirror and "denoiser" in networks:
        averaged = _average_with_mirrored(networks["denoiser"], mirror_back=True)
        clipped = layers.ReLU(max_value=1.0, name="clipped")(averaged.output)
        finished["denoiser"] = keras.Model(averaged.input, clipped, name="denoiser")
    if recipe.calibrate and recipe.domain == "photos":
        finished["classifier"] = calibrate_photos(networks["classifier"])
    elif recipe.calibrate:
        denoiser = finished.get("denoiser")
        finished["classifier"] = _calibrate(networks["classifier"], denoiser)
    if recipe.mirror and "classifier" in networks:
        finished["classifier"] = _average_with_mirrored(finished["classifier"], mirror_back=False)
    return finished


def _average_with_mirrored(network: keras.Model, *, mirror_back: bool) -> keras.Model:
    """Return the network averaged over a picture and its mirror image."""
    picture = keras.Input(network.input_shape[1:], name="picture")
    other = network(keras.ops.flip(picture, axis=2))
    if mirror_back:
        other = keras.ops.flip(other, axis=2)
    average = layers.Average(name="average")([network(picture), other])
    return keras.Model(picture, average, name=network.name)


def _calibrate(network: keras.Model, denoiser: keras.Model | None) -> keras.Model:
    """Return a classifier whose logits are divided by the best temperature."""
    logits = network.get_layer("logits").output
    temperature = _find_temperature(keras.Model(network.input, logits), denoiser)
    calibrated = layers.Rescaling(1 / temperature, name="calibrated")(logits)
    probabilities = layers.Softmax(name="probabilities")(calibrated)
    return keras.Model(network.input, probabilities, name="classifier")


def _find_temperature(to_logits: keras.Model, denoiser: keras.Model | None) -> float:
    """Return the temperature for the validation images: clean, and denoised where that can be.

    Temperature scaling, Guo et al. 2017.
    """
    split = load_split("validation").first(_CALIBRATION_IMAGES)
    pictures, labels = split.images(slice(None)), split.labels
    if denoiser:
        noisy = add_random_noise(pictures, Noise(), np.random.default_rng(_CALIBRATION_SEED))
        denoised = denoiser.predict(noisy, batch_size=500, verbose=0)
        pictures, labels = np.concatenate([pictures, denoised]), np.concatenate([labels, labels])
    return best_temperature(to_logits.predict(pictures, batch_size=500, verbose=0), labels)


def write_files(networks: Networks, folder: Path) -> None:
    """Write the `.keras` and `.tflite` files of finished networks and, of two, their composite.

    Raises:
        ModelError: when weights are not finite, or LiteRT and Keras disagree.
    """
    if "denoiser" in networks:
        denoiser, classifier = networks["denoiser"], networks["classifier"]
        composite = compose(denoiser, classifier)
        composite.save(folder / "composite.keras")
        composite.save_weights(folder / "composite.weights.h5")
    for part, network in networks.items():
        if not all(np.isfinite(weights).all() for weights in network.get_weights()):
            raise ModelError(f"The {part} has weights that are no numbers, so it is not published.")
        network.save(folder / f"{part}.keras")
        write_litert(network, folder / f"{part}.tflite")


def count_multiply_adds(network: keras.Model) -> int:
    """Return the multiply-adds of convolutions and dense layers for one picture.

    Of a network for any size: for one tile.
    """
    total = 0
    for layer in at_fixed_size(network).layers:
        if isinstance(layer, keras.Model):
            calls = len(layer._inbound_nodes)
            total += calls * count_multiply_adds(layer)
        elif isinstance(layer, layers.Dense):
            total += math.prod(layer.kernel.shape)
        elif isinstance(layer, (layers.Conv2D, layers.Conv2DTranspose, layers.DepthwiseConv2D)):
            # A transposed convolution works through its kernel once for each pixel of its input.
            side = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            total += math.prod(layer.kernel.shape) * math.prod(side.shape[1:3])
    return total
