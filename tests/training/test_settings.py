import pytest

from imaging.noise import NOISE_KINDS
from training.recipes import RECIPES
from training.settings import RecipeError, change


def test_settings_of_a_stage():
    changed = change(
        RECIPES["classic"], {"denoiser.epochs": "5", "classifier.learning_rate": ".01"}
    )
    assert changed.stages[1].epochs == 5
    assert changed.stages[0].learning_rate == 0.01
    assert RECIPES["classic"].stages[1].epochs == 100


def test_images_and_patience_are_those_of_every_stage():
    changed = change(RECIPES["fashion"], {"images": "9000", "patience": "3"})
    assert {(stage.images, stage.patience) for stage in changed.stages} == {(9000, 3)}
    assert change(RECIPES["classic"], {"patience": "0"}).stages[1].patience is None


def test_the_noise_of_the_original_is_of_one_level():
    changed = change(RECIPES["classic"], {"noise.kind": "gaussian", "noise.level": "0.3"})
    assert changed.stages[0].noise is None
    assert changed.stages[1].noise == changed.trained_noise
    assert changed.trained_noise.kinds == ("gaussian",)
    assert changed.trained_noise.levels == (0.3, 0.3)
    every = change(RECIPES["classic"], {"noise.kind": "all"})
    assert every.trained_noise.kinds == NOISE_KINDS


def test_the_noise_of_others_reaches_up_to_the_level():
    changed = change(RECIPES["fashion"], {"noise.kind": "speckle", "noise.level": "0.5"})
    assert changed.trained_noise.levels == (0, 0.5)
    kinds = {stage.noise.kinds for stage in changed.stages if stage.noise}
    assert kinds == {("speckle",)}
    assert changed.stages[-1].noise.clean == RECIPES["fashion"].stages[-1].noise.clean  # still
    same = change(RECIPES["fashion"], {"noise.kind": "all"})
    assert same.stages == RECIPES["fashion"].stages


def test_width_and_bottleneck():
    changed = change(RECIPES["fashion"], {"width": "0.5"})
    assert changed.classifier.arguments == {"stem": 16, "widths": (32, 64, 128)}
    assert changed.denoiser.arguments["widths"] == (16, 32, 64)
    assert changed.denoiser.arguments["blocks"] == (1, 1, 2)
    assert change(RECIPES["quick"], {"width": "0.25"}).denoiser.arguments["widths"][0] == 4
    classic = change(RECIPES["classic"], {"width": "2", "bottleneck": "16"})
    assert classic.classifier.arguments == {"width": 512}
    assert classic.denoiser.arguments == {"bottleneck": 16}


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": "5"},
        {"denoiser.name": "x"},
        {"tuning.epochs": "5"},
        {"denoiser.epochs": "0"},
        {"denoiser.epochs": "-1"},
        {"denoiser.epochs": "1e9"},
        {"denoiser.epochs": "nan"},
        {"denoiser.epochs": "many"},
        {"denoiser.epochs": ""},
        {"images": "0"},
        {"images": "55001"},
        {"images": "100"},  # fewer than a batch
        {"noise.kind": "rain"},
        {"noise.level": "0"},
        {"noise.level": "1.1"},
        {"width": "100"},
        {"bottleneck": "0"},
        {"patience": "-1"},
        {"": "1"},
    ],
)
def test_settings_out_of_bounds_are_refused(changes):
    with pytest.raises(RecipeError, match=r"setting.*\.|setting .* must be"):
        change(RECIPES["classic"], changes)


@pytest.mark.parametrize(
    ("recipe", "key", "value"),
    [
        ("fashion", "bottleneck", "8"),
        ("noise_trained", "bottleneck", "8"),
        ("photo", "noise.kind", "uniform"),
        ("photo", "noise.level", "0.5"),
    ],
)
def test_what_a_recipe_has_not_cannot_be_set(recipe, key, value):
    with pytest.raises(RecipeError, match="no setting"):
        change(RECIPES[recipe], {key: value})
