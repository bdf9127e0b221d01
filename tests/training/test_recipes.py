from dataclasses import replace

import keras
import numpy as np
import pytest

from model_store import store
from training.architectures import ARCHITECTURES
from training.export import finish
from training.fit import build
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


@pytest.mark.parametrize("model", [card.id for card in store.list_cards()])
def test_a_recipe_builds_the_denoiser_that_is_shipped(model):
    shipped = keras.models.load_model(store.MODELS / model / "denoiser.keras", compile=False)
    built = build(RECIPES[model].shipped["denoiser"])
    built.set_weights(shipped.get_weights())
    finished = finish({"denoiser": built}, replace(RECIPES[model], calibrate=False))["denoiser"]
    height, width, channels = (side or 32 for side in shipped.input_shape[1:])
    pictures = np.random.default_rng(0).random((2, height, width, channels), np.float32)
    assert np.allclose(finished(pictures), shipped(pictures), atol=1e-5)
