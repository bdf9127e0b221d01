"""What a training will have to compute, foreseen before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.datasets import TRAINING_IMAGES, VALIDATION_IMAGES
from training.export import count_multiply_adds
from training.runs.clock import Load
from training.runs.speed import read_speeds

if TYPE_CHECKING:
    from training.fit import Networks
    from training.recipe import Recipe, Stage
    from training.runs.run import Run
    from training.runs.speed import StageSpeed

_SECONDS = 5e-11  # for a multiply-add; only ratios count until the run has measured itself
FINISHING_SECONDS = 15.0  # seconds, until that was measured
_FORWARD, _BACKWARD = 1, 2  # passes, in multiples of a network's multiply-adds


def foresee(run: Run, recipe: Recipe, networks: Networks) -> tuple[list[Load], float]:
    """Return the load of each stage, and the seconds of export and measuring after the last."""
    speed = read_speeds(run.folder.parent).get(run.config["recipe"])
    known = speed.stages if speed else {}
    loads = [foresee_stage(stage, networks, known.get(stage.name)) for stage in recipe.stages]
    return loads, speed.finishing if speed else FINISHING_SECONDS


def foresee_stage(stage: Stage, networks: Networks, known: StageSpeed | None) -> Load:
    """Return the load of a stage, by what was measured of its recipe if anything was."""
    work = work_of_step(stage, networks)
    return Load(
        stage=stage.name,
        epochs=stage.epochs,
        steps=_steps(stage),
        seconds=known.seconds * work / known.work if known else work * _SECONDS,
        is_measured=known is not None,
        after_epoch=VALIDATION_IMAGES / stage.batch_size / (_FORWARD + _BACKWARD),
    )


def _steps(stage: Stage) -> int:
    if stage.data != "samples":
        return stage.steps
    return (stage.images or TRAINING_IMAGES) // stage.batch_size


def work_of_step(stage: Stage, networks: Networks) -> float:
    """Return the multiply-adds of one step, the frozen network's included."""
    passes = dict.fromkeys(networks, 0)
    passes[stage.network] = _FORWARD + _BACKWARD
    if stage.asks_classifier:
        passes["classifier"] = 2 * _FORWARD  # there, and back to the picture
    if stage.behind_denoiser:
        passes["denoiser"] = _FORWARD
    counts = {part: count_multiply_adds(networks[part]) for part in networks}
    return float(stage.batch_size * sum(passes[part] * counts[part] for part in networks))
