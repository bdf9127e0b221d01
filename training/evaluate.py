"""Evaluation on the test images, through the runtime that serves the app."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from imaging.classical import FILTERS, remove_mean
from imaging.metrics import psnr, ssim
from imaging.noise import NOISE_KINDS
from training.calibration import calibration_error, reliability
from training.datasets import CLASSES, load_split
from training.samples import noisy_samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_store import Composite

    Images = NDArray[np.float32]
    Probabilities = NDArray[np.float32]

CURVE_LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_MOST_MISTAKES = 24  # pictures kept for each pair of classes


@dataclass(frozen=True)
class Protocol:
    """What is measured on: a noise, and how often it is drawn afresh."""

    kind: str = "uniform"
    level: float = 0.6
    seeds: int = 5  # the figures are the mean over these
    images: int = 10_000  # the first of the test set


SHIPPED = Protocol()
OF_RUNS = Protocol(seeds=1, images=2_000)  # visitors wait for the figures of their runs
_CURVE_IMAGES = 1_000  # for each point of a curve, which is then good to about one per cent


def evaluate(model: Composite, protocol: Protocol) -> dict[str, float]:
    """Return accuracies in [0, 1], PSNR in dB and SSIM over the test images."""
    labels = load_split("test").labels[: protocol.images]
    scores = [score(model, protocol, seed)[0] for seed in range(protocol.seeds)]
    clean = load_split("test").images(slice(protocol.images))
    means = {name: float(np.mean([score[name] for score in scores])) for name in scores[0]}
    return {"clean_accuracy": accuracy(model.classify(clean), labels), **means}


def score(
    model: Composite, protocol: Protocol, seed: int
) -> tuple[dict[str, float], Probabilities]:
    """Return the figures of one draw of the noise, and what was said of the denoised images."""
    labels = load_split("test").labels[: protocol.images]
    clean, noisy = noisy_samples(
        range(protocol.images), kind=protocol.kind, level=protocol.level, seed=seed
    )
    result = model(noisy)
    figures = {
        "noisy_accuracy": accuracy(model.classify(noisy), labels),
        "denoised_accuracy": accuracy(result.probabilities, labels),
        "noisy_psnr": mean_psnr(clean, noisy),
        "denoised_psnr": mean_psnr(clean, result.denoised),
        "noisy_ssim": float(ssim(clean, noisy).mean()),
        "denoised_ssim": float(ssim(clean, result.denoised).mean()),
    }
    return figures, result.probabilities


def evaluate_for_card(model: Composite, protocol: Protocol = OF_RUNS) -> dict[str, Any]:
    """Return what a card says under `metrics`: figures, and the protocol they were measured by."""
    return {"protocol": asdict(protocol), **evaluate(model, protocol)}


def evaluate_to_ship(model: Composite) -> dict[str, Any]:
    """Return the same of a model to be shipped, and all that the page on accuracy shows."""
    return {
        **evaluate_for_card(model, SHIPPED),
        **_look_closer(model),
        "curves": {
            "images": _CURVE_IMAGES,
            "levels": CURVE_LEVELS,
            "kinds": {kind: _curves(model, kind) for kind in NOISE_KINDS},
        },
    }


def _look_closer(model: Composite) -> dict[str, Any]:
    """Return confusion, mistakes and reliability at the usual noise, by the seed 0."""
    labels = load_split("test").labels
    clean, noisy = noisy_samples(range(len(labels)), kind=SHIPPED.kind, level=SHIPPED.level, seed=0)
    said = {
        "clean": model.classify(clean),
        "noisy": model.classify(noisy),
        "denoised": model(noisy).probabilities,
    }
    return {
        "confusion": {stage: confusion(said[stage], labels) for stage in said},
        "mistakes": {stage: _mistakes(said[stage], labels) for stage in ("noisy", "denoised")},
        "reliability": {stage: reliability(said[stage], labels) for stage in said},
        "calibration_error": {stage: calibration_error(said[stage], labels) for stage in said},
    }


def _curves(model: Composite, kind: str) -> dict[str, dict[str, list[float]]]:
    """Return accuracy and PSNR by level: of the noisy picture, the model, the classical filters."""
    methods = {"noisy": None, "denoised": model.denoise, **FILTERS}
    labels = load_split("test").labels[:_CURVE_IMAGES]
    curves: dict[str, dict[str, list[float]]] = {
        method: {"accuracy": [], "psnr": []} for method in methods
    }
    for level in CURVE_LEVELS:
        clean, noisy = noisy_samples(range(_CURVE_IMAGES), kind=kind, level=level, seed=0)
        for method, denoise in methods.items():
            given = noisy if method in {"noisy", "denoised"} else remove_mean(noisy, kind, level)
            out = denoise(given) if denoise else given
            curves[method]["accuracy"].append(round(accuracy(model.classify(out), labels), 4))
            curves[method]["psnr"].append(round(mean_psnr(clean, out), 2))
    return curves


def confusion(probabilities: Probabilities, labels: NDArray[np.int64]) -> list[list[int]]:
    """Return how many images of each class (rows) were taken for each (columns)."""
    counts = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(counts, (labels, probabilities.argmax(axis=1)), 1)
    return [[int(count) for count in row] for row in counts]


def _mistakes(probabilities: Probabilities, labels: NDArray[np.int64]) -> dict[str, list[int]]:
    """Return test images for each `"label>guess"`, the most confident mistakes first."""
    guesses, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    mistakes: dict[str, list[int]] = {}
    for position in np.argsort(-sure, kind="stable"):
        if guesses[position] != labels[position]:
            pair = mistakes.setdefault(f"{labels[position]}>{guesses[position]}", [])
            if len(pair) < _MOST_MISTAKES:
                pair.append(int(position))
    return mistakes


def accuracy(probabilities: Probabilities, labels: NDArray[np.int64]) -> float:
    """Return the share of images whose likeliest class is their label."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def mean_psnr(clean: Images, other: Images) -> float:
    """Return the mean PSNR of the images in dB, each counted as at most 60 to keep it finite."""
    return float(np.minimum(psnr(clean, other), 60).mean())
