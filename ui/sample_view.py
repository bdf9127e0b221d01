"""One sample on its way: clean, noisy, denoised, and what the model says of each."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from imaging.metrics import psnr, ssim
from imaging.pictures import strip, tile, to_ink, to_png
from training.datasets import CLASSES, load_split
from training.samples import noisy_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from model_store import Composite

STAGES = ("clean", "noisy", "denoised")


@dataclass(frozen=True)
class Guess:
    """The class a model thinks most likely."""

    name: str
    probability: float
    is_right: bool


@dataclass(frozen=True)
class SampleView:
    """Everything a page shows of one sample."""

    model_title: str
    position: int  # in the test set
    label: str
    pictures: dict[str, NDArray[np.float32]]  # stage, or "taken off" -> (28, 28, 1)
    probabilities: dict[str, NDArray[np.float32]]  # stage -> (classes,)
    seconds: float  # to denoise and classify

    def guess(self, stage: str) -> Guess:
        """Return what the model says of the picture at a stage."""
        best = int(self.probabilities[stage].argmax())
        name = CLASSES[best]
        return Guess(name, float(self.probabilities[stage][best]), name == self.label)

    @cached_property
    def quality(self) -> dict[str, tuple[float, float]]:
        """PSNR in dB and SSIM of the noisy and the denoised picture."""
        clean = self.pictures["clean"][np.newaxis]
        others = {stage: self.pictures[stage][np.newaxis] for stage in STAGES[1:]}
        return {
            stage: (float(psnr(clean, other)[0]), float(ssim(clean, other)[0]))
            for stage, other in others.items()
        }


def view_sample(
    model: Composite, position: int, *, kind: str, level: float, seed: int
) -> SampleView:
    """Return a test image on its way through the model."""
    clean, noisy = noisy_samples([position], kind=kind, level=level, seed=seed)
    started = time.perf_counter()
    result = model(noisy)
    seconds = time.perf_counter() - started
    pictures = dict(zip(STAGES, (clean[0], noisy[0], result.denoised[0]), strict=True))
    pictures["taken off"] = np.abs(noisy[0] - result.denoised[0])  # nothing is as blank as paper
    before = model.classify(np.concatenate([clean, noisy]))
    probabilities = dict(zip(STAGES, (*before, result.probabilities[0]), strict=True))
    label = CLASSES[load_split("test").labels[position]]
    return SampleView(model.card.title, position, label, pictures, probabilities, seconds)


def to_strip_png(views: Sequence[SampleView]) -> bytes:
    """Return the three pictures of each sample as one PNG, a row a sample."""
    rows = [
        strip([to_ink(view.pictures[stage], scale=10) for stage in STAGES], STAGES)
        for view in views
    ]
    return to_png(tile(rows, columns=1))


def to_csv(views: Sequence[SampleView]) -> str:
    """Return the class probabilities of each sample and stage as CSV."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["test_image", "label", "model", "picture", *CLASSES])
    for view in views:
        for stage in STAGES:
            shares = (f"{share:.6f}" for share in view.probabilities[stage])
            table.writerow([view.position, view.label, view.model_title, stage, *shares])
    return text.getvalue()
