"""A stage may take blocks out of a network, and goes on with the rest."""

from dataclasses import replace

import numpy as np

from training.fit import build, load_best, train
from training.recipe import network
from training.recipes import RECIPES
from training.runs.run import Run

GONE_FIRST = ("encode1_1", "encode1_3")
GONE = (*GONE_FIRST, "encode1_2")
WHOLE = network("photo_denoiser", widths=(4, 8), blocks=(1, 4))
FIRST = replace(RECIPES["photo"].stages[0], epochs=1, steps=2, batch_size=1)
# Learn nothing, so that it can be seen what they begin with.
SECOND = replace(FIRST, name="refinement", learning_rate=0.0, without=GONE_FIRST)
THIRD = replace(SECOND, name="second_refinement", without=GONE)


def of_stages(*stages):
    return replace(RECIPES["photo"], denoiser=WHOLE, classifier=None, stages=stages)


def test_the_blocks_are_gone_and_the_rest_is_kept(tmp_path, photo_data):
    run = Run(tmp_path / "run")
    run.create("photo", {})
    whole = train(run, of_stages(FIRST))["denoiser"]
    names = {layer.name for layer in whole.layers}
    recipe = of_stages(FIRST, SECOND, THIRD)
    # What never learned to do without them keeps them.
    assert {layer.name for layer in load_best(run, recipe)["denoiser"].layers} == names
    for thinned in (train(run, recipe)["denoiser"], load_best(run, recipe)["denoiser"]):
        assert names - {layer.name for layer in thinned.layers} == {
            f"{block}_{part}" for block in GONE for part in ("first", "relu", "second", "add")
        }
        for layer in thinned.layers:
            weights = whole.get_layer(layer.name).get_weights()
            for kept, before in zip(layer.get_weights(), weights, strict=True):
                assert np.allclose(kept, before, atol=1e-6)


def test_a_recipe_knows_what_it_begins_with_and_what_is_shipped():
    recipe = of_stages(FIRST, SECOND, THIRD)
    assert recipe.networks == {"denoiser": WHOLE}
    begun, shipped = build(WHOLE), build(recipe.shipped["denoiser"])
    assert len(begun.weights) - len(shipped.weights) == 2 * len(GONE)
