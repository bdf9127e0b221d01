"""The queue of runs: who may join it, and how one leaves it."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from model_store.card import CARD_FILE, ModelError, read_card
from model_store.files import write_json
from model_store.store import runs_folder
from training.runs.about import About, Task, change_about, read_about, write_about
from training.runs.disk import writing
from training.runs.housekeeping import make_room
from training.runs.limits import read_limits
from training.runs.listing import all_runs, in_state, waiting
from training.runs.locks import changing
from training.runs.run import JobError, Run, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWNER = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_CHARACTERS = 60  # of a title


def add(recipe: str, changes: Mapping[str, str], owner: str | None) -> Run:
    """Put a new run into the queue."""
    if owner is not None and not _OWNER.fullmatch(owner):
        raise JobError("Your address has lost its visitor id: open the page anew.")
    with writing():
        runs_folder().mkdir(parents=True, exist_ok=True)
        with changing(runs_folder()):
            _check_room(owner)
            make_room()
            run = Run(runs_folder() / f"{recipe}-{secrets.token_hex(8)}")
            _set_up(run, recipe, dict(changes), owner)
    return run


def _set_up(run: Run, recipe: str, changes: dict[str, str], owner: str | None) -> None:
    """Make the folder beside its place, so that nobody meets half of it."""
    new = Run(run.folder.with_name(f".new-{run.folder.name}"))
    try:
        new.create(recipe, changes)
        write_about(new, About(owner=owner, number=_next_number(), created=time.time()))
        write_json(new.folder / "state.json", {"state": RunState.QUEUED, "reason": ""})
        new.folder.rename(run.folder)
    except OSError:
        shutil.rmtree(new.folder, ignore_errors=True)
        raise


def _next_number() -> int:
    return 1 + max((read_about(run).number for run in all_runs()), default=0)


def _check_room(owner: str | None) -> None:
    limits = read_limits()
    if not limits.training:
        raise JobError("Training is switched off here: run the app on your own machine to train.")
    queue = waiting()
    if len(queue) >= max(limits.queue, 1):
        raise JobError(
            f"{len(queue)} runs are waiting already, which is the most: try again in a few minutes."
        )
    active = [*queue, *in_state(RunState.RUNNING)]
    own = [run for run in active if owner and read_about(run).owner == owner]
    if limits.hosted and len(own) >= limits.per_visitor:
        raise JobError(
            f"You have {len(own)} runs under way, which is the most a visitor may have here: "
            "wait for one, or stop it."
        )


def add_again(run: Run, task: Task) -> None:
    """Put a run that ended before its time back, at the end of the queue."""
    with writing(), changing(run.folder.parent):
        state = run.state
        if state not in {RunState.STOPPED, RunState.FAILED, RunState.LOST}:
            raise JobError(f"This run is {state}: there is nothing to go on with.")
        run.recipe()  # must be known
        if task == "finish":
            _require_learned(run)
        make_room()
        _check_room(read_about(run).owner)
        run.take_back_stop()
        change_about(run, number=_next_number(), attempts=0, task=task)
        run.move_to(RunState.QUEUED)


def _require_learned(run: Run) -> None:
    recipe = run.recipe()
    networks = {stage.name: stage.network for stage in recipe.stages}
    learned = {networks.get(entry["stage"]) for entry in run.metrics}
    for part in recipe.networks:
        if part not in learned:
            raise JobError(
                f"The run was stopped before its {part} had finished an epoch: resume it first."
            )


def stop(run: Run) -> None:
    """Take a run out of the queue, or ask it to stop."""
    with writing(), changing(run.folder.parent):
        state = run.state
        if state is RunState.QUEUED:
            run.move_to(RunState.STOPPED, "Taken out of the queue.")
        elif state is RunState.RUNNING:
            run.request_stop()


def rename(run: Run, title: str) -> None:
    """Give a run and its model another title."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= _MOST_CHARACTERS or not title.isprintable():
        raise JobError(f"A title has 1 to {_MOST_CHARACTERS} characters. Received: {len(title)}")
    with writing(), changing(run.folder.parent):
        change_about(run, title=title)
        try:
            card = replace(read_card(run.model_folder), title=title)
        except ModelError:
            return  # no model yet: it will get the title when it is made
        write_json(run.model_folder / CARD_FILE, msgspec.to_builtins(card))
