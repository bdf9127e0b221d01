"""A run by the real training process: stopped in the middle, and made a model all the same."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from model_store import open_model
from tests.training.conftest import pid_of, wait_for
from training.runs import dispatch, jobs
from training.runs.jobs import RunState

ME = jobs.new_owner()
TINY = {"images": "1000", "denoiser.epochs": "1", "classifier.epochs": "100"}


@pytest.fixture
def real_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    yield tmp_path
    for child in dispatch._children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
    dispatch._children.clear()


def until(run_id, condition, seconds=180):
    def look():
        dispatch.dispatch_once()
        seen = jobs.snapshot(run_id)
        assert seen.state is not RunState.FAILED, (seen.reason, log(run_id))
        return seen if condition(seen) else None

    return wait_for(look, seconds)


def log(run_id):
    return (jobs.listing.find(run_id).folder / "log.txt").read_text()[-2000:]


def gives_way(child):
    assert os.getpriority(os.PRIO_PROCESS, child) >= 15
    with contextlib.suppress(FileNotFoundError):  # not every kernel has them
        assert "nice 15" in Path(f"/proc/{child}/autogroup").read_text()


def test_a_run_is_watched_stopped_and_finished(real_runs, images):
    run_id = jobs.submit("quick", TINY, ME)
    seen = until(run_id, lambda s: s.progress.step > 0)
    assert (seen.progress.stage, seen.progress.stages) == ("denoiser", 2)
    gives_way(pid_of(jobs.listing.find(run_id)))
    seen = until(run_id, lambda s: len(s.history) >= 3)
    assert [preview.path.is_file() for preview in seen.previews] == [True]
    assert seen.noisy.is_file()
    assert seen.clean.is_file()
    assert seen.progress.seconds_left > 0
    assert 0 < seen.progress.share < 1
    started = time.monotonic()
    jobs.stop(run_id, ME)
    seen = until(run_id, lambda s: s.state is RunState.STOPPED)
    assert time.monotonic() - started < 5
    assert seen.can_finish
    jobs.rename(run_id, "My first", ME)
    jobs.finish(run_id, ME)
    seen = until(run_id, lambda s: s.state is RunState.DONE)
    assert seen.title == "My first"
    model = open_model(run_id)
    assert model.card.title == "My first"
    assert model(images).denoised.shape == images.shape
