"""Run folders as the training process leaves them, made without training."""

import json
import shutil
import time
from dataclasses import replace

import numpy as np

from model_store import store
from model_store.card import read_card
from model_store.publish import publish
from training import multiply_adds
from training.previews import noisy_pictures, write_preview
from training.recipes import RECIPES
from training.runs.about import About, write_about
from training.runs.progress import Progress, write_progress
from training.runs.run import Run
from training.runs.speed import RecipeSpeed, StageSpeed, write_speed
from training.work import foresee_seconds, work_of_step

_PATH = {
    "queued": (),
    "running": ("running",),
    "done": ("running", "done"),
    "stopped": ("running", "stopped"),
    "failed": ("running", "failed"),
    "lost": ("running", "lost"),
}


def time_recipes(folder):
    """Write how long the recipes take, so that nobody sets about measuring it."""
    folder.mkdir(parents=True, exist_ok=True)
    for recipe, seconds in (("quick", 44), ("classic", 190), ("balanced", 615), ("fashion", 14000)):
        write_speed(folder, recipe, speed_of(RECIPES[recipe], seconds))


def speed_of(recipe, seconds):
    """Return what a machine measured that takes so many seconds."""
    counts = {part: multiply_adds.count(network) for part, network in recipe.networks.items()}

    def at(pace):
        works = {stage.name: work_of_step(stage, counts) for stage in recipe.stages}
        stages = {name: StageSpeed(pace, work) for name, work in works.items()}
        return RecipeSpeed(stages, finishing=5.0)

    nothing, slow = (foresee_seconds(recipe, at(pace)) for pace in (0.0, 1.0))
    return at((seconds - nothing) / (slow - nothing))


def make_run(name="quick-1", recipe="quick", state="done", *, epochs=3, reason="", **about):
    """Return a run in a state, with its curves and pictures and, when it is done, its model."""
    run = Run(store.runs_folder() / name)
    run.create(recipe, about.pop("changes", {}))
    about = {"owner": "own-machine", "number": 1, "created": time.time() - 60, **about}
    write_about(run, About(**about))
    (run.folder / "state.json").write_text(json.dumps({"state": "queued", "reason": ""}))
    for step in _PATH[state]:
        run.move_to(step, reason)
    if state == "queued":
        return run
    for stage in run.recipe().stages:
        for epoch in range(1, epochs + 1):
            add_epoch(run, stage, epoch)
    write_progress(run, Progress("classifier", 2, 2, 1, 2, 5, 10, 3.0, 65.0, 0.5))
    if state == "done":
        add_model(run)
    return run


def add_epoch(run, stage, epoch):
    quality = "psnr" if stage.network == "denoiser" else "accuracy"
    figures = {"loss": 1 / epoch, "val_loss": 1.1 / epoch, quality: 0.9, f"val_{quality}": 0.8}
    run.add_metrics({"stage": stage.name, "epoch": epoch, "seconds": 1.0, **figures})
    if stage.network == "denoiser":
        noisy_pictures(run, run.recipe().trained_noise)
        write_preview(run.preview(stage.name, epoch), np.zeros((10, 28, 28, 1), np.float32))


def add_model(run, title="The original"):
    source = store.MODELS / "classic"
    shutil.copytree(source, run.folder / "export")
    (run.folder / "export" / "card.json").unlink()
    card = replace(read_card(source), id=run.folder.name, title=title, run=run.folder.name)
    publish(run.folder / "export", card, run.model_folder)
