import pytest

from training.architectures import ARCHITECTURES
from training.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_name_what_exists(name):
    recipe = RECIPES[name]
    networks = recipe.networks.values()
    assert all(network.architecture in ARCHITECTURES for network in networks)
    names = [stage.name for stage in recipe.stages]
    assert len(set(names)) == len(names)


def test_the_original_recipe_is_the_notebooks():
    classic = RECIPES["classic"]
    classifier, denoiser = classic.stages
    assert (classifier.epochs, classifier.batch_size, classifier.noise) == (30, 128, None)
    assert (denoiser.epochs, denoiser.patience) == (100, 5)
    assert (denoiser.noise.kinds, denoiser.noise.levels) == (("uniform",), (0.6, 0.6))
