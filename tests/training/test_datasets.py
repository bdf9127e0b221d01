import gzip
import shutil

import numpy as np
import pytest

from training import datasets
from training.datasets import CLASSES, DatasetError, load_split

SIZES = {"train": 55_000, "validation": 5_000, "test": 10_000}


@pytest.mark.parametrize("name", SIZES)
def test_splits(name):
    split = load_split(name)
    assert len(split) == SIZES[name]
    assert set(np.unique(split.labels)) == set(range(len(CLASSES)))
    images = split.images([0, 5])
    assert images.shape == (2, 28, 28, 1)
    assert images.dtype == np.float32
    assert 0 <= images.min() < images.max() <= 1


def test_train_and_validation_share_no_image_and_miss_none():
    parts = [load_split(name).pixels.reshape(-1, 784) for name in ("train", "validation")]
    original = datasets._read("train-images", dimensions=3).reshape(-1, 784)
    assert np.array_equal(np.sort(np.concatenate(parts).sum(axis=1)), np.sort(original.sum(axis=1)))


def test_the_first_test_image_is_the_ankle_boot():
    assert CLASSES[load_split("test").labels[0]] == "Ankle boot"


@pytest.mark.parametrize("damage", ["missing", "empty", "changed"])
def test_a_damaged_file_is_named(tmp_path, monkeypatch, damage):
    shutil.copytree(datasets._FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    values = bytearray(gzip.decompress(path.read_bytes()))
    path.unlink()
    values[-1] ^= 1
    if damage != "missing":
        path.write_bytes(gzip.compress(values) if damage == "changed" else b"")
    monkeypatch.setattr(datasets, "_FOLDER", tmp_path)
    with pytest.raises(DatasetError, match=r"t10k-labels-idx1-ubyte\.gz is .*restore it"):
        load_split.__wrapped__("test")
