from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model_store import open_model


def test_the_contract(model_id, images):
    model = open_model(model_id)
    result = model(images)
    assert result.denoised.shape == images.shape
    assert result.denoised.dtype == np.float32
    assert 0 <= result.denoised.min() <= result.denoised.max() <= 1
    assert result.probabilities.shape == (3, len(model.classes))
    assert result.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_the_composite_is_its_two_parts(model_id, images):
    model = open_model(model_id)
    result = model(images)
    assert np.array_equal(result.denoised, model.denoise(images))
    assert np.array_equal(result.probabilities, model.classify(result.denoised))
    assert not np.array_equal(model.classify(images), result.probabilities)


def test_each_picture_is_judged_by_itself(model_id, images):
    model = open_model(model_id)
    alone = np.concatenate([model(images[n : n + 1]).probabilities for n in range(3)])
    assert np.array_equal(model(images).probabilities, alone)


def test_many_threads_get_their_own_answers(model_id):
    model = open_model(model_id)
    pictures = np.random.default_rng(1).random((40, 1, 28, 28, 1), dtype=np.float32)
    expected = [model(picture).probabilities for picture in pictures]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda picture: model(picture).probabilities, pictures))
    assert np.array_equal(answers, expected)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((0, 28, 28, 1), np.float32),
        np.zeros((1, 28, 28, 3), np.float32),
        np.zeros((28, 28, 1), np.float32),
        np.zeros((1, 28, 28, 1)),
        np.full((1, 28, 28, 1), 255, np.float32),
        np.full((1, 28, 28, 1), np.nan, np.float32),
    ],
    ids=["none", "colour", "no batch", "float64", "0..255", "nan"],
)
def test_other_pictures_are_refused(model_id, wrong):
    with pytest.raises(ValueError, match=r"float32 of shape \(N, 28, 28, 1\) in \[0, 1\]"):
        open_model(model_id)(wrong)
