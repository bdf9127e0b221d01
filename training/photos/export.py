"""What the app needs of the networks for photos but training does not: certainty, the composite."""

from __future__ import annotations

import keras
import numpy as np

from training.calibration import best_temperature
from training.photos.classifier import clothes, front
from training.photos.features import validation_features


def calibrate_photos(network: keras.Model) -> keras.Model:
    """Set how certain a photo classifier is by the validation photos, and return it."""
    features, labels = validation_features(front(network))
    said = clothes(network).predict(features, batch_size=64, verbose=0)
    temperature = best_temperature(np.log(np.maximum(said, 1e-9)), labels)
    last = clothes(network).get_layer("logits")
    last.set_weights([weights / temperature for weights in last.get_weights()])
    return network


def compose(denoiser: keras.Model, classifier: keras.Model) -> keras.Model:
    """Return both in a row, from a noisy picture to class probabilities.

    A photo, whose sides must be multiples of 8, is fitted into the classifier's square in between.
    """
    denoised, wanted = denoiser.output, classifier.input_shape[1:]
    if denoised.shape[1:] != wanted:
        denoised = keras.layers.Resizing(
            *wanted[:2], pad_to_aspect_ratio=True, fill_value=0.5, antialias=True, name="fitted"
        )(denoised)
    return keras.Model(denoiser.input, classifier(denoised), name="composite")
