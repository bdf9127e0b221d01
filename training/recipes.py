"""Recipes: how each model is trained. Free of TensorFlow, so that pages can show them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from imaging.noise import NOISE_KINDS
from training.recipe import Augmentation, Noise, Recipe, Stage, network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ORIGINAL_NOISE = Noise(kinds=("uniform",), levels=(0.6, 0.6))

_CLASSIC = Recipe(
    title="The original",
    purpose="The notebook this app grew out of: dense networks, trained for one noise.",
    classifier=network("dense_classifier", width=256),
    denoiser=network("dense_autoencoder", bottleneck=64),
    stages=(
        Stage("classifier", "classifier", "cross_entropy", epochs=30),
        Stage(
            "denoiser",
            "denoiser",
            "binary_cross_entropy",
            epochs=100,
            patience=5,
            noise=_ORIGINAL_NOISE,
        ),
    ),
    trained_noise=_ORIGINAL_NOISE,
)

_FASHION_CLASSIFIER = Stage(
    "classifier",
    "classifier",
    "cross_entropy",
    epochs=36,
    learning_rate=4e-3,
    batch_size=256,
    one_cycle=True,
    weight_decay=0.05,
    label_smoothing=0.1,
    average_weights=True,
    augmentation=Augmentation(shift=1, mirror=True, erase=0.5),
)
# The noise of the original, which most visitors look at, has a larger share.
_FASHION_NOISE = Noise(kinds=(*NOISE_KINDS, "uniform", "uniform"))
_FASHION_DENOISER = Stage(
    "denoiser",
    "denoiser",
    "fidelity",
    epochs=30,
    learning_rate=2e-3,
    batch_size=64,
    one_cycle=True,
    weight_decay=1e-4,
    average_weights=True,
    noise=_FASHION_NOISE,
    augmentation=Augmentation(shift=1, mirror=True),
)
_FASHION_TUNING = replace(
    _FASHION_DENOISER,
    name="tuning",
    objective="fidelity_and_class",
    epochs=4,
    learning_rate=2e-4,
)
# Last, the classifier gets to know what the denoiser leaves; half the images stay clean.
_FASHION_ADAPTATION = replace(
    _FASHION_CLASSIFIER,
    name="adaptation",
    epochs=4,
    learning_rate=3e-4,
    noise=Noise(clean=0.5),
    behind_denoiser=True,
    augmentation=Augmentation(shift=1, mirror=True),
)

_FASHION = Recipe(
    title="Fashion",
    purpose="The leading model for 28x28 images: takes off any of the five noises, unannounced.",
    classifier=network("residual_classifier", stem=32, widths=(64, 128, 256)),
    denoiser=network("unet_denoiser", widths=(32, 64, 128), blocks=(1, 1, 2)),
    stages=(_FASHION_CLASSIFIER, _FASHION_DENOISER, _FASHION_TUNING, _FASHION_ADAPTATION),
    trained_noise=Noise(),
    mixed_precision=True,
    mirror=True,
    calibrate=True,
)

# The honest upper reference: the same classifier, trained on the noisy images themselves.
_NOISE_TRAINED = replace(
    _FASHION,
    title="Trained on noise",
    purpose="The classifier of Fashion trained on noisy images, to compare denoising with.",
    denoiser=None,
    stages=(
        replace(
            _FASHION_CLASSIFIER,
            epochs=6,
            noise=Noise(),
            augmentation=Augmentation(shift=1, mirror=True),
        ),
    ),
)

# A classifier that no denoiser ever saw: it shows that tuning helps honestly.
_HELD_OUT = replace(
    _NOISE_TRAINED,
    title="Held out",
    purpose="Another classifier of clean images, which the denoiser was never tuned for.",
    classifier=network("residual_classifier", stem=24, widths=(48, 96, 192)),
    stages=(replace(_FASHION_CLASSIFIER, epochs=4),),
    seed=1,
)

_PHOTO = Recipe(
    title="Photo",
    purpose="Takes the noise off colour photos of any size, without being told how much there is.",
    classifier=None,
    denoiser=network("photo_denoiser", widths=(48, 96, 192), blocks=2),
    stages=(
        Stage(
            "denoiser",
            "denoiser",
            "psnr",
            epochs=80,
            data="patches",
            steps=500,
            learning_rate=1.5e-3,
            batch_size=16,
            one_cycle=True,
            average_weights=True,
        ),
    ),
    trained_noise=Noise(kinds=("gaussian",), levels=(0.0, 55 / 255)),
    mixed_precision=True,
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "classic": _CLASSIC,
        "fashion": _FASHION,
        "noise_trained": _NOISE_TRAINED,
        "held_out": _HELD_OUT,
        "photo": _PHOTO,
    }
)


class RecipeError(Exception):
    """One plain sentence about a setting that cannot be."""


def change(recipe: Recipe, changes: Mapping[str, str]) -> Recipe:
    """Return the recipe with settings such as `{"denoiser.epochs": "5"}` changed.

    Raises:
        RecipeError: for a stage or setting that does not exist, or a value out of bounds.
    """
    stages = {stage.name: stage for stage in recipe.stages}
    for key, text in changes.items():
        name, _, setting = key.partition(".")
        if name not in stages or setting not in _CHANGEABLE:
            known = ", ".join(f"{stage}.{setting}" for stage in stages for setting in _CHANGEABLE)
            raise RecipeError(f"There is no setting {key!r}. To choose from: {known}.")
        stages[name] = _CHANGEABLE[setting](stages[name], _positive(key, text))
    return replace(recipe, stages=tuple(stages.values()))


_CHANGEABLE: dict[str, Callable[[Stage, float], Stage]] = {
    "epochs": lambda stage, value: replace(stage, epochs=math.ceil(value)),
    "batch_size": lambda stage, value: replace(stage, batch_size=math.ceil(value)),
    "learning_rate": lambda stage, value: replace(stage, learning_rate=value),
}


def _positive(key: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 10_000:  # turns NaN away too
        raise RecipeError(f"The setting {key} must be above 0 and at most 10,000. Received: {text}")
    return value
