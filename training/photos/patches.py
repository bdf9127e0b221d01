"""Patches of photographs, noisy and clean, the same for the same seed and step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np

from training.photos.camera import make_noisy
from training.photos.photographs import load_photographs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.photos.photographs import Photograph
    from training.recipe import Stage

    Patches = NDArray[np.float32]

SIDE = 96  # pixels: of smaller ones, the network would see the edge from nearly everywhere
_VALIDATION_SIDE = 128
_VALIDATION_SIGMAS = (15, 25, 50)  # of 255


class PatchBatches(keras.utils.PyDataset):
    """The batches of one stage: `(noisy, clean)`, float32 (N, 96, 96, 3)."""

    def __init__(self, stage: Stage, *, seed: int, first_epoch: int = 0) -> None:
        """Start at `first_epoch`, where a resumed run left off."""
        super().__init__(workers=1, max_queue_size=8)
        self.photographs = load_photographs("train")
        # Larger photographs have more to show.
        areas = np.array([photograph.size for photograph in self.photographs], float)
        self.chances = areas / areas.sum()
        self.stage, self.seed, self.epoch = stage, seed, first_epoch

    def __len__(self) -> int:
        return self.stage.steps

    def on_epoch_end(self) -> None:  # noqa: D102 - Keras' hook
        self.epoch += 1

    def __getitem__(self, step: int) -> tuple[Patches, Patches]:
        # Its name makes each stage draw other patches.
        rng = np.random.default_rng([self.seed, *self.stage.name.encode(), self.epoch, step])
        clean = _as_floats([self._choose(rng) for _ in range(self.stage.batch_size)])
        noise = self.stage.noise
        return make_noisy(clean, rng, levels=noise.levels if noise else None), clean

    def _choose(self, rng: np.random.Generator) -> Photograph:
        """Return the livelier of two random patches: in most, there is hardly anything to learn."""
        chosen = rng.choice(len(self.photographs), 2, p=self.chances)
        return max((_cut(self.photographs[number], rng) for number in chosen), key=_liveliness)


def _cut(photograph: Photograph, rng: np.random.Generator) -> Photograph:
    """Return a random patch, turned and mirrored by chance."""
    height, width = photograph.shape[:2]
    top, left = rng.integers(0, (height - SIDE + 1, width - SIDE + 1))
    patch = photograph[top : top + SIDE, left : left + SIDE]
    patch = np.rot90(patch, int(rng.integers(4)))
    return np.asarray(patch[:, ::-1] if rng.random() < 0.5 else patch)


def _liveliness(patch: Photograph) -> float:
    """Return how much neighbours in a row differ on average, of 255."""
    return float(np.abs(np.diff(patch.astype(np.int16), axis=1)).mean())


def validation_patches() -> tuple[Patches, Patches]:
    """Return the middles of the photographs held back, with Gaussian noise of three strengths."""
    rng = np.random.default_rng(0)
    middles = [_middle(photograph) for photograph in load_photographs("validation")]
    clean = _as_floats(middles * len(_VALIDATION_SIGMAS))
    sigmas = np.repeat(np.array(_VALIDATION_SIGMAS, np.float32) / 255, len(middles))
    noise = sigmas[:, None, None, None] * rng.standard_normal(clean.shape, np.float32)
    return np.asarray(clean + noise, np.float32), clean


def _middle(photograph: Photograph) -> Photograph:
    top, left = ((side - _VALIDATION_SIDE) // 2 for side in photograph.shape[:2])
    return photograph[top : top + _VALIDATION_SIDE, left : left + _VALIDATION_SIDE]


def _as_floats(photographs: list[Photograph]) -> Patches:
    return np.stack(photographs).astype(np.float32) / np.float32(255)
