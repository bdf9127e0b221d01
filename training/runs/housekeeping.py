"""Keeping the runs folder within its limits: the trash, the age of runs, the room they take."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

from model_store.store import is_id, runs_folder
from training.runs.about import read_about
from training.runs.disk import writing
from training.runs.limits import read_limits
from training.runs.listing import all_runs
from training.runs.locks import changing, take
from training.runs.run import JobError, Run, RunError, RunState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UNDO_SECONDS = 3600
_LEAST_FREE = 300e6  # bytes of the disk that are left to everybody else
_ENDED = {RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST}


def _trash() -> Path:
    return runs_folder() / ".trash"


def throw_away(run: Run) -> None:
    """Move a run that has ended, or waits, to the trash."""
    with writing(), changing(run.folder.parent):
        lock = take(run.folder / "lock", patience=0.2)
        if lock is None:
            raise JobError("This run is at work: stop it before you delete it.")
        try:
            if _state(run) is RunState.QUEUED:
                run.move_to(RunState.STOPPED, "Taken out of the queue.")
            _trash().mkdir(exist_ok=True)
            os.utime(run.folder)  # the hour begins now
            run.folder.rename(_trash() / run.folder.name)
        finally:
            os.close(lock)


def bring_back(run_id: str, check: Callable[[Run], None]) -> None:
    """Move a run back out of the trash, if `check` raises nothing."""
    with writing(), changing(runs_folder()):
        thrown = Run(_trash() / run_id)
        if not is_id(run_id) or not thrown.folder.is_dir():
            raise JobError("This run is gone: what is deleted can be brought back for an hour.")
        check(thrown)
        thrown.folder.rename(runs_folder() / run_id)


def keep_house() -> None:
    """Empty the trash, delete what is too old, and sweep up after processes that were killed."""
    with changing(runs_folder()):
        for folder in _folders(_trash()):
            if time.time() - folder.stat().st_mtime > UNDO_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        for half in runs_folder().glob(".new-*"):  # made under this lock only
            shutil.rmtree(half, ignore_errors=True)
        hours = read_limits().hours_kept
        for run in _deletable():
            if hours and time.time() - _ended(run) > hours * 3600:
                shutil.rmtree(run.folder, ignore_errors=True)


def make_room() -> None:
    """See to it that another run fits: where the app is hosted, by deleting the oldest.

    Raises:
        JobError: when it does not fit.
    """
    limits = read_limits()
    folders = [*_folders(_trash()), *(run.folder for run in _deletable() if limits.hosted)]
    while folders and not _has_room(limits.megabytes):
        shutil.rmtree(folders.pop(0), ignore_errors=True)
    if shutil.disk_usage(runs_folder()).free < _LEAST_FREE:
        raise JobError("The disk is nearly full: delete runs you no longer need.")
    if not _has_room(limits.megabytes):
        raise JobError(
            f"The runs take up more than the {limits.megabytes:,.0f} MB they may: "
            "delete some you no longer need."
        )


def _has_room(megabytes: float) -> bool:
    is_free = shutil.disk_usage(runs_folder()).free >= _LEAST_FREE
    return is_free and (not megabytes or _size(runs_folder()) < megabytes * 1e6)


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 - twice as fast
            except OSError:
                continue  # gone meanwhile
    return total


def _folders(parent: Path) -> list[Path]:
    """Return the folders in one, the oldest first."""
    try:
        found = [path for path in parent.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _deletable() -> list[Run]:
    """Return visitors' runs that have ended, the oldest first; a terminal's are never deleted."""
    runs = [run for run in all_runs() if read_about(run).owner and _state(run) in _ENDED]
    return sorted(runs, key=lambda run: read_about(run).number)


def _state(run: Run) -> RunState:
    try:
        return run.state
    except RunError:
        return RunState.LOST


def _ended(run: Run) -> float:
    try:
        return run.status.ended or read_about(run).created
    except RunError:
        return read_about(run).created
