"""A run from start to end: train, finish, write the files, evaluate, publish."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from model_store.card import DataSource, ModelCard, TrainedNoise, read_card
from model_store.composite import Composite
from model_store.publish import publish
from model_store.runtime import Network
from training.datasets import CLASSES, SIDE
from training.evaluate import evaluate_for_card
from training.export import count_multiply_adds, finish, write_files
from training.fit import TrainingDiverged, TrainingStopped, train
from training.runs import RunError, RunState

if TYPE_CHECKING:
    from pathlib import Path

    from training.fit import Networks
    from training.recipe import Recipe
    from training.runs import Run

_FASHION_MNIST = DataSource(
    name="Fashion-MNIST, 55,000 of its training images",
    licence="MIT, Zalando SE",
    source="https://github.com/zalandoresearch/fashion-mnist",
)


def produce(run: Run, recipe: Recipe) -> RunState:
    """Train a run, from where it stands, and publish its model in the run folder.

    Return the state it ended in: done, stopped, or failed.
    """
    with run.locked():
        run.move_to(RunState.RUNNING)
        try:
            networks = finish(train(run, recipe), recipe)
            export(run, recipe, networks)
        except TrainingStopped:
            run.move_to(RunState.STOPPED, "Stopped on request.")
        except TrainingDiverged as error:
            run.move_to(RunState.FAILED, str(error))
        except BaseException as error:
            run.move_to(RunState.FAILED, f"{type(error).__name__}: {error}")
            raise
        else:
            run.move_to(RunState.DONE)
    return run.state


def export(run: Run, recipe: Recipe, networks: Networks) -> None:
    """Write the files of the finished networks; publish them when they make a composite."""
    folder = run.folder / "export"
    folder.mkdir(exist_ok=True)
    write_files(networks, folder)
    if recipe.denoiser is None:
        return
    card = _describe(run, recipe, networks)
    print(f"evaluating {card.id}", flush=True)
    metrics = evaluate_for_card(_open(folder, card))
    publish(folder, replace(card, metrics=metrics), run.model_folder)


def _open(folder: Path, card: ModelCard) -> Composite:
    parts = [
        Network((folder / f"{part}.tflite").read_bytes()) for part in ("denoiser", "classifier")
    ]
    return Composite(card, *parts)


def _describe(run: Run, recipe: Recipe, networks: Networks) -> ModelCard:
    noise = recipe.trained_noise
    return ModelCard(
        id=run.folder.name,
        title=recipe.title,
        purpose=recipe.purpose,
        classes=CLASSES,
        input=f"float32 (N, {SIDE}, {SIDE}, 1) in [0, 1], light on dark",
        trained_noise=TrainedNoise(noise.kinds, noise.levels),
        recipe=run.config["recipe"],
        settings={"seed": recipe.seed, "stages": [asdict(stage) for stage in recipe.stages]},
        data=(_FASHION_MNIST,),
        metrics={},
        parameters={part: network.count_params() for part, network in networks.items()},
        multiply_adds={part: count_multiply_adds(network) for part, network in networks.items()},
        run=run.folder.name,
    )


def export_again(run: Run, recipe: Recipe, shipped: Path | None) -> None:
    """Write, measure and publish a finished run's model anew, and also as a shipped model.

    Raises:
        RunError: when the run is not done.
    """
    if run.state is not RunState.DONE:
        raise RunError(f"The run {run.folder.name} is {run.state}: finish it first.")
    with run.locked():
        export(run, recipe, finish(train(run, recipe), recipe))
    if shipped:
        publish(run.model_folder, read_card(run.model_folder), shipped)
