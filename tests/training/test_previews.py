import io

import numpy as np
import pytest
from PIL import Image

from training.previews import noisy_pictures, write_preview
from training.recipe import Noise
from training.runs.run import Run


def test_the_same_ten_pictures_every_time(tmp_path):
    run = Run(tmp_path)
    noisy = noisy_pictures(run, Noise())
    assert noisy.shape == (10, 28, 28, 1)
    assert np.array_equal(noisy, noisy_pictures(run, Noise()))
    sizes = [Image.open(run.previews / f"{name}.png").size for name in ("noisy", "clean")]
    assert sizes == [(560, 56)] * 2


def test_the_noise_is_the_one_that_is_learned(tmp_path):
    strong = noisy_pictures(Run(tmp_path), Noise(("uniform",), (0.6, 0.6)))
    weak = noisy_pictures(Run(tmp_path), Noise(("uniform",), (0.0, 0.1)))
    assert strong.mean() > weak.mean() + 0.1


def test_a_preview_is_small_and_whole(tmp_path):
    path = tmp_path / "previews" / "denoiser-1.png"
    beyond = np.random.default_rng(0).normal(0.5, 1, (10, 28, 28, 1)).astype(np.float32)
    write_preview(path, beyond)
    assert path.stat().st_size < 40_000
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert Image.open(io.BytesIO(path.read_bytes())).getextrema() == (0, 255)


def test_a_full_disk_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "previews" / "denoiser-1.png"
    write_preview(path, np.zeros((10, 28, 28, 1), np.float32))
    before = path.read_bytes()

    def refuse(*_):
        raise OSError(28, "full")

    monkeypatch.setattr(type(path), "replace", refuse)
    with pytest.raises(OSError, match="full"):
        write_preview(path, np.ones((10, 28, 28, 1), np.float32))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
