import numpy as np
import pytest

from training.batches import Batches, add_random_noise, augment
from training.datasets import load_split
from training.recipe import Augmentation, Noise
from training.recipes import RECIPES

STAGES = [(name, stage) for name, recipe in RECIPES.items() for stage in recipe.stages]


@pytest.mark.parametrize(("recipe", "stage"), STAGES, ids=[f"{n}-{s.name}" for n, s in STAGES])
def test_batches_repeat_by_seed_and_epoch_alone(recipe, stage):
    split = load_split("validation")
    inputs, targets = Batches(split, stage, seed=3)[1]
    again, _ = Batches(split, stage, seed=3)[1]
    assert inputs.shape == (stage.batch_size, 28, 28, 1)
    assert inputs.dtype == np.float32
    assert 0 <= inputs.min() < inputs.max() <= 1
    assert np.array_equal(inputs, again)
    assert not np.array_equal(inputs, Batches(split, stage, seed=4)[1][0])
    later = Batches(split, stage, seed=3)
    later.on_epoch_end()
    resumed = Batches(split, stage, seed=3, first_epoch=1)
    assert np.array_equal(later[1][0], resumed[1][0])
    assert len(targets[0] if stage.asks_classifier else targets) == stage.batch_size


def test_random_noise_covers_kinds_and_levels(images):
    grey = np.full((400, 8, 8, 1), 0.5, np.float32)
    noisy = add_random_noise(grey, Noise(), np.random.default_rng(0))
    changed = np.abs(noisy - grey).mean(axis=(1, 2, 3))
    assert changed.min() < 0.02
    assert changed.max() > 0.3
    only = add_random_noise(grey, Noise(("uniform",), (0.6, 0.6)), np.random.default_rng(0))
    assert only.mean() == pytest.approx(0.5 + 0.2917, abs=0.005)  # a sixth is clipped


def test_shifts_and_mirrors_keep_the_picture():
    picture = np.zeros((200, 28, 28, 1), np.float32)
    picture[:, 10:12, 5:7] = 1
    moved = augment(picture, Augmentation(shift=2, mirror=True), np.random.default_rng(0))
    assert np.all(moved.sum(axis=(1, 2, 3)) == 4)
    columns = {tuple(np.flatnonzero(image.sum(axis=(0, 2)))) for image in moved}
    assert len(columns) == 10  # five shifts, and their mirror images


def test_erasing_takes_rectangles_from_that_share():
    black = np.zeros((1000, 28, 28, 1), np.float32)
    erased = augment(black, Augmentation(erase=0.5), np.random.default_rng(0))
    share = (erased > 0).mean(axis=(1, 2, 3))
    assert np.mean(share > 0) == pytest.approx(0.5, abs=0.05)
    assert 0.005 < share[share > 0].min() < share.max() < 0.35
