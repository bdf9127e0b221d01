"""The dispatcher: starts what waits, one at a time, and takes up what was lost.

Any number of processes may dispatch: who holds the lock of the store decides. The child inherits
it, so that there is no moment in which two could start; the kernel frees it when the child dies.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from model_store.store import runs_folder
from training.runs.about import change_about, read_about
from training.runs.housekeeping import keep_house
from training.runs.limits import read_limits
from training.runs.listing import in_state, waiting
from training.runs.locks import changing, take, training_lock
from training.runs.run import Run, RunError, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[2]
_PAUSE = 1.0  # seconds between two looks
_HOUSEKEEPING = 600.0  # seconds
_wake = threading.Event()
_wants_speeds = threading.Event()
_start = threading.Lock()
_threads: list[threading.Thread] = []
_children: list[subprocess.Popen[bytes]] = []


def start_dispatcher() -> None:
    """Have a thread of this process dispatch from now on; a second call changes nothing."""
    with _start:
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_dispatch, name="dispatcher", daemon=True)]
            _threads[0].start()


def wake_dispatcher() -> None:
    """Have this process look at once, if it dispatches."""
    _wake.set()


def measure_speeds() -> bool:
    """Have the recipes timed here as soon as nothing else is to do; return whether that can be."""
    with suppress(OSError):
        runs_folder().mkdir(parents=True, exist_ok=True)
    if not os.access(runs_folder(), os.W_OK):
        return False
    _wants_speeds.set()
    _wake.set()
    return True


def _dispatch() -> None:
    swept = -_HOUSEKEEPING
    complaint = ""
    while True:
        try:
            if runs_folder().is_dir():
                if time.monotonic() - swept > _HOUSEKEEPING:
                    swept = time.monotonic()
                    keep_house()
                dispatch_once()
            complaint = ""
        except (OSError, RunError) as error:  # a full or read-only disk: it may pass
            if str(error) != complaint:
                complaint = str(error)
                _log.warning("Nothing can be trained at the moment: %s", error)
        except Exception:  # noqa: BLE001 - whatever it is, the next run shall start
            _log.exception("The dispatcher goes on after an error.")
        _wake.wait(_PAUSE)
        _wake.clear()


def dispatch_once() -> bool:
    """Mark lost runs, and start the next run if nothing trains; return whether one started."""
    _children[:] = [child for child in _children if child.poll() is None]  # leaves no zombies
    running = in_state(RunState.RUNNING)
    limits = read_limits()
    may_start = limits.training and bool(waiting() or _wants_speeds.is_set())
    if not running and not may_start:
        return False
    lock = take(training_lock(runs_folder()), patience=0)
    if lock is None:
        return False
    try:
        at_work = [run for run in running if _is_at_work(run)]
        if at_work or not limits.training:
            return False
        return _start_next(lock)
    finally:
        os.close(lock)  # the child, if any, has its own


def _is_at_work(run: Run) -> bool:
    """Whether somebody holds the run's lock; if not, it is lost, and queued again if it may be."""
    lock = take(run.folder / "lock", patience=0)
    if lock is None:
        return True
    try:
        with changing(run.folder.parent):
            if run.state is RunState.RUNNING:
                run.move_to(RunState.LOST, "Its process ended without a word.")
                _take_up_again(run)
    finally:
        os.close(lock)
    return False


def _take_up_again(run: Run) -> None:
    about = read_about(run)
    if run.stop_requested:
        return
    if about.number and about.attempts <= read_limits().attempts:
        run.move_to(RunState.QUEUED, "Goes on from its last epoch: its process had been lost.")


def _start_next(lock: int) -> bool:
    for run in waiting():
        about = read_about(run)
        with changing(run.folder.parent):
            if run.state is not RunState.QUEUED:
                continue  # taken out this moment
            try:
                run.recipe()
            except RunError as error:
                run.move_to(RunState.LOST, str(error))
                continue
            if about.attempts > read_limits().attempts:
                run.move_to(
                    RunState.LOST,
                    f"Given up after {about.attempts} starts: its process ended every time.",
                )
                continue
            change_about(run, attempts=about.attempts + 1)
        _start_child(child_command(run), run.folder / "log.txt", lock)
        return True
    if _wants_speeds.is_set():
        _wants_speeds.clear()  # asked once: a machine on which it fails is not asked for ever
        _start_child(["-m", "training", "time", "--give-way"], Path(os.devnull), lock)
        return True
    return False


def child_command(run: Run) -> Sequence[str]:
    """Return what Python is told to do for a run."""
    command = "export" if read_about(run).task == "finish" else "run"
    return ["-m", "training", command, str(run.folder)]


def _start_child(command: Sequence[str], log: Path, lock: int) -> None:
    threads = str(max(1, read_limits().threads))
    settings = {
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, *command, "--lock", str(lock)],
            cwd=_ROOT,
            env={**os.environ, "RUNS_DIR": str(runs_folder().resolve()), **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives this process
            pass_fds=[lock],
        )
    _children.append(child)
