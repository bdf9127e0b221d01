"""The work of a run: train, finish, write the files, evaluate, publish."""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from model_store.card import DataSource, ModelCard, TrainedNoise, read_card
from model_store.composite import Composite
from model_store.publish import publish
from model_store.runtime import Network
from training.datasets import CLASSES, SIDE, TRAINING_IMAGES
from training.evaluate import OF_RUNS, SHIPPED, evaluate_for_card
from training.export import count_multiply_adds, finish, write_files
from training.fit import load_best, train
from training.runs.about import read_about
from training.runs.progress import FINISHING, read_progress, write_progress
from training.runs.speed import keep_finishing

if TYPE_CHECKING:
    from pathlib import Path

    from training.evaluate import CardProtocol
    from training.fit import Networks
    from training.recipe import Recipe
    from training.runs.run import Run

_FASHION_MNIST = "https://github.com/zalandoresearch/fashion-mnist"


def produce(run: Run, recipe: Recipe) -> None:
    """Train a run, from where it stands, and publish its model in the run folder."""
    networks = train(run, recipe)
    _tell_finishing(run)
    started = time.monotonic()
    export(run, recipe, finish(networks, recipe), OF_RUNS)
    if not run.config["changes"]:
        keep_finishing(run.folder.parent, run.config["recipe"], time.monotonic() - started)


def produce_from_best(run: Run, recipe: Recipe) -> None:
    """Publish a model of the best weights of a run that ended early."""
    _tell_finishing(run)
    export(run, recipe, finish(load_best(run, recipe), recipe), OF_RUNS)


def export_again(run: Run, recipe: Recipe, shipped: Path | None) -> None:
    """Write, measure and publish the model of a run that is done anew, also as a shipped model."""
    networks = finish(train(run, recipe), recipe)
    export(run, recipe, networks, SHIPPED if shipped else OF_RUNS)
    if shipped:
        publish(run.model_folder, read_card(run.model_folder), shipped)


def export(run: Run, recipe: Recipe, networks: Networks, protocol: CardProtocol) -> None:
    """Write the files of the finished networks; publish them when they make a composite."""
    for half in run.folder.glob(".new-*"):  # left by a process that was killed
        shutil.rmtree(half)
    folder = run.folder / "export"
    folder.mkdir(exist_ok=True)
    write_files(networks, folder)
    if recipe.denoiser is None:
        return
    card = _describe(run, recipe, networks)
    print(f"evaluating {card.id}", flush=True)
    metrics = evaluate_for_card(_open(folder, card), protocol)
    publish(folder, replace(card, metrics=metrics), run.model_folder)


def _tell_finishing(run: Run) -> None:
    progress = read_progress(run)
    write_progress(run, replace(progress, stage=FINISHING, step=0, steps=0, epoch=0, epochs=0))


def _open(folder: Path, card: ModelCard) -> Composite:
    parts = [
        Network((folder / f"{part}.tflite").read_bytes()) for part in ("denoiser", "classifier")
    ]
    return Composite(card, *parts)


def _describe(run: Run, recipe: Recipe, networks: Networks) -> ModelCard:
    noise = recipe.trained_noise
    return ModelCard(
        id=run.folder.name,
        title=read_about(run).title or recipe.title,
        purpose=recipe.purpose,
        classes=CLASSES,
        input=f"float32 (N, {SIDE}, {SIDE}, 1) in [0, 1], light on dark",
        trained_noise=TrainedNoise(noise.kinds, noise.levels),
        recipe=run.config["recipe"],
        settings={"seed": recipe.seed, "stages": [asdict(stage) for stage in recipe.stages]},
        data=(_data(recipe),),
        metrics={},
        parameters={part: network.count_params() for part, network in networks.items()},
        multiply_adds={part: count_multiply_adds(network) for part, network in networks.items()},
        run=run.folder.name,
    )


def _data(recipe: Recipe) -> DataSource:
    count = max(stage.images or TRAINING_IMAGES for stage in recipe.stages)
    return DataSource(
        name=f"Fashion-MNIST, {count:,} of its training images",
        licence="MIT, Zalando SE",
        source=_FASHION_MNIST,
    )
