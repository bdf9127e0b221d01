"""Fashion-MNIST: loaded with checksums, split once by a fixed seed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SplitName = Literal["train", "validation", "test"]

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SIDE = 28  # pixels
VALIDATION_IMAGES = 5_000  # of the 60,000 training images
TRAINING_IMAGES = 55_000  # the others

_FOLDER = Path(__file__).parent / "data" / "fashion-mnist"
_SPLIT_SEED = 0
_FILES = {  # name without its ending -> SHA-256
    "train-images": "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
    "train-labels": "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
    "t10k-images": "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
    "t10k-labels": "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
}


class DatasetError(Exception):
    """One plain sentence that names the missing or damaged file."""


@dataclass(frozen=True)
class Split:
    """One part of the data set."""

    pixels: NDArray[np.uint8]  # (N, 28, 28)
    labels: NDArray[np.int64]  # (N,), positions in CLASSES

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int | None) -> Split:
        """Return only the first so many, which are as good as drawn by chance; None: all."""
        return Split(self.pixels[:count], self.labels[:count])

    def images(self, positions: NDArray[np.int64] | slice | list[int]) -> NDArray[np.float32]:
        """Return those images as float32 (N, 28, 28, 1) in [0, 1]."""
        return self.pixels[positions][..., np.newaxis].astype(np.float32) / np.float32(255)


@cache
def load_split(name: SplitName) -> Split:
    """Return a split: 55,000 train, 5,000 validation or 10,000 test images.

    The validation images are drawn from the original training set by a fixed seed.

    Raises:
        DatasetError: when a file is missing or damaged.
    """
    prefix = "t10k" if name == "test" else "train"
    pixels = _read(f"{prefix}-images", dimensions=3)
    labels = _read(f"{prefix}-labels", dimensions=1).astype(np.int64)
    if name == "test":
        return Split(pixels, labels)
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(labels))
    is_validation = name == "validation"
    chosen = order[:VALIDATION_IMAGES] if is_validation else order[VALIDATION_IMAGES:]
    return Split(pixels[chosen], labels[chosen])


def _read(content: str, *, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of an IDX file of bytes: magic number, sizes, then the values."""
    name = f"{content}-idx{dimensions}-ubyte.gz"
    try:
        packed = (_FOLDER / name).read_bytes()
    except OSError:
        raise DatasetError(
            f"The data file {name} is missing from {_FOLDER.name}: restore it from the repository."
        ) from None
    if hashlib.sha256(packed).hexdigest() != _FILES[content]:
        raise DatasetError(f"The data file {name} is damaged: restore it from the repository.")
    values = gzip.decompress(packed)
    shape = np.frombuffer(values, ">u4", count=dimensions, offset=4)
    return np.frombuffer(values, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
