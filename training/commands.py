"""What each command does."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from model_store import open_model
from model_store.store import runs_folder
from training import compare as comparing
from training import evaluate as evaluating
from training.evaluate import Protocol
from training.knobs import OFFERS
from training.recipes import RECIPES
from training.runs.conduct import Start, alone, conduct, hold_store
from training.runs.jobs import seconds_needed
from training.runs.listing import waiting
from training.runs.run import Run, RunError, RunState
from training.runs.speed import read_speeds, write_speed
from training.settings import RecipeError, change

if TYPE_CHECKING:
    import argparse

_NICE = 15  # of 19: for what the app starts in the background
_AUTOGROUP = Path("/proc/self/autogroup")


def run(options: argparse.Namespace) -> int:
    """Train."""
    run, start = Run(options.folder), _start(options)
    if options.recipe:
        changes = dict(item.partition("=")[::2] for item in options.changes)
        change(RECIPES[options.recipe], changes)  # must be possible
        run.create(options.recipe, changes)
    elif options.changes:
        raise RunError("Settings belong to a new run: name its recipe by --recipe.")
    recipe = run.recipe()

    def work() -> None:
        _prepare_tensorflow()
        from training.produce import produce

        produce(run, recipe)

    return _tell(run, conduct(run, work, start))


def evaluate(options: argparse.Namespace) -> int:
    """Measure one model."""
    model = open_model(options.model)
    if model.card.domain != "samples":
        raise RunError(f"{model.card.title} is for photos: run `python -m benchmarks.clothes`.")
    figures = evaluating.evaluate(model, _protocol(options))
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value:.4f}")
    return 0


def export(options: argparse.Namespace) -> int:
    """Publish the model of a run anew or, where it ended early, one of its best weights."""
    run, start = Run(options.folder), _start(options)
    recipe = run.recipe()
    if run.state is RunState.DONE:
        with alone(run, start):
            _prepare_tensorflow()
            from training.produce import export_again

            export_again(run, recipe, options.to)
        return 0
    if options.to:
        raise RunError(f"The run {run.folder.name} is {run.state}: finish it first.")
    if run.state is RunState.QUEUED and not start.is_dispatched:
        raise RunError(f"The run {run.folder.name} has not begun: train it first.")

    def work() -> None:
        _prepare_tensorflow()
        from training.produce import produce_from_best

        produce_from_best(run, recipe)

    return _tell(run, conduct(run, work, start))


def compare(options: argparse.Namespace) -> int:
    """Measure two models."""
    found = comparing.compare(options.first, options.second, _protocol(options)).to_json()
    if options.json:
        print(json.dumps(found))
        return 0
    first, second = found["first"], found["second"]
    for name, value in first.items():
        if name != "confusion":
            cells = [f"{c:.4f}" if isinstance(c, float) else str(c) for c in (value, second[name])]
            print(f"{name:18} {cells[0]:>24} {cells[1]:>24}")
    return 0


def time_recipes(options: argparse.Namespace) -> int:
    """Time recipes."""
    names = options.recipes or list(OFFERS)
    for name in names:
        if name not in OFFERS:
            raise RecipeError(f"There is no recipe {name!r} to time. To choose from: {[*OFFERS]}.")
    store = runs_folder()
    store.mkdir(parents=True, exist_ok=True)
    with hold_store(store, _start(options)):
        _prepare_tensorflow()
        from training.timing import time_recipe

        for name in names:
            if options.give_way and waiting():
                return 1
            known = read_speeds(store).get(name)
            if known and options.give_way:
                continue  # measured before it had to give way
            write_speed(store, name, time_recipe(name, known.finishing if known else None))
            if not options.json:
                print(f"{name:10} at most {(seconds_needed(name) or 0) / 60:6.1f} min", flush=True)
    if options.json:
        print(json.dumps({name: seconds_needed(name) for name in read_speeds(store)}))
    return 0


def _start(options: argparse.Namespace) -> Start:
    start = Start(options.lock, options.wait)
    if start.is_dispatched:
        _lower_priority()
    return start


def _lower_priority() -> None:
    """Let everything else on this machine go first."""
    os.nice(_NICE)
    # Linux may share the processor out to sessions, each with a niceness; this one has its own.
    with suppress(OSError):
        _AUTOGROUP.write_text(str(_NICE))


def _protocol(options: argparse.Namespace) -> Protocol:
    protocol = Protocol(options.noise, options.level, options.seeds, options.images)
    comparing.check(protocol)
    return protocol


def _tell(run: Run, state: RunState) -> int:
    reason = run.status.reason
    print(f"The run {run.folder.name} is {state}. {reason}".rstrip())
    return 0 if state is RunState.DONE else 1


def _prepare_tensorflow() -> None:
    """Set what TensorFlow reads as it is imported."""
    # No greetings, only errors.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Without being told, it leaves oneDNN out on processors that know no AVX-512, where it trains
    # these networks up to twice as fast.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
