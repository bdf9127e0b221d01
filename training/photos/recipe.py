"""How the model for photos is trained. Free of TensorFlow, so that pages can show it."""

from __future__ import annotations

from dataclasses import replace

from training.recipe import Noise, Recipe, Stage, network

_DENOISER = Stage(
    "denoiser",
    "denoiser",
    "psnr",
    epochs=56,
    data="patches",
    steps=500,
    optimizer="muon",
    learning_rate=1.5e-3,
    batch_size=8,
    one_cycle=True,
    average_weights=True,
)
# Iterative layer pruning: of the four coarse blocks first two, then a third are taken out, those
# without which the least is lost. What that costs is soon learned again, and more than half of the
# work is saved. The classifier need not wait for it: what the denoiser leaves changes by little.
_REFINEMENT = replace(
    _DENOISER,
    name="refinement",
    epochs=30,
    learning_rate=1e-3,
    noise=Noise(kinds=("gaussian",), levels=(5 / 255, 50 / 255)),
    without=("encode1_1", "encode1_3"),
)
_SECOND_REFINEMENT = replace(
    _REFINEMENT,
    name="second_refinement",
    epochs=28,
    without=("encode1_1", "encode1_2", "encode1_3"),
)
# Last, all noise that photographs have: most of theirs was cut off at black and white.
_FINE_TUNING = replace(
    _SECOND_REFINEMENT, name="fine_tuning", epochs=12, learning_rate=4e-4, noise=None
)

PHOTO = Recipe(
    title="Photo",
    purpose="For colour photos of any size: takes off noise it is not told of, and names clothes.",
    classifier=network("photo_classifier", dropout=0.3),
    denoiser=network("photo_denoiser", widths=(32, 128), blocks=(2, 4)),
    stages=(
        _DENOISER,
        Stage(
            "classifier",
            "classifier",
            "cross_entropy",
            epochs=4,
            data="garments",
            steps=220,
            learning_rate=5e-4,
            batch_size=64,
            one_cycle=True,
            weight_decay=0.02,
            label_smoothing=0.1,
            average_weights=True,
        ),
        _REFINEMENT,
        _SECOND_REFINEMENT,
        _FINE_TUNING,
    ),
    trained_noise=Noise(kinds=("gaussian",), levels=(0.0, 55 / 255)),
    mixed_precision=True,
    calibrate=True,
)
