"""Retraining, as the pages use it: start runs, watch them, end them. Free of TensorFlow.

A run is a folder in `runs_folder()`. One trains at a time, in a child process that outlives the web
server; the others wait in a queue. Every function is safe to call from any thread of any process,
and whatever cannot be done is a `JobError`: one plain sentence.

An owner is the unguessable id of a visitor (`new_owner`). Where the app is hosted, a visitor lists
and changes what is theirs; anyone may look at a run, or use its model, by its unguessable id.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from training.knobs import OFFERS, check_changes
from training.recipes import RECIPES
from training.runs import housekeeping, listing, queue
from training.runs.dispatch import measure_speeds, start_dispatcher, wake_dispatcher
from training.runs.limits import Limits, read_limits
from training.runs.progress import Progress
from training.runs.run import JobError, RunState
from training.runs.snapshot import Epoch, Preview, RunSnapshot, take_snapshot
from training.runs.speed import read_speeds
from training.settings import change
from training.work import foresee_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.runs.run import Run

__all__ = [
    "OFFERS",
    "Epoch",
    "JobError",
    "Limits",
    "Preview",
    "Progress",
    "RunSnapshot",
    "RunState",
    "Turn",
    "cancel",
    "delete",
    "finish",
    "list_runs",
    "measure_speeds",
    "new_owner",
    "queue_of_runs",
    "read_limits",
    "rename",
    "resume",
    "running",
    "seconds_needed",
    "snapshot",
    "start_dispatcher",
    "stop",
    "submit",
    "undelete",
]


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Turn:
    """Who trains, or waits: what everybody may know of a run."""

    place: int  # in the queue, from 1; 0: it trains now
    title: str  # of its recipe, never what a visitor called it
    since: float  # Unix seconds: when it started, or was put into the queue
    seconds_left: float | None  # None: not known
    share: float  # 0 to 1
    run_id: str  # "" when the run is somebody else's, on a hosted machine


def new_owner() -> str:
    """Return an unguessable visitor id, fit for an address."""
    return secrets.token_urlsafe(16)


def submit(recipe: str, changes: Mapping[str, str], owner: str | None) -> str:
    """Put a new run into the queue and return its id; it starts as soon as nothing else trains.

    `changes` is what `knobs.to_changes` made of a page's knobs; it is checked again.
    """
    checked = check_changes(recipe, changes)
    run = queue.add(recipe, checked, owner)
    wake_dispatcher()
    return run.folder.name


def stop(run_id: str, owner: str | None) -> None:
    """Ask a training run to stop, within five seconds; its best weights are kept.

    One that waits is taken out of the queue; one that has ended stays as it is.
    """
    queue.stop(_of(run_id, owner))


def cancel(run_id: str, owner: str | None) -> None:
    """Take a run out of the queue; one that has just started is stopped."""
    queue.stop(_of(run_id, owner))


def resume(run_id: str, owner: str | None) -> None:
    """Put a run that ended before its time back into the queue, to go on from its last epoch."""
    queue.add_again(_of(run_id, owner), "train")
    wake_dispatcher()


def finish(run_id: str, owner: str | None) -> None:
    """Have a model made of the best weights of a stopped run; this waits in the queue as well."""
    queue.add_again(_of(run_id, owner), "finish")
    wake_dispatcher()


def rename(run_id: str, title: str, owner: str | None) -> None:
    """Give a run, and its model, another title of 1 to 60 characters."""
    queue.rename(_of(run_id, owner), title)


def delete(run_id: str, owner: str | None) -> None:
    """Throw a run and its model away; for an hour `undelete` brings them back."""
    housekeeping.throw_away(_of(run_id, owner))


def undelete(run_id: str, owner: str | None) -> None:
    """Bring back what was thrown away."""
    housekeeping.bring_back(run_id, lambda run: listing.require_owner(run, owner))


def snapshot(run_id: str) -> RunSnapshot:
    """Return all there is to show of a run."""
    run = listing.find(run_id)
    return take_snapshot(run, listing.place(run))


def list_runs(owner: str | None) -> tuple[RunSnapshot, ...]:
    """Return the runs this visitor may see, the newest first."""
    waiting = {run.folder.name: place for place, run in enumerate(listing.waiting(), start=1)}
    snapshots = [
        take_snapshot(run, waiting.get(run.folder.name, 0))
        for run in listing.all_runs()
        if listing.is_visible(run, owner)
    ]
    return tuple(sorted(snapshots, key=lambda s: (s.number, s.created), reverse=True))


def running(owner: str | None) -> Turn | None:
    """Return what trains now, if anything."""
    return next((_turn(run, 0, owner) for run in listing.in_state(RunState.RUNNING)), None)


def queue_of_runs(owner: str | None) -> tuple[Turn, ...]:
    """Return what waits, in its order."""
    return tuple(_turn(run, n, owner) for n, run in enumerate(listing.waiting(), start=1))


def seconds_needed(recipe: str, changes: Mapping[str, str] = _NONE) -> float | None:
    """Return how long a recipe takes on this machine, at most; None: not measured yet.

    `measure_speeds` has all of them measured, by a child, as soon as nothing trains.
    """
    speed = read_speeds().get(recipe)
    return foresee_seconds(change(RECIPES[recipe], changes), speed) if speed else None


def _of(run_id: str, owner: str | None) -> Run:
    run = listing.find(run_id)
    listing.require_owner(run, owner)
    return run


def _turn(run: Run, place: int, owner: str | None) -> Turn:
    seen = take_snapshot(run, place)
    offer = OFFERS.get(seen.recipe)
    return Turn(
        place=place,
        title=offer.title if offer else seen.recipe,
        since=seen.started or seen.created if place == 0 else seen.created,
        seconds_left=seen.progress.seconds_left if place == 0 else None,
        share=seen.progress.share if place == 0 else 0.0,
        run_id=seen.id if listing.is_visible(run, owner) else "",
    )
