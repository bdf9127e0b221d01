from dataclasses import replace

import numpy as np
import pytest

from training.photos.patches import SIDE, PatchBatches, validation_patches
from training.recipe import Noise
from training.recipes import RECIPES

STAGE = replace(RECIPES["photo"].stages[0], batch_size=6, steps=3)


@pytest.fixture(autouse=True)
def data(photo_data):
    """Every test reads the drawn pictures."""


def equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_batch_is_noisy_and_clean_patches():
    batches = PatchBatches(STAGE, seed=0)
    assert len(batches) == 3
    noisy, clean = batches[0]
    assert noisy.shape == clean.shape == (6, SIDE, SIDE, 3)
    assert noisy.dtype == clean.dtype == np.float32
    assert 0 <= clean.min() < clean.max() <= 1
    assert np.allclose(clean * 255, np.round(clean * 255), atol=1e-3)
    assert np.isfinite(noisy).all()
    assert np.all(np.any(noisy != clean, axis=(1, 2, 3)))


def test_the_same_seed_epoch_and_step_give_the_same_batch_and_others_another():
    batches = PatchBatches(STAGE, seed=3)
    assert equal(batches[1], PatchBatches(STAGE, seed=3)[1])
    for other in (batches[2], PatchBatches(STAGE, seed=4)[1]):
        assert not np.array_equal(batches[1][1], other[1])


def test_a_resumed_run_goes_on_where_it_left_off():
    resumed = PatchBatches(STAGE, seed=3, first_epoch=2)
    whole = PatchBatches(STAGE, seed=3)
    assert not equal(whole[0], resumed[0])
    for _ in range(2):
        whole.on_epoch_end()
    assert equal(whole[0], resumed[0])


def test_each_stage_draws_patches_of_its_own():
    other = replace(STAGE, name="another")
    assert not equal(PatchBatches(STAGE, seed=3)[0], PatchBatches(other, seed=3)[0])


def test_a_stage_with_noise_of_its_own_gives_it_to_every_second_patch():
    levels = (0.3, 0.4)
    stage = replace(STAGE, batch_size=40, noise=Noise(kinds=("gaussian",), levels=levels))
    noisy, clean = PatchBatches(stage, seed=0)[0]
    plain, same = PatchBatches(replace(stage, noise=None), seed=0)[0]
    assert np.array_equal(clean, same)
    assert np.array_equal(noisy[1::2], plain[1::2])
    deviations = (noisy - clean)[::2].std(axis=(1, 2, 3))
    assert np.all((deviations > 0.99 * levels[0]) & (deviations < 1.01 * levels[1]))
    assert np.ptp(deviations) > 0.05


def test_larger_photographs_come_more_often():
    batches = PatchBatches(STAGE, seed=0)
    areas = [photograph.shape[0] * photograph.shape[1] for photograph in batches.photographs]
    assert batches.chances.sum() == pytest.approx(1)
    assert batches.chances.max() / batches.chances.min() == pytest.approx(max(areas) / min(areas))


def test_the_livelier_of_two_patches_is_shown():
    batches = PatchBatches(replace(STAGE, batch_size=400), seed=0)
    lively = np.random.default_rng(0).integers(0, 256, (150, 150, 3), np.uint8)
    batches.photographs = [lively, np.zeros_like(lively)]
    batches.chances = np.full(2, 0.5)
    _, clean = batches[0]
    assert (clean.max(axis=(1, 2, 3)) == 1).mean() == pytest.approx(0.75, abs=0.06)


def test_patches_are_cut_from_all_over_turned_and_mirrored():
    batches = PatchBatches(replace(STAGE, batch_size=160), seed=0)
    down, across = np.mgrid[:200, :200].astype(np.uint8)
    batches.photographs = [np.stack([down, across, across * 0], axis=2)]
    batches.chances = np.ones(1)
    _, clean = batches[0]
    places = np.round(clean * 255).astype(int)
    ways = {
        (tuple(patch[0, 1, :2] - patch[0, 0, :2]), tuple(patch[1, 0, :2] - patch[0, 0, :2]))
        for patch in places
    }
    assert len(ways) == 8
    corners = places[..., :2].min(axis=(1, 2))
    assert corners.min() < 10
    assert corners.max() > 200 - SIDE - 10
    assert np.all(np.ptp(places[..., :2], axis=(1, 2)) == SIDE - 1)


def test_validation_is_the_held_back_photographs_with_noise_of_three_strengths():
    noisy, clean = validation_patches()
    assert noisy.shape == clean.shape == (2 * 3, 128, 128, 3)
    assert noisy.dtype == clean.dtype == np.float32
    assert equal(clean[:2], clean[2:4])
    deviations = (noisy - clean).std(axis=(1, 2, 3)) * 255
    assert deviations == pytest.approx([15, 15, 25, 25, 50, 50], rel=0.02)
    assert equal(validation_patches(), (noisy, clean))
