from dataclasses import replace

import pytest

from tests.run_folders import speed_of
from training import multiply_adds
from training.batches import Batches
from training.datasets import load_split
from training.export import count_multiply_adds
from training.fit import build
from training.recipes import RECIPES
from training.runs.speed import RecipeSpeed, StageSpeed
from training.settings import change
from training.work import foresee, foresee_seconds, images_to_validate, steps_in_epoch

FOR_SAMPLES = [name for name, recipe in RECIPES.items() if recipe.domain == "samples"]


@pytest.mark.parametrize("name", FOR_SAMPLES)
def test_networks_cost_what_was_worked_out(name):
    for changes in ({}, {"width": "0.5"}):
        for network in change(RECIPES[name], changes).networks.values():
            assert multiply_adds.count(network) == count_multiply_adds(build(network))


def seconds(**changes):
    own = RECIPES["quick"]
    changed = change(own, {key.replace("_", "."): text for key, text in changes.items()})
    return foresee_seconds(changed, speed_of(own, 200))


def test_knobs_change_the_time():
    assert seconds() == pytest.approx(200)
    assert seconds(width="0.5") < seconds(width="0.75") < 200 < seconds(width="2")
    assert seconds(denoiser_epochs="1", classifier_epochs="1") < seconds(classifier_epochs="9")
    # Its epochs are short ones: more images take no longer than it takes to fill them.
    assert seconds(images="1000") < seconds(images="5000") < seconds(images="20000") == seconds()
    assert seconds(noise_level="0.3") == pytest.approx(200)


def test_what_was_measured_counts():
    recipe = RECIPES["classic"]
    counts = {part: multiply_adds.count(network) for part, network in recipe.networks.items()}
    usual, finishing = foresee(recipe, counts, None)
    assert not any(load.is_measured for load in usual)
    assert finishing > 0
    known = RecipeSpeed({"denoiser": StageSpeed(0.5, 1.0)}, 6.0)
    classifier, denoiser = foresee(recipe, counts, known)[0]
    assert not classifier.is_measured
    assert denoiser.is_measured
    assert denoiser.seconds > 0.5


@pytest.mark.parametrize(
    ("steps", "images", "expected"),
    [(0, None, 55_000 // 64), (0, 1_000, 15), (10, None, 10), (10, 1_000, 10), (10, 320, 5)],
)
def test_steps_of_an_epoch(steps, images, expected):
    stage = replace(RECIPES["quick"].stages[1], steps=steps, images=images, batch_size=64)
    assert steps_in_epoch(stage) == expected
    batches = Batches(load_split("train").first(images), stage, seed=0)
    assert len(batches) == expected
    assert len(batches[expected - 1][1]) == 64
    (load,) = foresee(
        replace(RECIPES["quick"], stages=(stage,)), {"classifier": 1, "denoiser": 1}, None
    )[0]
    assert load.steps == expected


def test_after_a_short_epoch_few_images_are_looked_at():
    short, long = RECIPES["quick"].stages[0], RECIPES["fashion"].stages[0]
    assert images_to_validate(short) < images_to_validate(long) == len(load_split("validation"))
    patches = RECIPES["photo"].stages[0]
    assert images_to_validate(patches) == images_to_validate(long)
