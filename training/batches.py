"""Batches for training: drawn, augmented and made noisy afresh at every step, by a fixed seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np

from imaging.noise import add_noise
from training.work import steps_in_epoch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.datasets import Split
    from training.recipe import Augmentation, Noise, Stage

    Images = NDArray[np.float32]


class Batches(keras.utils.PyDataset):
    """The batches of one stage: `(inputs, targets)`, the same for the same seed, epoch and step.

    Targets are labels for a classifier, clean images for a denoiser, and both, `(images, labels)`,
    for a denoiser that also answers to a classifier.
    """

    def __init__(self, split: Split, stage: Stage, *, seed: int, first_epoch: int = 0) -> None:
        """Start at `first_epoch`, where a resumed run left off."""
        super().__init__(workers=1, max_queue_size=8)
        self.split, self.stage, self.seed = split, stage, seed
        self.epoch = first_epoch
        self._draw_order()

    def __len__(self) -> int:
        return steps_in_epoch(self.stage)

    def on_epoch_end(self) -> None:  # noqa: D102 - Keras' hook
        self.epoch += 1
        self._draw_order()

    def __getitem__(self, step: int) -> tuple[Images, object]:
        rng = np.random.default_rng([self.seed, self.epoch, step])
        size = self.stage.batch_size
        chosen = self.order[step * size : (step + 1) * size]
        clean = augment(self.split.images(chosen), self.stage.augmentation, rng)
        inputs = add_random_noise(clean, self.stage.noise, rng) if self.stage.noise else clean
        labels = self.split.labels[chosen]
        targets = {"classifier": labels, "denoiser": clean}[self.stage.network]
        return inputs, (clean, labels) if self.stage.asks_classifier else targets

    def _draw_order(self) -> None:
        self.order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.split))


def add_random_noise(images: Images, noise: Noise, rng: np.random.Generator) -> Images:
    """Give every image a kind out of `noise.kinds` and a level out of `noise.levels`."""
    low, high = noise.levels
    kinds = rng.integers(len(noise.kinds), size=len(images))
    levels = rng.uniform(low, high, len(images))
    if noise.clean:
        levels[rng.random(len(images)) < noise.clean] = 0
    noisy = np.empty_like(images)
    for number, kind in enumerate(noise.kinds):
        its = kinds == number
        noisy[its] = add_noise(images[its], kind, levels[its], rng=rng)
    return noisy


def augment(images: Images, how: Augmentation, rng: np.random.Generator) -> Images:
    """Shift, mirror and partly erase images (N, 28, 28, 1), each in its own way."""
    if how.shift:
        images = _shift(images, how.shift, rng)
    if how.mirror:
        mirrored = rng.random(len(images)) < 0.5
        images = np.where(mirrored[:, None, None, None], images[:, :, ::-1], images)
    if how.erase:
        images = _erase(images, how.erase, rng)
    return images


def _shift(images: Images, most: int, rng: np.random.Generator) -> Images:
    """Move each image by up to `most` pixels either way, black coming in at the edge."""
    height, width = images.shape[1:3]
    padded = np.pad(images[..., 0], ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    down, right = rng.integers(0, 2 * most + 1, (2, len(images)))
    return windows[np.arange(len(images)), down, right][..., np.newaxis]


def _erase(images: Images, share: float, rng: np.random.Generator) -> Images:
    """Fill a random rectangle of that share of the images with noise.

    Random erasing, Zhong et al. 2020: 2 to 30 % of the area, aspect ratio 0.3 to 3.3.
    """
    count, side = len(images), images.shape[1]
    area = rng.uniform(0.02, 0.3, count) * side**2
    aspect = np.exp(rng.uniform(np.log(0.3), np.log(3.3), count))
    height = np.minimum(side - 1, np.round(np.sqrt(area * aspect))).astype(int)
    width = np.minimum(side - 1, np.round(np.sqrt(area / aspect))).astype(int)
    top, left = rng.integers(0, side - height), rng.integers(0, side - width)
    at = np.arange(side)
    rows = (at >= top[:, None]) & (at < (top + height)[:, None])
    columns = (at >= left[:, None]) & (at < (left + width)[:, None])
    erased = rows[:, :, None] & columns[:, None, :] & (rng.random(count) < share)[:, None, None]
    return np.where(erased[..., None], rng.random(images.shape, dtype=np.float32), images)
