"""Timing the recipes on this machine: a few steps of every stage, so that nobody need guess."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from training.batches import Batches
from training.datasets import load_split
from training.export import count_multiply_adds
from training.fit import build_all, prepare
from training.recipes import RECIPES
from training.runs.speed import RecipeSpeed, StageSpeed
from training.work import FINISHING_SECONDS, work_of_step

if TYPE_CHECKING:
    from training.fit import Networks
    from training.recipe import Recipe, Stage

_WARM_UP, _STEPS = 2, 6


def time_recipe(name: str, finishing: float | None = None) -> RecipeSpeed:
    """Return how fast this machine trains a recipe, by a few steps of each of its stages."""
    recipe = RECIPES[name]
    networks = build_all(recipe)
    counts = {part: count_multiply_adds(network) for part, network in networks.items()}
    stages = {}
    for stage in recipe.stages:
        pace = _time_stage(recipe, stage, networks)
        stages[stage.name] = StageSpeed(round(pace, 5), work_of_step(stage, counts))
    return RecipeSpeed(stages, round(finishing or FINISHING_SECONDS, 1))


def _time_stage(recipe: Recipe, stage: Stage, networks: Networks) -> float:
    """Return the seconds of a step."""
    batches = Batches(load_split("train").first(stage.images), stage, seed=recipe.seed)
    model = prepare(stage, networks, len(batches))
    seconds = []
    for step in range(_WARM_UP + _STEPS):
        inputs, targets = batches[step]  # made by another thread while the step before is computed
        started = time.perf_counter()
        model.train_on_batch(inputs, targets)
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds[_WARM_UP:]))
