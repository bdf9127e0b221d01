"""Recipes: how each model is trained. Free of TensorFlow, so that pages can show them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from imaging.noise import NOISE_KINDS
from training.photos.recipe import PHOTO
from training.recipe import Augmentation, Noise, Recipe, Stage, network

if TYPE_CHECKING:
    from collections.abc import Mapping

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
# Last, the classifier gets to know what the denoiser leaves, most of all of Gaussian noise, the
# hardest; many images stay clean. Smoothed labels would make it too modest where it is sure.
_FASHION_ADAPTATION = replace(
    _FASHION_CLASSIFIER,
    name="adaptation",
    epochs=6,
    learning_rate=4e-4,
    label_smoothing=0.02,
    noise=Noise(kinds=(*NOISE_KINDS, "gaussian"), clean=0.4),
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

# By Muon, which needs far fewer epochs to come near, and was no better than this in more.
_CLASSIFIER_BY_MUON = replace(
    _FASHION_CLASSIFIER, optimizer="muon", learning_rate=1e-2, batch_size=128
)
_DENOISER_BY_MUON = replace(_FASHION_DENOISER, optimizer="muon", learning_rate=5e-3)

# So few steps that averages of the weights would still remember the beginning; Muon, by large ones,
# makes the most of them. The denoiser comes first, so that the classifier gets to know what it
# leaves at once. Short epochs, so that there is something to watch.
_QUICK = Recipe(
    title="Quick",
    purpose="Two small networks for the noise of the original: enough to see what training does.",
    classifier=network("residual_classifier", stem=8, widths=(16, 32, 64)),
    denoiser=network("unet_denoiser", widths=(8, 16, 32), blocks=(1, 1, 1), leak=0.1),
    stages=(
        replace(
            _DENOISER_BY_MUON,
            epochs=4,
            steps=125,
            learning_rate=1e-2,
            batch_size=32,
            weight_decay=0.0,
            average_weights=False,
            noise=_ORIGINAL_NOISE,
            augmentation=Augmentation(mirror=True),
        ),
        replace(
            _CLASSIFIER_BY_MUON,
            epochs=4,
            steps=150,
            learning_rate=1.2e-2,
            batch_size=64,
            average_weights=False,
            label_smoothing=0.0,
            noise=_ORIGINAL_NOISE,
            behind_denoiser=True,
            augmentation=Augmentation(mirror=True),
        ),
    ),
    trained_noise=_ORIGINAL_NOISE,
    mixed_precision=True,
    mirror=True,
    calibrate=True,
)
_BALANCED = replace(
    _FASHION,
    title="Balanced",
    purpose="Networks half as wide as those of Fashion, for all five noises: most of what it can.",
    classifier=network("residual_classifier", stem=16, widths=(32, 64, 128)),
    denoiser=network("unet_denoiser", widths=(16, 32, 64), blocks=(1, 1, 2), leak=0.1),
    stages=(
        replace(_CLASSIFIER_BY_MUON, epochs=3, batch_size=64),
        replace(_DENOISER_BY_MUON, epochs=3),
        replace(_FASHION_ADAPTATION, epochs=1, batch_size=64, optimizer="muon", learning_rate=2e-3),
    ),
    mirror=False,
)

# The honest upper reference: the same classifier, trained on the noisy images themselves.
_NOISE_TRAINED = replace(
    _FASHION,
    title="Trained on noise",
    purpose="The classifier of Fashion trained on noisy images, to compare denoising with.",
    denoiser=None,
    stages=(
        replace(
            _CLASSIFIER_BY_MUON,
            epochs=5,
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
    stages=(replace(_CLASSIFIER_BY_MUON, epochs=3),),
    seed=1,
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "quick": _QUICK,
        "balanced": _BALANCED,
        "classic": _CLASSIC,
        "fashion": _FASHION,
        "noise_trained": _NOISE_TRAINED,
        "held_out": _HELD_OUT,
        "photo": PHOTO,
    }
)
