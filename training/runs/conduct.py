"""Conducting a run: its locks, its states, its end, whatever happens. Free of TensorFlow."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model_store import ModelError
from training.datasets import DatasetError
from training.runs.disk import FULL
from training.runs.limits import read_limits
from training.runs.locks import changing, take, training_lock
from training.runs.run import Run, RunError, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_GRACE = 3.0  # seconds a stop may take until the process just ends: every file is whole anyway
_LOOK = 0.2  # seconds between two looks at the stop file


class TrainingDiverged(Exception):
    """The loss is no longer a number."""


class TrainingStopped(Exception):
    """Somebody asked the run to stop."""


@dataclass(frozen=True)
class Start:
    """How a run came to be started."""

    lock: int | None = None  # inherited from the dispatcher; None: a terminal's, to be taken
    wait: bool = False  # a terminal's: wait until nothing else trains

    @property
    def is_dispatched(self) -> bool:
        """Whether it comes from the queue."""
        return self.lock is not None


def conduct(run: Run, work: Callable[[], object], start: Start) -> RunState:
    """Do the work of a run and return the state it ended in: done, stopped, or failed.

    Raises:
        RunError: when something else trains.
    """
    with alone(run, start):
        if not _begin(run, start):
            return run.state
        end = _End(run)
        threading.Thread(target=_watch, args=(run, end), daemon=True).start()
        try:
            work()
        except BaseException as error:
            state, reason = _judge(run, error)
            end.come(state, reason)
            if state is RunState.FAILED and not isinstance(error, _TOLD):
                raise
        else:
            end.come(RunState.DONE)
    return run.state


@contextmanager
def alone(run: Run, start: Start) -> Iterator[None]:
    """Hold the lock of the store and that of the run.

    Raises:
        RunError: when something else trains.
    """
    with hold_store(run.folder.parent, start), run.locked():
        yield


@contextmanager
def hold_store(store: Path, start: Start) -> Iterator[None]:
    """Hold the lock of the store, so that nothing else trains in it.

    Raises:
        RunError: when something else does.
    """
    path = training_lock(store)
    lock = start.lock
    if lock is not None:
        os.set_inheritable(lock, False)
        if not os.path.samestat(os.fstat(lock), path.stat()):
            raise RunError("The lock this run was given is that of another folder.")
    else:
        lock = take(path)
    if lock is None and start.wait:
        print("Waiting until the run that trains now has ended.", flush=True)
        while lock is None:
            lock = take(path, patience=60)
    if lock is None:
        raise RunError(
            "Another run is training in this folder: wait for its end, or add --wait to do so."
        )
    try:
        yield
    finally:
        os.close(lock)


def _begin(run: Run, start: Start) -> bool:
    with changing(run.folder.parent):
        if start.is_dispatched and run.state is not RunState.QUEUED:
            return False  # taken out of the queue just now
        if run.state is RunState.DONE:
            raise RunError(f"The run {run.folder.name} is done already: choose a new folder.")
        run.take_back_stop()
        run.move_to(RunState.RUNNING)
    return True


_TOLD = (RunError, ModelError, DatasetError, TrainingDiverged)  # each says what is wrong


def _judge(run: Run, error: BaseException) -> tuple[RunState, str]:
    if isinstance(error, TrainingStopped):
        return RunState.STOPPED, run.stop_reason
    if isinstance(error, KeyboardInterrupt):
        return RunState.STOPPED, "Stopped in the terminal."
    if isinstance(error, _TOLD):
        return RunState.FAILED, str(error)
    if isinstance(error, OSError) and error.errno in FULL:
        shutil.rmtree(run.folder / "export", ignore_errors=True)  # room to say so
        return RunState.FAILED, "The disk is full: delete runs you no longer need, then resume."
    if isinstance(error, MemoryError):
        return RunState.FAILED, "The memory is too small for this: choose a smaller width."
    return RunState.FAILED, f"An unforeseen {type(error).__name__}: its log says more."


class _End:
    """Comes once: from the work itself, or from the watch that lost its patience."""

    def __init__(self, run: Run) -> None:
        self.run, self._lock, self._has_come = run, threading.Lock(), False

    @property
    def has_come(self) -> bool:
        return self._has_come

    def come(self, state: RunState, reason: str = "") -> None:
        with self._lock:
            if not self._has_come:
                self.run.move_to(state, reason)
                self._has_come = True

    def come_at_once(self, reason: str) -> None:
        with self._lock:
            if not self._has_come:
                self.run.move_to(RunState.STOPPED, reason)
                os._exit(1)


def _watch(run: Run, end: _End) -> None:
    """See that a stop happens soon, in the middle of whatever, and that no run takes for ever."""
    hours = read_limits().hours
    started, asked = time.monotonic(), None
    while asked is None or time.monotonic() - asked < _GRACE:
        time.sleep(_LOOK)
        if end.has_come:
            return
        if asked is None and hours and time.monotonic() - started > hours * 3600:
            run.request_stop(f"Stopped after {hours:g} hours, the longest a run may take here.")
        if asked is None and run.stop_requested:
            asked = time.monotonic()
    end.come_at_once(run.stop_reason)
