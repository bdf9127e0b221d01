"""Evaluation on the 10,000 test images, through the runtime that serves the app."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from imaging.metrics import psnr, ssim
from imaging.noise import add_noise
from training.datasets import load_split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model_store import Composite
    from training.datasets import Split

    Images = NDArray[np.float32]


@dataclass(frozen=True)
class Protocol:
    """What is measured on: a noise, and how often it is drawn afresh."""

    kind: str = "uniform"
    level: float = 0.6
    seeds: int = 5  # the figures are the mean over these


def evaluate(model: Composite, protocol: Protocol) -> dict[str, float]:
    """Return accuracies in [0, 1], PSNR in dB and SSIM over all test images."""
    split = load_split("test")
    clean = split.images(slice(None))
    noisy_scores = []
    for seed in range(protocol.seeds):
        rng = np.random.default_rng(seed)
        noisy = add_noise(clean, protocol.kind, protocol.level, rng=rng)
        noisy_scores.append(_score_noisy(model, split, clean, noisy))
    means = {name: float(np.mean([s[name] for s in noisy_scores])) for name in noisy_scores[0]}
    return {"clean_accuracy": _accuracy(model.classify(clean), split), **means}


def evaluate_for_card(model: Composite) -> dict[str, object]:
    """Return what a card says under `metrics`: the protocol and its figures."""
    protocol = Protocol()
    return {
        "protocol": {"images": "10,000 test images", **asdict(protocol)},
        **evaluate(model, protocol),
    }


def _score_noisy(model: Composite, split: Split, clean: Images, noisy: Images) -> dict[str, float]:
    result = model(noisy)
    return {
        "noisy_accuracy": _accuracy(model.classify(noisy), split),
        "denoised_accuracy": _accuracy(result.probabilities, split),
        "noisy_psnr": float(psnr(clean, noisy).mean()),
        "denoised_psnr": float(psnr(clean, result.denoised).mean()),
        "noisy_ssim": float(ssim(clean, noisy).mean()),
        "denoised_ssim": float(ssim(clean, result.denoised).mean()),
    }


def _accuracy(probabilities: NDArray[np.float32], split: Split) -> float:
    return float(np.mean(probabilities.argmax(axis=1) == split.labels))
