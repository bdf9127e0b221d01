import io

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from imaging.noise_level import estimate_noise

LEVELS = [5 / 255, 15 / 255, 25 / 255, 50 / 255]


def rng():
    return np.random.default_rng(0)


def drawn(height=240, width=320):
    """A gradient with a disc and stripes on it, in the middle of the range."""
    y, x = np.mgrid[:height, :width] / max(height, width)
    disc = (x - 0.4) ** 2 + (y - 0.35) ** 2 < 0.06
    stripes = (x > 0.8) & (np.sin(60 * y) > 0)
    layers = [0.3 + 0.3 * x + 0.1 * disc, 0.5 - 0.2 * y + 0.1 * stripes, 0.4 + 0.2 * x * y]
    return np.stack(layers, axis=-1).astype(np.float32)


def photographed():
    return astronaut().astype(np.float32) / 255


def noisy(photo, level, channels=3):
    noise = rng().standard_normal((*photo.shape[:2], channels), dtype=np.float32)
    return photo + np.float32(level) * noise


def as_jpeg(photo):
    buffer = io.BytesIO()
    values = np.round(np.clip(photo, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(values).save(buffer, "JPEG", quality=90)
    return np.asarray(Image.open(buffer), np.float32) / 255


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("make", [drawn, photographed])
def test_white_noise(make, level):
    assert estimate_noise(noisy(make(), level)) == pytest.approx(level, rel=0.02, abs=0.3 / 255)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("make", [drawn, photographed])
def test_noise_that_is_the_same_in_all_channels(make, level):
    assert estimate_noise(noisy(make(), level, channels=1)) == pytest.approx(level, rel=0.07)


@pytest.mark.parametrize("level", LEVELS)
def test_a_grey_photo(level):
    grey = drawn().mean(axis=2, keepdims=True).repeat(3, axis=2)
    assert estimate_noise(noisy(grey, level, channels=1)) == pytest.approx(level, rel=0.07)


@pytest.mark.parametrize("level", [15 / 255, 30 / 255])
def test_coarse_noise_after_jpeg(level):
    """Each pixel shares its noise with its neighbours, as after a colour filter array."""
    fine = noisy(np.zeros((513, 513, 3), np.float32), 2 * level)
    coarse = (fine[1:, 1:] + fine[:-1, 1:] + fine[1:, :-1] + fine[:-1, :-1]) / 4
    clean = as_jpeg(photographed())
    found = as_jpeg(photographed() + coarse)
    left = (found - clean).std()
    assert 0.6 * left < estimate_noise(found) < 1.2 * left


@pytest.mark.parametrize(("make", "most"), [(drawn, 0.1 / 255), (photographed, 2 / 255)])
def test_next_to_none_in_a_clean_photo(make, most):
    assert 0 <= estimate_noise(make()) < most


@pytest.mark.parametrize("value", [0, 0.1, 0.3, 1])
def test_none_in_an_even_photo(value):
    assert estimate_noise(np.full((100, 130, 3), value, np.float32)) == 0


def test_a_background_cut_out_hides_no_noise():
    photo = noisy(photographed(), 15 / 255)
    photo[:, :250] = 1
    assert estimate_noise(photo) == pytest.approx(15 / 255, rel=0.1)


@pytest.mark.parametrize("size", [(1, 1), (7, 200), (8, 8), (15, 16), (26, 26), (8, 4096)])
def test_photos_too_small_to_tell(size):
    assert 0 <= estimate_noise(noisy(drawn(*size), 0.1)) < 0.2


def test_a_thumbnail_is_enough():
    assert estimate_noise(noisy(drawn(26, 26), 0.1)) == 0
    assert estimate_noise(noisy(drawn(32, 32), 0.1)) == pytest.approx(0.1, rel=0.2)


def test_a_large_photo_gives_the_same_each_time():
    photo = noisy(drawn(1000, 1500), 0.1)
    before = photo.copy()
    found = estimate_noise(photo)
    assert found == pytest.approx(0.1, rel=0.03)
    assert found == estimate_noise(photo)
    assert np.array_equal(photo, before)
