import numpy as np
import pytest

from imaging.classical import FILTERS, remove_mean
from imaging.metrics import psnr
from imaging.noise import add_noise
from training.datasets import load_split


@pytest.mark.parametrize("name", FILTERS)
def test_filters_keep_what_is_even_and_the_range(name, images):
    grey = np.full((1, 12, 9, 1), 0.25, np.float32)
    assert FILTERS[name](grey) == pytest.approx(grey)
    out = FILTERS[name](images)
    assert out.shape == images.shape
    assert out.dtype == np.float32
    assert 0 <= out.min() <= out.max() <= 1


@pytest.mark.parametrize(("name", "kind"), [("median", "salt_pepper"), ("bilateral", "gaussian")])
def test_filters_take_noise_off(name, kind):
    clean = load_split("test").images(slice(20))
    noisy = add_noise(clean, kind, 0.15, rng=np.random.default_rng(0))
    assert psnr(clean, FILTERS[name](noisy)).mean() > psnr(clean, noisy).mean() + 1


def test_the_median_is_that_of_nine_pixels():
    picture = np.zeros((1, 5, 5, 1), np.float32)
    picture[0, 2, 2] = 1
    assert FILTERS["median"](picture).max() == 0


def test_only_uniform_noise_has_a_mean(images):
    assert remove_mean(images, "gaussian", 0.4) is images
    assert remove_mean(images, "uniform", 0.4).mean() < images.mean()
