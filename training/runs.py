"""A run folder: the only channel between the training process and everyone who watches it."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from model_store.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    RunState.STOPPED: {RunState.RUNNING},
    RunState.FAILED: {RunState.RUNNING},
    RunState.LOST: {RunState.RUNNING},
    RunState.DONE: set(),
}


class RunError(Exception):
    """One plain sentence for the person who started the run."""


@dataclass(frozen=True)
class Run:
    """The files of one run."""

    folder: Path

    @property
    def model_folder(self) -> Path:
        """Where the finished model is published."""
        return self.folder / "model"

    @property
    def config(self) -> dict[str, Any]:
        """The recipe's name and the settings changed in it."""
        try:
            config: dict[str, Any] = json.loads((self.folder / "config.json").read_text())
        except (OSError, ValueError):
            raise RunError(f"The run folder {self.folder.name} has no readable config.") from None
        return config

    @property
    def state(self) -> RunState:
        """The state last written; a new folder is queued."""
        try:
            return RunState(json.loads((self.folder / "state.json").read_text())["state"])
        except FileNotFoundError:
            return RunState.QUEUED

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked this run to stop."""
        return (self.folder / "stop").exists()

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """One entry for each finished epoch; a line cut short by a crash is left out."""
        try:
            lines = (self.folder / "metrics.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines if line.endswith("}")]

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
        if state not in _NEXT[self.state] and not (state == self.state == RunState.RUNNING):
            raise RunError(f"A run that is {self.state} cannot become {state}.")
        write_json(self.folder / "state.json", {"state": state, "reason": reason})

    def checkpoint(self, stage: str) -> Path:
        """Where a stage keeps the weights of its network and its optimizer."""
        return self.folder / f"{stage}.weights.h5"

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
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RunError(f"The run {self.folder.name} is already running.") from None
            file.write(str(os.getpid()))
            file.flush()
            yield
