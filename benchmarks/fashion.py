"""`fashion` against its goals and its peers: `python -m benchmarks.fashion [--help]`."""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import peers
from benchmarks.classic import open_notebook
from benchmarks.tables import print_table
from imaging.metrics import psnr, ssim
from imaging.pictures import strip, tile, to_ink, to_png
from model_store import Composite, open_model
from model_store.runtime import Network
from training.datasets import load_split
from training.evaluate import Protocol, accuracy, evaluate, mean_psnr
from training.samples import noisy_samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Denoise = Callable[[Images, Images], Images]

_GOALS = (
    ("uniform", 0.3),
    ("uniform", 0.6),
    ("gaussian", 0.3),
    ("gaussian", 0.5),
    ("salt_pepper", 0.3),
    ("poisson", 0.3),
    ("speckle", 0.5),
)
_LEVELS = {"uniform": (0.3, 0.6, 0.9)}
_OTHER_LEVELS = (0.1, 0.3, 0.5)
_PICTURED = (23, 2, 4, 18, 11)  # test images


def print_goals(model: Composite, noise_trained: Network | None, seeds: int) -> None:
    """Print the figures over all test images, the mean of the seeds."""
    labels = load_split("test").labels
    rows = []
    for kind, level in _GOALS:
        figures = evaluate(model, Protocol(kind, level, seeds))
        upper = "-"
        if noise_trained:
            shares = []
            for seed in range(seeds):
                _, noisy = noisy_samples(range(len(labels)), kind=kind, level=level, seed=seed)
                shares.append(accuracy(noise_trained(noisy), labels))
            upper = f"{np.mean(shares):.2%}"
        rows.append(
            [
                f"{kind} {level}",
                f"{figures['noisy_accuracy']:.2%}",
                f"{figures['denoised_accuracy']:.2%}",
                upper,
                f"{figures['noisy_psnr']:.2f} → {figures['denoised_psnr']:.2f}",
                f"{figures['noisy_ssim']:.3f} → {figures['denoised_ssim']:.3f}",
            ]
        )
    heads = ["noise", "noisy", "denoised", "trained on noise", "PSNR in dB", "SSIM"]
    print_table(heads, rows)
    print_clean(model)


def print_clean(model: Composite) -> None:
    """Print what the model does to clean pictures, and how well it is calibrated."""
    split = load_split("test")
    clean = split.images(slice(None))
    result = model(clean)
    before = accuracy(model.classify(clean), split.labels)
    after = accuracy(result.probabilities, split.labels)
    print(
        f"\nClean pictures: {before:.2%} right as they are, {after:.2%} after the denoiser, which "
        f"leaves them at {mean_psnr(clean, result.denoised):.2f} dB."
    )
    errors = model.card.metrics["calibration_error"]
    named = ", ".join(f"{stage} {error:.2%}" for stage, error in errors.items())
    print(f"Calibration error over 15 bins: {named}.\n")


def collect_methods(model: Composite, notebook: Path | None) -> dict[str, Denoise]:
    """Return the denoisers by name, from nothing at all to `fashion`."""
    methods: dict[str, Denoise] = {"noisy": lambda _, noisy: noisy}
    for name in peers.PEERS:
        methods[name] = partial(peers.denoise, name)
    if notebook:
        own = open_notebook(notebook)
        methods["notebook"] = lambda _, noisy: own.denoise(noisy)
    classic = open_model("classic")
    methods["classic"] = lambda _, noisy: classic.denoise(noisy)
    methods["fashion"] = lambda _, noisy: model.denoise(noisy)
    return methods


def print_peers(model: Composite, methods: dict[str, Denoise], images: int) -> None:
    """Print PSNR, SSIM, accuracy and time of every method on the same images."""
    labels = load_split("test").labels[:images]
    rows = []
    for kind in ("uniform", "gaussian", "salt_pepper", "poisson", "speckle"):
        for level in _LEVELS.get(kind, _OTHER_LEVELS):
            clean, noisy = noisy_samples(range(images), kind=kind, level=level, seed=0)
            for name, denoise in methods.items():
                started = time.perf_counter()
                out = denoise(clean, noisy)
                milliseconds = (time.perf_counter() - started) / images * 1000
                rows.append(
                    [
                        f"{kind} {level}",
                        name,
                        f"{psnr(clean, out).mean():.2f}",
                        f"{ssim(clean, out).mean():.3f}",
                        f"{accuracy(model.classify(out), labels):.1%}",
                        f"{milliseconds:.2f}",
                    ]
                )
    print_table(["noise", "method", "PSNR in dB", "SSIM", "accuracy", "ms an image"], rows)


def draw_peers(methods: dict[str, Denoise], path: Path) -> None:
    """Draw one image a row and one method a column, at uniform 0.6."""
    clean, noisy = noisy_samples(_PICTURED, kind="uniform", level=0.6, seed=0)
    columns = {"clean": clean} | {name: f(clean, noisy) for name, f in methods.items()}
    names = list(columns)
    rows = [
        strip([to_ink(columns[name][number], scale=4) for name in names], names)
        for number in range(len(_PICTURED))
    ]
    path.write_bytes(to_png(tile(rows, columns=1)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--images", type=int, default=200, help="for the peers, which are slow")
    parser.add_argument("--noise-trained", type=Path, metavar="TFLITE", help="the upper reference")
    parser.add_argument("--notebook", type=Path, metavar="FILE", help="the notebook's weights")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="draw the methods side by side")
    options = parser.parse_args()
    model = open_model("fashion")
    given = options.noise_trained
    print_goals(model, Network(given.read_bytes()) if given else None, options.seeds)
    methods = collect_methods(model, options.notebook)
    print_peers(model, methods, options.images)
    if options.picture:
        draw_peers(methods, options.picture)


if __name__ == "__main__":
    main()
