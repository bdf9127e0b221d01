"""Comparing two models on the same noise: how well, how large, how fast. Free of TensorFlow."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model_store import open_model
from training.datasets import load_split
from training.evaluate import Protocol, accuracy, confusion, score
from training.runs.run import JobError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from model_store import Composite

    Images = NDArray[np.float32]

QUICK = Protocol(seeds=1, images=1_000)  # what a page has the patience for
_TIMED = 50  # pictures, one by one
_MOST_SEEDS = 20


@dataclass(frozen=True)
class Scores:
    """What one model makes of the pictures. Accuracies are in [0, 1], PSNR in dB."""

    id: str
    title: str
    clean_accuracy: float
    noisy_accuracy: float
    denoised_accuracy: float
    noisy_psnr: float
    denoised_psnr: float
    noisy_ssim: float
    denoised_ssim: float
    confusion: tuple[tuple[int, ...], ...]  # true classes in rows, guesses of the denoised ones
    bytes: int  # of the two networks the app runs
    milliseconds: float  # for one picture, denoised and classified: the median


@dataclass(frozen=True)
class Comparison:
    """Two models on the same pictures with the same noise."""

    protocol: Protocol
    first: Scores
    second: Scores

    def to_json(self) -> dict[str, Any]:
        """Return it as plain dictionaries."""
        return asdict(self)


def compare(
    first: str,
    second: str,
    protocol: Protocol = QUICK,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Measure two models, by their ids.

    Args:
        first: a shipped model or that of a run.
        second: another one, or the same.
        protocol: the noise, how often it is drawn, and how many of the test images get it.
        progress: told 0 to 1 as the work goes on; what it raises ends the work.

    Raises:
        ModelError: when there is no such model.
        JobError: when a model is for photos, or the protocol asks for what cannot be.
    """
    check(protocol)
    models = [open_model(first), open_model(second)]
    for model in models:
        if model.card.domain != "samples":
            raise JobError(f"{model.card.title} is for photos: compare models for samples.")
    tell = progress or (lambda _: None)
    one = _score(models[0], protocol, lambda share: tell(share / 2))
    other = _score(models[1], protocol, lambda share: tell((1 + share) / 2))
    tell(1.0)
    return Comparison(protocol, one, other)


def check(protocol: Protocol) -> None:
    """Refuse, by a `JobError`, what cannot be measured."""
    if not 1 <= protocol.seeds <= _MOST_SEEDS or not 1 <= protocol.images <= 10_000:
        raise JobError(f"A comparison takes 1 to {_MOST_SEEDS} seeds and 1 to 10,000 images.")
    if not 0 <= protocol.level <= 1:
        raise JobError(f"The level of the noise must be from 0 to 1. Received: {protocol.level}")


def _score(model: Composite, protocol: Protocol, tell: Callable[[float], None]) -> Scores:
    split = load_split("test")
    labels = split.labels[: protocol.images]
    means: list[dict[str, float]] = []
    counts = np.zeros((len(model.classes), len(model.classes)), int)
    for seed in range(protocol.seeds):
        tell(seed / protocol.seeds)
        figures, said = score(model, protocol, seed)
        counts += np.array(confusion(said, labels))
        means.append(figures)
    clean = split.images(slice(protocol.images))
    return Scores(
        id=model.card.id,
        title=model.card.title,
        clean_accuracy=accuracy(model.classify(clean), labels),
        **{name: float(np.mean([mean[name] for mean in means])) for name in means[0]},
        confusion=tuple(tuple(map(int, row)) for row in counts),
        bytes=sum(f.bytes for name, f in model.card.files.items() if name.endswith(".tflite")),
        milliseconds=_time(model, clean),
    )


def _time(model: Composite, clean: Images) -> float:
    seconds = []
    for number in range(_TIMED):
        picture = clean[number % len(clean)][np.newaxis]
        started = time.perf_counter()
        model(picture)
        seconds.append(time.perf_counter() - started)
    return round(1000 * float(np.median(seconds)), 3)
