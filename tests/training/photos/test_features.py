from dataclasses import replace

import keras
import numpy as np
import pytest

from imaging.letterbox import letterbox
from training.photos import features
from training.photos.features import FeatureBatches, training_features, validation_features
from training.photos.garments import PHOTO_CLASSES, list_garments
from training.recipes import RECIPES

STAGE = replace(RECIPES["photo"].stages[1], batch_size=8, steps=3)
ANYTHING = 3
# 13 photos of clothes, each five times, for there are so few; and crops of anything.
IN_A_PASS = 13 * 5 + ANYTHING


@pytest.fixture(autouse=True)
def little_data(photo_data, monkeypatch):
    monkeypatch.setattr(features, "_PASSES", 2)
    monkeypatch.setattr(features, "_ANYTHING", ANYTHING)
    monkeypatch.setattr(features, "_CHUNK", 50)


@pytest.fixture(scope="module")
def front():
    """A front that only looks at means of colours."""
    picture = keras.Input((224, 224, 3))
    return keras.Model(picture, keras.layers.AveragePooling2D(56)(picture))


@pytest.fixture(scope="module")
def denoiser():
    """A denoiser that makes photos a little darker."""
    noisy = keras.Input((None, None, 3))
    return keras.Model(noisy, keras.layers.Rescaling(0.9)(noisy))


@pytest.fixture
def pictures(monkeypatch):
    """The pictures that were made, by their seeds."""
    made = {}
    make = features._make

    def remember(denoise, draw):
        assert draw.seed not in made
        made[draw.seed] = make(denoise, draw)
        return made[draw.seed]

    monkeypatch.setattr(features, "_make", remember)
    return made


def test_they_are_computed_once_from_augmented_photos(front, denoiser, tmp_path, pictures):
    computed, labels = training_features(front, denoiser, tmp_path)
    assert (computed.shape, computed.dtype) == ((2 * IN_A_PASS, 4, 4, 3), np.float16)
    assert len(pictures) == len(labels) == 2 * IN_A_PASS
    in_order = np.stack([pictures[seed] for seed in sorted(pictures)])
    assert np.allclose(computed, front.predict(in_order, verbose=0), atol=2e-3)
    assert len({picture.tobytes() for picture in in_order}) == len(in_order)

    again, same_labels = training_features(
        front, denoiser, tmp_path
    )  # or `remember` would complain
    assert np.array_equal(again, computed)
    assert np.array_equal(same_labels, labels)
    assert not list(tmp_path.glob("tmp*"))


def test_a_third_of_the_photos_have_been_through_the_denoiser(front, tmp_path, monkeypatch):
    noisy = keras.Input((None, None, 3))
    whitening = keras.Model(noisy, keras.layers.Rescaling(0.0, 1.0)(noisy))
    computed, labels = training_features(front, whitening, tmp_path)
    is_white = computed.max(axis=(1, 2, 3)) == 1
    assert is_white.mean() == pytest.approx(1 / 3, abs=0.12)
    assert len(set(labels[is_white])) > 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["features.npy"]


def test_labels_belong_to_their_photos(front, denoiser, tmp_path, monkeypatch):
    def as_it_is(photo, side, rng, denoise=None):
        return letterbox(np.asarray(photo, np.float32) / 255, side)

    monkeypatch.setattr(features, "augment", as_it_is)
    monkeypatch.setattr(features, "_PASSES", 1)
    computed, labels = training_features(front, denoiser, tmp_path)
    counts = np.bincount(labels, minlength=len(PHOTO_CLASSES))
    # One photo of each class five times, none of a bag; four photos and the crops of no class.
    expected = [5] * 10 + [4 * 5 + ANYTHING]
    expected[PHOTO_CLASSES.index("Bag")] = 0
    assert counts.tolist() == expected
    garments = list_garments("train")
    seen = front.predict(np.stack([as_it_is(g.open(), 224, None) for g in garments]), verbose=0)
    for garment, its_own in zip(garments, seen, strict=True):
        is_same = np.abs(computed - its_own).max(axis=(1, 2, 3)) < 2e-3
        assert is_same.sum() == 5
        assert np.all(labels[is_same] == garment.label)


def test_a_computation_that_was_cut_short_is_not_taken_for_whole(
    front, denoiser, tmp_path, monkeypatch
):
    make = features._make

    def fail(denoise, draw):
        if draw.seed == (0, IN_A_PASS - 1):
            raise InterruptedError
        return make(denoise, draw)

    monkeypatch.setattr(features, "_make", fail)
    monkeypatch.setattr(features, "_PASSES", 1)
    with pytest.raises(InterruptedError):
        training_features(front, denoiser, tmp_path)
    monkeypatch.setattr(features, "_make", make)
    computed, labels = training_features(front, denoiser, tmp_path)
    assert len(computed) == len(labels) == IN_A_PASS
    assert np.all(np.ptp(computed, axis=(1, 2)).max(axis=1) > 0)


def test_validation_photos_are_seen_as_they_are(front):
    seen, labels = validation_features(front)
    assert seen.shape == (10, 4, 4, 3)
    assert np.bincount(labels, minlength=11).tolist() == [1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 3]
    whole = [
        letterbox(np.asarray(g.open(), np.float32) / 255, 224) for g in list_garments("validation")
    ]
    assert np.allclose(seen, front.predict(np.stack(whole), verbose=0), atol=1e-6)


@pytest.fixture
def numbered():
    """Features that say which they are."""
    numbers = np.arange(100)
    return np.tile(numbers[:, None, None, None], (1, 2, 2, 1)).astype(np.float16), numbers


def test_batches_repeat_by_seed_epoch_and_step(numbered):
    def batch(step, seed=3, epoch=0):
        return FeatureBatches(*numbered, STAGE, seed=seed, first_epoch=epoch)[step]

    seen, labels = batch(0)
    assert len(FeatureBatches(*numbered, STAGE, seed=0)) == 3
    assert (seen.shape, seen.dtype) == ((8, 2, 2, 1), np.float32)
    assert np.array_equal(seen[:, 0, 0, 0], labels)
    assert np.array_equal(batch(0)[1], labels)
    for other in (batch(1), batch(0, seed=4), batch(0, epoch=1)):
        assert not np.array_equal(other[1], labels)
    later = FeatureBatches(*numbered, STAGE, seed=3)
    later.on_epoch_end()
    assert np.array_equal(later[2][1], batch(2, epoch=1)[1])
