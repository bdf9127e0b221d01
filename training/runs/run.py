"""A run folder: the only channel between the training process and everyone who watches it."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from model_store.card import CARD_FILE
from model_store.files import write_json
from training.recipes import RECIPES
from training.runs.locks import take
from training.settings import RecipeError, change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.recipe import Recipe


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"


_NEXT = {
    RunState.QUEUED: {RunState.RUNNING, RunState.STOPPED, RunState.LOST},
    RunState.RUNNING: {RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST},
    # A run that ended before its time may be taken up again from its last epoch.
    RunState.STOPPED: {RunState.RUNNING, RunState.QUEUED},
    RunState.FAILED: {RunState.RUNNING, RunState.QUEUED},
    RunState.LOST: {RunState.RUNNING, RunState.QUEUED},
    RunState.DONE: set(),
}
_ENDS = {RunState.DONE, RunState.STOPPED, RunState.FAILED, RunState.LOST}


class RunError(Exception):
    """One plain sentence for the person who started the run."""


class JobError(RunError):
    """One plain sentence for the visitor whose wish cannot be granted."""


@dataclass(frozen=True)
class Status:
    """The file `state.json`. Times are Unix seconds, to be shown only."""

    state: RunState
    reason: str = ""
    started: float | None = None
    ended: float | None = None


@dataclass(frozen=True)
class Run:
    """The files of one run."""

    folder: Path

    @property
    def model_folder(self) -> Path:
        """Where the finished model is published."""
        return self.folder / "model"

    @property
    def has_model(self) -> bool:
        """Whether a finished model is published."""
        return (self.model_folder / CARD_FILE).is_file()

    @property
    def config(self) -> dict[str, Any]:
        """The recipe's name and the settings changed in it."""
        try:
            config: dict[str, Any] = json.loads((self.folder / "config.json").read_text())
            is_sound = isinstance(config["recipe"], str) and isinstance(config["changes"], dict)
        except (OSError, ValueError, TypeError, KeyError):
            is_sound = False
        if not is_sound:
            raise RunError(f"The run folder {self.folder.name} has no readable config.")
        return config

    def recipe(self) -> Recipe:
        """Return the recipe as it is changed for this run.

        Raises:
            RunError: when the folder is damaged, or of a recipe there is no more.
        """
        config = self.config
        try:
            return change(RECIPES[config["recipe"]], config["changes"])
        except (KeyError, RecipeError):
            raise RunError(
                f"The run {self.folder.name} is of a recipe unknown here: start a new one."
            ) from None

    @property
    def status(self) -> Status:
        """The state last written; a new folder is queued."""
        try:
            found: Any = json.loads((self.folder / "state.json").read_text())
            times = (found.get("started"), found.get("ended"))
            return Status(RunState(found["state"]), str(found.get("reason", "")), *times)
        except FileNotFoundError:
            return Status(RunState.QUEUED)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise RunError(f"The run folder {self.folder.name} has no readable state.") from None

    @property
    def state(self) -> RunState:
        """The state last written; a new folder is queued."""
        return self.status.state

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked this run to stop."""
        return (self.folder / "stop").exists()

    @property
    def stop_reason(self) -> str:
        """Why it is to stop."""
        try:
            return (self.folder / "stop").read_text().strip() or "Stopped on request."
        except OSError:
            return "Stopped on request."

    def request_stop(self, reason: str = "") -> None:
        """Ask the run to stop."""
        (self.folder / "stop").write_text(reason)

    def take_back_stop(self) -> None:
        """Let the run go on."""
        (self.folder / "stop").unlink(missing_ok=True)

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """One entry for each finished epoch; a line cut short by a crash is left out."""
        try:
            lines = (self.folder / "metrics.jsonl").read_text(errors="replace").splitlines()
        except OSError:
            return []
        return [entry for entry in map(_read_entry, lines) if entry]

    def create(self, recipe: str, changes: dict[str, str]) -> None:
        """Set up the folder, or check that it holds the same run already.

        Raises:
            RunError: when the folder belongs to another recipe or other settings.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        config = {"recipe": recipe, "changes": changes}
        if not (self.folder / "config.json").exists():
            write_json(self.folder / "config.json", config)
        elif self.config != config:
            raise RunError(
                f"The run folder {self.folder.name} holds another run ({self.config['recipe']}): "
                "choose a new folder."
            )

    def move_to(self, state: RunState, reason: str = "") -> None:
        """Write a new state.

        Raises:
            RunError: when the present state does not lead there.
        """
        status = self.status
        if state not in _NEXT[status.state] and not (state == status.state == RunState.RUNNING):
            raise RunError(f"A run that is {status.state} cannot become {state}.")
        started = time.time() if state is RunState.RUNNING else status.started
        ended = time.time() if state in _ENDS else None
        write_json(self.folder / "state.json", asdict(Status(state, reason, started, ended)))

    def checkpoint(self, stage: str) -> Path:
        """Where a stage keeps the weights of its network and its optimizer."""
        return self.folder / f"{stage}.weights.h5"

    def best(self, stage: str) -> Path:
        """Where a stage keeps the weights of its network that did best on validation images."""
        return self.folder / f"{stage}.best.weights.h5"

    @property
    def previews(self) -> Path:
        """The folder of pictures as the networks under way denoise them."""
        return self.folder / "previews"

    def preview(self, stage: str, epoch: int) -> Path:
        """Where the picture after an epoch is kept, counted from 1."""
        return self.previews / f"{stage}-{epoch}.png"

    def add_metrics(self, entry: dict[str, Any]) -> None:
        """Append the figures of one epoch."""
        with (self.folder / "metrics.jsonl").open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def forget_metrics(self, stage: str, from_epoch: int) -> None:
        """Drop what was written of epochs that are trained again, counted from 1."""
        kept = [e for e in self.metrics if e["stage"] != stage or e["epoch"] < from_epoch]
        temporary = self.folder / "metrics.jsonl.tmp"
        temporary.write_text("".join(json.dumps(entry) + "\n" for entry in kept))
        temporary.replace(self.folder / "metrics.jsonl")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run's lock, which the kernel frees even after kill -9.

        Raises:
            RunError: when another process holds it.
        """
        descriptor = take(self.folder / "lock")
        if descriptor is None:
            raise RunError(f"The run {self.folder.name} is already running.")
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
            yield
        finally:
            os.close(descriptor)


def _read_entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    is_whole = isinstance(entry, dict) and {"stage", "epoch"} <= entry.keys()
    return {**entry, "seconds": entry.get("seconds", 0.0)} if is_whole else None
