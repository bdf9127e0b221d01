"""The work of a run: train, finish, write the files, evaluate, publish."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from model_store.card import read_card
from model_store.publish import publish
from model_store.store import compose, open_network
from training.describe import describe
from training.evaluate import evaluate_for_card, evaluate_to_ship
from training.export import finish, write_files
from training.fit import load_best, train
from training.photos.evaluate import evaluate_photos
from training.runs.progress import FINISHING, read_progress, write_progress
from training.runs.speed import keep_finishing

if TYPE_CHECKING:
    from pathlib import Path

    from model_store.card import ModelCard
    from model_store.composite import Composite
    from training.fit import Networks
    from training.recipe import Recipe
    from training.runs.run import Run


def produce(run: Run, recipe: Recipe) -> None:
    """Train a run, from where it stands, and publish its model in the run folder."""
    networks = train(run, recipe)
    _tell_finishing(run)
    started = time.monotonic()
    export(run, recipe, finish(networks, recipe))
    if not run.config["changes"]:
        keep_finishing(run.folder.parent, run.config["recipe"], time.monotonic() - started)


def produce_from_best(run: Run, recipe: Recipe) -> None:
    """Publish a model of the best weights of a run that ended early."""
    _tell_finishing(run)
    export(run, recipe, finish(load_best(run, recipe), recipe))


def export_again(run: Run, recipe: Recipe, shipped: Path | None) -> None:
    """Write, measure and publish the model of a run that is done anew, also as a shipped model."""
    networks = finish(train(run, recipe), recipe)
    export(run, recipe, networks, is_shipped=shipped is not None)
    if shipped:
        publish(run.model_folder, read_card(run.model_folder), shipped)


def export(run: Run, recipe: Recipe, networks: Networks, *, is_shipped: bool = False) -> None:
    """Write the files of the finished networks; publish them when they make a composite."""
    for half in run.folder.glob(".new-*"):  # left by a process that was killed
        shutil.rmtree(half)
    folder = run.folder / "export"
    folder.mkdir(exist_ok=True)
    write_files(networks, folder)
    if recipe.denoiser is None:
        return
    card = describe(run, recipe, networks)
    print(f"evaluating {card.id}", flush=True)
    model = _open(folder, card)
    publish(folder, replace(card, metrics=_evaluate(model, is_shipped)), run.model_folder)


def _evaluate(model: Composite, is_shipped: bool) -> dict[str, Any]:
    if model.card.domain == "photos":
        return evaluate_photos(model)
    return evaluate_to_ship(model) if is_shipped else evaluate_for_card(model)


def _tell_finishing(run: Run) -> None:
    progress = read_progress(run)
    write_progress(run, replace(progress, stage=FINISHING, step=0, steps=0, epoch=0, epochs=0))


def _open(folder: Path, card: ModelCard) -> Composite:
    parts = [
        open_network(card, part, (folder / f"{part}.tflite").read_bytes())
        for part in ("denoiser", "classifier")
    ]
    return compose(card, *parts)
