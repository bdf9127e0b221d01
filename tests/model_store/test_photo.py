"""The shipped model for photos, and the network for large pictures that it runs on."""

import threading

import numpy as np
import pytest

from model_store import open_model
from model_store.photo import STEP, denoise_in_tiles
from model_store.runtime import LargeNetwork, Network
from model_store.store import MODELS


@pytest.fixture(scope="module")
def model():
    return open_model("photo")


def noisy_photo(height, width, sigma=25):
    """Soft stripes under noise, clipped as a file would have it."""
    across = np.sin(np.arange(width) / 7)[:, np.newaxis] + np.arange(3)
    clean = 0.5 + 0.15 * across + np.zeros((height, 1, 1))
    noise = np.random.default_rng(0).normal(0, sigma / 255, clean.shape)
    return np.clip(clean + noise, 0, 1).astype(np.float32)[np.newaxis]


@pytest.mark.parametrize("sigma", [15, 50])
@pytest.mark.parametrize("size", [(776, 1000), (40, 1600)])
def test_no_seam_is_seen_between_tiles(model, size, sigma):
    noisy = noisy_photo(*size, sigma)
    in_one_piece = model.denoiser(noisy)[0]
    assert np.abs(denoise_in_tiles(model.denoiser, noisy[0]) - in_one_piece).max() < 1 / 255


@pytest.mark.parametrize(
    ("size", "turns"), [((200, 300), 4), ((600, 500), 3), ((480, 1000), 2), ((640, 1000), 1)]
)
def test_a_small_photo_is_denoised_in_several_turns(model, size, turns):
    noisy, shares = noisy_photo(*size), []
    denoised = model.denoise(noisy, progress=shares.append)
    each = [
        np.rot90(denoise_in_tiles(model.denoiser, np.rot90(noisy[0], turn)), -turn)
        for turn in range(turns)
    ]
    assert np.abs(denoised[0] - np.clip(np.mean(each, axis=0), 0, 1)).max() < 1e-6
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 9), (64, 48)])
def test_a_photo_of_any_size_keeps_it(model, size):
    noisy = noisy_photo(*size)
    denoised = denoise_in_tiles(model.denoiser, noisy[0])
    assert (denoised.shape, denoised.dtype) == (noisy.shape[1:], np.float32)
    assert np.isfinite(denoised).all()
    assert np.abs(denoised - noisy).max() > 1e-3
    result = model.denoise(noisy)
    assert (result.shape, result.dtype) == (noisy.shape, np.float32)
    assert 0 <= result.min() <= result.max() <= 1


def test_a_large_network_gives_what_one_of_a_fixed_size_does(model):
    assert isinstance(model.denoiser, LargeNetwork)
    fixed = Network((MODELS / "photo" / "denoiser.tflite").read_bytes())
    assert fixed.input_shape == model.denoiser.input_shape
    noisy = noisy_photo(*fixed.input_shape[:2])
    assert np.abs(fixed(noisy) - model.denoiser(noisy)).max() < 1e-5


def test_callers_of_a_large_network_take_turns(model):
    photos = [noisy_photo(STEP * number, 32) for number in (2, 5, 3, 7)]
    alone = [model.denoiser(photo) for photo in photos]
    together = [None] * len(photos)

    def call(number):
        for _ in range(5):
            together[number] = model.denoiser(photos[number])

    threads = [threading.Thread(target=call, args=(n,)) for n in range(len(photos))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one, other)
