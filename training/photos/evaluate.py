"""Evaluation on people's own photos of clothes, through the runtime that serves the app."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from imaging.noise import add_noise
from training.calibration import calibration_error
from training.evaluate import accuracy, mean_psnr
from training.photos.garments import NONE, PHOTO_CLASSES, list_garments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from model_store import Composite
    from training.photos.garments import Garment

    Photo = NDArray[np.float32]  # (1, H, W, 3)
    Probabilities = NDArray[np.float32]  # (N, classes)
    Labels = NDArray[np.int64]

SIGMA = 50  # of 255
_STAGES = ("clean", "noisy", "denoised")
_NONE = PHOTO_CLASSES.index(NONE)
_MOST_CONFUSIONS = 12


def evaluate_photos(model: Composite) -> dict[str, Any]:
    """Return what a card says under `metrics`, over the validation photos.

    Accuracies in [0, 1] are over the photos of garments the model has a class for; `told_as_none`
    is the share of the others that are called none of these, `lost_to_none` that of the garments.
    PSNR in dB, noise Gaussian with a deviation of 50 of 255, cut off at black and white.
    """
    garments = list_garments("validation")
    labels = np.array([garment.label for garment in garments], np.int64)
    said, decibels = _look_at(model, garments)
    known = labels != _NONE
    rightness = {
        f"{stage}_accuracy": accuracy(said[stage][known], labels[known]) for stage in _STAGES
    }
    called_none = {stage: said[stage].argmax(axis=1) == _NONE for stage in _STAGES}
    return {
        "protocol": {
            "kind": "gaussian",
            "level": round(SIGMA / 255, 3),
            "seeds": 1,
            "images": int(known.sum()),
            "pictures": "photos of people's own clothes",
        },
        **rightness,
        **decibels,
        "told_as_none": {s: float(called_none[s][~known].mean()) for s in _STAGES},
        "lost_to_none": {s: float(called_none[s][known].mean()) for s in _STAGES},
        "calibration_error": {s: calibration_error(said[s], labels) for s in _STAGES},
        "confusions": {s: confusions(said[s], labels) for s in _STAGES},
    }


def _look_at(
    model: Composite, garments: Sequence[Garment]
) -> tuple[dict[str, Probabilities], dict[str, float]]:
    """Return what is said of each photo clean, noisy and denoised, and the mean PSNR."""
    said: dict[str, list[Probabilities]] = {stage: [] for stage in _STAGES}
    decibels: dict[str, list[float]] = {"noisy_psnr": [], "denoised_psnr": []}
    for number, garment in enumerate(garments):
        clean = np.asarray(garment.open(), np.float32)[np.newaxis] / np.float32(255)
        rng = np.random.default_rng([number, SIGMA])
        noisy = add_noise(clean, "gaussian", SIGMA / 255, rng=rng)
        denoised = model.denoise(noisy)
        for stage, photo in zip(_STAGES, (clean, noisy, denoised), strict=True):
            said[stage].append(model.classify(photo)[0])
        decibels["noisy_psnr"].append(mean_psnr(clean, noisy))
        decibels["denoised_psnr"].append(mean_psnr(clean, denoised))
    stacked = {stage: np.stack(rows) for stage, rows in said.items()}
    return stacked, {name: float(np.mean(values)) for name, values in decibels.items()}


def confusions(said: Probabilities, labels: Labels) -> dict[str, int]:
    """Return the commonest mistakes as `{"label > guess": photos}`."""
    guesses = said.argmax(axis=1)
    wrong = Counter(
        f"{PHOTO_CLASSES[label]} > {PHOTO_CLASSES[guess]}"
        for label, guess in zip(labels, guesses, strict=True)
        if label != guess
    )
    return dict(wrong.most_common(_MOST_CONFUSIONS))
