"""The runs of a store: found by their ids, by their states, by who may see them."""

from __future__ import annotations

from model_store.store import is_id, runs_folder
from training.runs.about import read_about
from training.runs.limits import read_limits
from training.runs.run import JobError, Run, RunError, RunState

_FILES = ("config.json", "state.json", "about.json")  # one of them makes a folder a run


def all_runs() -> list[Run]:
    """Return the runs of the store, in no order."""
    try:
        folders = list(runs_folder().iterdir())
    except OSError:
        return []
    return [
        Run(folder)
        for folder in folders
        if is_id(folder.name)
        and folder.is_dir()
        and not folder.is_symlink()
        and any((folder / name).exists() for name in _FILES)
    ]


def in_state(state: RunState) -> list[Run]:
    """Return the runs in a state; damaged ones are in none."""
    return [run for run in all_runs() if _state(run) is state]


def _state(run: Run) -> RunState | None:
    try:
        # A folder without a state is being set up, or is a terminal's.
        return run.state if (run.folder / "state.json").exists() else None
    except RunError:
        return None


def waiting() -> list[Run]:
    """Return the queue, the next one first."""
    numbers = {run: read_about(run).number for run in in_state(RunState.QUEUED)}
    return sorted((run for run in numbers if numbers[run]), key=lambda run: numbers[run])


def place(run: Run) -> int:
    """Return a run's place in the queue, from 1; 0 when it does not wait."""
    queue = waiting()
    return queue.index(run) + 1 if run in queue else 0


def find(run_id: str) -> Run:
    """Return a run by looking its id up, never by trusting it as a path."""
    run = Run(runs_folder() / run_id) if is_id(run_id) else None
    if run is None or run not in all_runs():
        raise JobError("There is no such run: it was deleted, or its address is not complete.")
    return run


def is_visible(run: Run, owner: str | None) -> bool:
    """Whether this visitor sees the run: where the app is hosted, only if it is theirs."""
    if not read_limits().hosted:
        return True
    owned_by = read_about(run).owner
    return owned_by is not None and owned_by == owner


def require_owner(run: Run, owner: str | None) -> None:
    """Refuse what only the owner may do."""
    if not is_visible(run, owner):
        raise JobError("This run belongs to somebody else: you can look at it, not change it.")
