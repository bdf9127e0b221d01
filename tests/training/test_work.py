import pytest

from training import multiply_adds
from training.export import count_multiply_adds
from training.fit import build
from training.recipes import RECIPES
from training.runs.speed import RecipeSpeed, StageSpeed
from training.settings import change
from training.work import foresee, foresee_seconds

FOR_SAMPLES = [name for name, recipe in RECIPES.items() if recipe.domain == "samples"]


@pytest.mark.parametrize("name", FOR_SAMPLES)
def test_networks_cost_what_was_worked_out(name):
    for changes in ({}, {"width": "0.5"}):
        for network in change(RECIPES[name], changes).networks.values():
            assert multiply_adds.count(network) == count_multiply_adds(build(network))


def seconds(**changes):
    own = RECIPES["quick"]
    changed = change(own, {key.replace("_", "."): text for key, text in changes.items()})
    stages = {stage.name: StageSpeed(0.02, 1e9) for stage in own.stages}
    return foresee_seconds(own, changed, RecipeSpeed(stages, finishing=6.0, total=200.0))


def test_knobs_change_the_time():
    assert seconds() == 200
    assert seconds(width="0.5") < seconds(width="0.75") < 200 < seconds(width="2")
    assert seconds(denoiser_epochs="1", classifier_epochs="1") < seconds(classifier_epochs="9")
    assert 6 <= seconds(images="1000") < seconds(images="5000") < seconds(images="55000")
    assert seconds(noise_level="0.3") == 200


def test_what_was_measured_counts():
    recipe = RECIPES["classic"]
    counts = {part: multiply_adds.count(network) for part, network in recipe.networks.items()}
    usual, finishing = foresee(recipe, counts, None)
    assert not any(load.is_measured for load in usual)
    assert finishing > 0
    known = RecipeSpeed({"denoiser": StageSpeed(0.5, 1.0)}, 6.0, 60.0)
    classifier, denoiser = foresee(recipe, counts, known)[0]
    assert not classifier.is_measured
    assert denoiser.is_measured
    assert denoiser.seconds > 0.5
