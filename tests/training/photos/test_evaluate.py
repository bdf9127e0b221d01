import json

import numpy as np
import pytest

from training.photos.evaluate import SIGMA, confusions, evaluate_photos
from training.photos.garments import NONE, PHOTO_CLASSES, list_garments

STAGES = {"clean", "noisy", "denoised"}


class Stubborn:
    """A model that takes off no noise and always says one class."""

    def __init__(self, name):
        self.said = PHOTO_CLASSES.index(name)
        self.photos = []

    def denoise(self, photo):
        return photo

    def classify(self, photo):
        self.photos.append(photo)
        return np.eye(len(PHOTO_CLASSES), dtype=np.float32)[[self.said]]


@pytest.fixture(autouse=True)
def data(photo_data):
    """Every test reads the drawn photos: six of garments, one of a shoe, three of none of these."""


def test_whoever_always_says_one_class_is_right_about_that_alone():
    found = evaluate_photos(Stubborn("Coat"))
    assert [found[f"{stage}_accuracy"] for stage in STAGES] == pytest.approx([1 / 7] * 3)
    assert found["protocol"]["images"] == 7
    assert found["protocol"]["level"] == pytest.approx(SIGMA / 255, abs=1e-3)
    assert found["told_as_none"] == found["lost_to_none"] == dict.fromkeys(STAGES, 0)
    assert found["calibration_error"] == pytest.approx(dict.fromkeys(STAGES, 0.9))  # sure of all
    mistakes = found["confusions"]["clean"]
    assert sum(mistakes.values()) == 9
    assert next(iter(mistakes.items())) == (f"{NONE} > Coat", 3)


def test_whoever_never_sees_a_garment():
    found = evaluate_photos(Stubborn(NONE))
    assert found["clean_accuracy"] == 0
    assert found["told_as_none"] == found["lost_to_none"] == dict.fromkeys(STAGES, 1)


def test_the_noise_is_that_of_the_protocol_and_the_same_each_time():
    found = evaluate_photos(Stubborn("Coat"))
    assert found["noisy_psnr"] == found["denoised_psnr"]
    assert found["noisy_psnr"] == pytest.approx(-20 * np.log10(SIGMA / 255), abs=1)
    assert evaluate_photos(Stubborn("Coat")) == found
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_photos_are_classified_clean_noisy_and_denoised():
    model = Stubborn("Coat")
    evaluate_photos(model)
    assert len(model.photos) == 3 * len(list_garments("validation"))
    clean, noisy, denoised = model.photos[:3]
    assert clean.shape == (1, 72, 54, 3)
    assert clean.dtype == noisy.dtype == np.float32
    assert np.array_equal(noisy, denoised)
    assert 0.1 < np.std(noisy - clean) < SIGMA / 255
    assert 0 <= noisy.min() <= noisy.max() <= 1


def test_confusions_are_the_commonest_mistakes():
    labels = np.array([0, 0, 0, 1, 2])
    said = np.eye(11, dtype=np.float32)[[3, 3, 0, 1, 10]]
    assert confusions(said, labels) == {"T-shirt/top > Dress": 2, f"Pullover > {NONE}": 1}
    every = np.repeat(np.arange(11), 11)
    guesses = np.eye(11, dtype=np.float32)[np.tile(np.arange(11), 11)]
    assert len(confusions(guesses, every)) == 12
