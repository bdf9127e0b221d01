"""Calibration: are pictures called "80 % sure" right in 80 % of the cases?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Probabilities = NDArray[np.float32]
    Labels = NDArray[np.int64]

_BINS = 15


def reliability(probabilities: Probabilities, labels: Labels) -> list[dict[str, float]]:
    """Return confidence, accuracy and share of the images in each of 15 bins that is not empty.

    The reliability diagram of Guo et al. 2017.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    numbers = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in np.unique(numbers):
        inside = numbers == number
        bins.append(
            {
                "confidence": round(float(sure[inside].mean()), 4),
                "accuracy": round(float(right[inside].mean()), 4),
                "share": round(float(inside.mean()), 4),
            }
        )
    return bins


def calibration_error(probabilities: Probabilities, labels: Labels) -> float:
    """Return the expected calibration error in [0, 1] over 15 bins (Naeini 2015, Guo 2017)."""
    bins = reliability(probabilities, labels)
    return float(sum(b["share"] * abs(b["confidence"] - b["accuracy"]) for b in bins))


def best_temperature(logits: NDArray[np.float32], labels: Labels) -> float:
    """Return the temperature, 0.2 to 5, that gives the labels the highest likelihood."""
    candidates = np.geomspace(0.2, 5, 400)
    losses = [_negative_log_likelihood(logits / t, labels) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _negative_log_likelihood(logits: NDArray[np.float32], labels: Labels) -> float:
    top = logits.max(axis=1)
    total = top + np.log(np.exp(logits - top[:, np.newaxis]).sum(axis=1))
    return float(np.mean(total - logits[np.arange(len(labels)), labels]))
