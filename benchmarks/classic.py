"""Accuracy of the original recipe, beside the original notebook's own weights where at hand.

`python -m benchmarks.classic [--notebook composite-weights.h5]`
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np

from benchmarks.tables import print_table
from model_store import Composite, open_model
from training.evaluate import Protocol, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_COLUMNS = (
    "clean_accuracy",
    "noisy_accuracy",
    "denoised_accuracy",
    "denoised_psnr",
    "denoised_ssim",
)


@dataclass(frozen=True)
class DenseNetwork:
    """Dense layers with relu between them, on pictures (N, 28, 28, 1)."""

    layers: Sequence[tuple[Array, Array]]  # kernel and bias of each
    finish: Callable[[Array], Array]
    input_shape: tuple[int, ...] = (28, 28, 1)

    def __call__(self, pictures: Array) -> Array:
        """Return what the last layer gives, after `finish`."""
        x = pictures.reshape(len(pictures), -1)
        *hidden, (kernel, bias) = self.layers
        for hidden_kernel, hidden_bias in hidden:
            x = np.maximum(x @ hidden_kernel + hidden_bias, 0)
        return self.finish(x @ kernel + bias)


def open_notebook(path: Path) -> Composite:
    """Return the notebook's composite from its weights file."""
    with h5py.File(path) as file:

        def layer(name: str) -> tuple[Array, Array]:
            group = file[name]
            return np.asarray(group["kernel:0"]), np.asarray(group["bias:0"])

        dense = [layer(f"sequential_1/dense_{n}") for n in (3, 4, 5)]
        autoencoder = [layer(f"model_1/dense_{n}") for n in (8, 9)]
    return Composite(
        card=replace(open_model("classic").card, id="notebook"),
        denoiser=DenseNetwork(autoencoder, _to_picture),
        classifier=DenseNetwork(dense, _to_probabilities),
    )


def _to_picture(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)), np.float32).reshape(-1, 28, 28, 1)


def _to_probabilities(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebook", type=Path, metavar="FILE", help="the notebook's weights")
    options = parser.parse_args()
    models = {"classic": open_model("classic")}
    if options.notebook:
        models["the notebook's own weights"] = open_notebook(options.notebook)
    rows = []
    for name, model in models.items():
        figures = evaluate(model, Protocol())
        rows.append([name, *(f"{figures[column]:.4g}" for column in _COLUMNS)])
    print_table(["model", *_COLUMNS], rows)


if __name__ == "__main__":
    main()
