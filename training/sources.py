"""What the stages learn from: batches for training, and pictures to validate on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.batches import Batches, add_random_noise
from training.datasets import load_split
from training.photos.classifier import front
from training.photos.features import FeatureBatches, training_features, validation_features
from training.photos.patches import PatchBatches, validation_patches
from training.work import images_to_validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import keras

    from training.fit import Networks
    from training.recipe import Stage

_VALIDATION_SEED = 1


@dataclass(frozen=True)
class Source:
    """The data of one stage."""

    batches: Callable[[int], keras.utils.PyDataset]  # given the epoch to go on with, from 0
    validation: tuple[Any, Any]  # inputs and targets


def open_source(stage: Stage, seed: int, networks: Networks, folder: Path) -> Source:
    """Return the data of a stage, kept in `folder` if they take long to make.

    Raises:
        DatasetError: when the data are not there.
    """
    if stage.data == "patches":
        return Source(
            lambda epoch: PatchBatches(stage, seed=seed, first_epoch=epoch),
            validation_patches(),
        )
    if stage.data == "garments":
        frozen = front(networks["classifier"])
        features, labels = training_features(frozen, networks["denoiser"], folder)
        return Source(
            lambda epoch: FeatureBatches(features, labels, stage, seed=seed, first_epoch=epoch),
            validation_features(frozen),
        )
    split = load_split("train").first(stage.images)
    return Source(
        lambda epoch: Batches(split, stage, seed=seed, first_epoch=epoch),
        _samples_to_validate(stage),
    )


def _samples_to_validate(stage: Stage) -> tuple[Any, Any]:
    split = load_split("validation").first(images_to_validate(stage))
    clean = split.images(slice(None))
    rng = np.random.default_rng(_VALIDATION_SEED)
    inputs = add_random_noise(clean, stage.noise, rng) if stage.noise else clean
    if stage.asks_classifier:
        return inputs, (clean, split.labels)
    return inputs, split.labels if stage.network == "classifier" else clean
