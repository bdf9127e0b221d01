import pytest

from training.architectures import ARCHITECTURES
from training.recipes import RECIPES, RecipeError, change


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_name_what_exists(name):
    recipe = RECIPES[name]
    networks = [recipe.classifier, recipe.denoiser] if recipe.denoiser else [recipe.classifier]
    assert all(network.architecture in ARCHITECTURES for network in networks)
    names = [stage.name for stage in recipe.stages]
    assert len(set(names)) == len(names)


def test_the_original_recipe_is_the_notebooks():
    classic = RECIPES["classic"]
    classifier, denoiser = classic.stages
    assert (classifier.epochs, classifier.batch_size, classifier.noise) == (30, 128, None)
    assert (denoiser.epochs, denoiser.patience) == (100, 5)
    assert (denoiser.noise.kinds, denoiser.noise.levels) == (("uniform",), (0.6, 0.6))


def test_settings_can_be_changed():
    changed = change(
        RECIPES["classic"], {"denoiser.epochs": "5", "classifier.learning_rate": ".01"}
    )
    assert changed.stages[1].epochs == 5
    assert changed.stages[0].learning_rate == 0.01
    assert RECIPES["classic"].stages[1].epochs == 100


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
    ],
)
def test_settings_out_of_bounds_are_refused(changes):
    with pytest.raises(RecipeError, match="setting"):
        change(RECIPES["classic"], changes)
