"""What a training will have to compute, foreseen before it begins. Free of TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training import multiply_adds
from training.datasets import TRAINING_IMAGES, VALIDATION_IMAGES
from training.runs.clock import Load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.recipe import Part, Recipe, Stage
    from training.runs.speed import RecipeSpeed, StageSpeed

    Counts = Mapping[Part, int]  # multiply-adds of each network for one picture

# A usual machine; where nothing was measured, only the ratios count.
_STEP = 5e-3  # seconds of a step, however little it computes
_MULTIPLY_ADD = 2e-11  # seconds
FINISHING_SECONDS = 10.0  # until that was measured
_FEW_TO_VALIDATE = 1_000
_STARTING = 5.0  # seconds to import TensorFlow, and to compile each stage
_FORWARD, _BACKWARD = 1, 2  # passes, in multiples of a network's multiply-adds


def foresee(recipe: Recipe, counts: Counts, speed: RecipeSpeed | None) -> tuple[list[Load], float]:
    """Return the load of each stage, and the seconds of export and measuring after the last."""
    known = speed.stages if speed else {}
    loads = [_foresee_stage(stage, counts, known.get(stage.name)) for stage in recipe.stages]
    return loads, speed.finishing if speed else FINISHING_SECONDS


def foresee_seconds(recipe: Recipe, speed: RecipeSpeed) -> float:
    """Return how long a recipe, as it is or changed, takes at most: stages may stop early."""
    counts = {part: multiply_adds.count(network) for part, network in recipe.networks.items()}
    loads, finishing = foresee(recipe, counts, speed)
    return _STARTING * (1 + len(loads)) + sum(load.work for load in loads) + finishing


def _foresee_stage(stage: Stage, counts: Counts, known: StageSpeed | None) -> Load:
    """Return the load of a stage, by what was measured of its recipe if anything was."""
    work = work_of_step(stage, counts)
    usual = _usual_seconds(work)
    return Load(
        stage=stage.name,
        epochs=stage.epochs,
        steps=steps_in_epoch(stage),
        seconds=known.seconds * usual / _usual_seconds(known.work) if known else usual,
        is_measured=known is not None,
        after_epoch=images_to_validate(stage) / stage.batch_size / (_FORWARD + _BACKWARD),
    )


def _usual_seconds(work: float) -> float:
    return _STEP + _MULTIPLY_ADD * work


def steps_in_epoch(stage: Stage) -> int:
    """Return how many batches make an epoch."""
    if stage.data != "samples":
        return stage.steps
    of_all = (stage.images or TRAINING_IMAGES) // stage.batch_size
    return min(stage.steps, of_all) if stage.steps else of_all


def images_to_validate(stage: Stage) -> int:
    """Return how many validation images are looked at after each epoch: after a short one, few."""
    is_short = stage.data == "samples" and stage.steps
    return _FEW_TO_VALIDATE if is_short else VALIDATION_IMAGES


def work_of_step(stage: Stage, counts: Counts) -> float:
    """Return the multiply-adds of one step, the frozen network's included."""
    passes: dict[Part, int] = dict.fromkeys(counts, 0)
    passes[stage.network] = _FORWARD + _BACKWARD
    if stage.asks_classifier:
        passes["classifier"] = 2 * _FORWARD  # there, and back to the picture
    if stage.behind_denoiser:
        passes["denoiser"] = _FORWARD
    return float(stage.batch_size * sum(passes[part] * counts[part] for part in counts))
