"""What the frozen front of the photo classifier makes of many augmented photos, computed once.

The front is most of the network's work and never changes: so each photo is augmented several
times, its features are kept in the run folder, and the branch that learns is trained on those.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import keras
import numpy as np

from imaging.letterbox import letterbox
from model_store.photo import denoise_in_tiles
from model_store.runtime import LargeNetwork, Network
from training.photos.backbone import SIDE
from training.photos.clones import at_fixed_size
from training.photos.garments import NONE, PHOTO_CLASSES, augment, crop_of_anything, list_garments
from training.photos.photographs import load_scenes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from training.photos.garments import Garment
    from training.recipe import Stage

    Features = NDArray[np.float16]  # (N, 14, 14, 112)
    Labels = NDArray[np.int64]
    Photo = NDArray[np.float32]  # (H, W, 3)

_PASSES = 5  # augmented copies of each photo
_ANYTHING = 500  # crops of photographs in each pass
_FEW = 200  # photos of a class: one with fewer is repeated, up to five times, in each pass
_CHUNK = 512


@dataclass(frozen=True)
class _Draw:
    """One picture to be made; the seed makes it the same each time."""

    garment: Garment | None  # None: a crop of anything
    seed: tuple[int, int]


def training_features(
    front: keras.Model, denoiser: keras.Model, folder: Path
) -> tuple[Features, Labels]:
    """Return features and labels of all draws, from `folder` where they have been computed.

    Some of the photos have been through the denoiser, so that the classifier knows what it leaves.
    """
    draws = [draw for number in range(_PASSES) for draw in _draw_pass(number)]
    labels = np.array(
        [d.garment.label if d.garment else PHOTO_CLASSES.index(NONE) for d in draws], np.int64
    )
    path, unfinished = folder / "features.npy", folder / "tmp.features.npy"
    if not path.exists():
        shape = (len(draws), *front.output_shape[1:])
        features = np.lib.format.open_memmap(unfinished, "w+", np.float16, shape)
        network = Network(_to_litert(front, folder / "front.tflite"))
        make = partial(_make, _to_function(denoiser, folder))
        load_scenes()  # before several threads ask for them at once
        for start in range(0, len(draws), _CHUNK):
            with ThreadPoolExecutor() as pool:
                pictures = np.stack(list(pool.map(make, draws[start : start + _CHUNK])))
            features[start : start + _CHUNK] = network(pictures)
            print(f"features {start + len(pictures)}/{len(draws)}", flush=True)
        features.flush()
        unfinished.replace(path)
    return np.load(path, mmap_mode="r"), labels


def validation_features(front: keras.Model) -> tuple[NDArray[np.float32], Labels]:
    """Return features and labels of the validation photos as they are."""
    garments = list_garments("validation")
    pictures = np.stack([_whole(garment) for garment in garments])
    labels = np.array([garment.label for garment in garments], np.int64)
    return front.predict(pictures, batch_size=32, verbose=0), labels


def _draw_pass(number: int) -> list[_Draw]:
    garments = list_garments("train")
    counts = np.bincount([garment.label for garment in garments], minlength=len(PHOTO_CLASSES))
    repeats = np.clip(np.rint(_FEW / np.maximum(counts, 1)), 1, 5).astype(int)
    drawn: list[Garment | None] = [g for g in garments for _ in range(repeats[g.label])]
    drawn += [None] * _ANYTHING
    return [_Draw(garment, (number, position)) for position, garment in enumerate(drawn)]


def _make(denoise: Callable[[Photo], Photo], draw: _Draw) -> Photo:
    rng = np.random.default_rng(draw.seed)
    photo = draw.garment.open() if draw.garment else crop_of_anything(rng)
    return augment(photo, SIDE, rng, denoise)


def _whole(garment: Garment) -> NDArray[np.float32]:
    return letterbox(np.asarray(garment.open(), np.float32) / np.float32(255), SIDE)


def _to_function(denoiser: keras.Model, folder: Path) -> Callable[[Photo], Photo]:
    network = LargeNetwork(_to_litert(at_fixed_size(denoiser), folder / "denoiser.tflite"))
    return partial(denoise_in_tiles, network)


def _to_litert(network: keras.Model, path: Path) -> bytes:
    """Return a network as the app would run it: several times faster than in training."""
    signature = [keras.InputSpec(shape=(1, *network.input_shape[1:]), dtype="float32")]
    network.export(path, format="litert", input_signature=signature, verbose=False)
    content = path.read_bytes()
    path.unlink()
    return content


class FeatureBatches(keras.utils.PyDataset):
    """The batches of one stage: `(features, labels)`."""

    def __init__(
        self, features: Features, labels: Labels, stage: Stage, *, seed: int, first_epoch: int = 0
    ) -> None:
        """Start at `first_epoch`, where a resumed run left off."""
        super().__init__(workers=1, max_queue_size=8)
        self.features, self.labels, self.stage = features, labels, stage
        self.seed, self.epoch = seed, first_epoch

    def __len__(self) -> int:
        return self.stage.steps

    def on_epoch_end(self) -> None:  # noqa: D102 - Keras' hook
        self.epoch += 1

    def __getitem__(self, step: int) -> tuple[NDArray[np.float32], Labels]:
        rng = np.random.default_rng([self.seed, self.epoch, step])
        chosen = np.sort(rng.choice(len(self.labels), self.stage.batch_size))
        return self.features[chosen].astype(np.float32), self.labels[chosen]
