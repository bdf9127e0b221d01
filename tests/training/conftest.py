from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from training.runs import dispatch

if TYPE_CHECKING:
    from training.runs.run import Run


def wait_for(condition, seconds=30):
    """Return what `condition` returns as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"Not within {seconds} seconds: {condition}")


def pid_of(run: Run) -> int | None:
    """Return the process that says it holds the run's lock."""
    try:
        return int((run.folder / "lock").read_text())
    except (OSError, ValueError):
        return None


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """An empty store of runs; whatever trains in it at the end is killed."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("RUNS_DIR", str(folder))
    for name in ("TRAINING", "HOSTED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        dispatch, "child_command", lambda run: ["-m", "tests.training.fake_child", str(run.folder)]
    )
    yield folder
    for child in dispatch._children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
    dispatch._children.clear()
