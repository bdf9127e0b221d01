"""Runs from a page's point of view, with a stand-in for the training process."""

import json
import os
import signal
import time

import pytest

from model_store import open_model, store
from tests.training.conftest import pid_of, wait_for
from tests.training.runs.visitor import MINE, submit, until
from training.runs import jobs
from training.runs.dispatch import dispatch_once
from training.runs.jobs import JobError, RunState
from training.runs.run import Run


def test_a_run_from_submit_to_its_model(runs, images):
    run_id = submit(bottleneck="32")
    seen = jobs.snapshot(run_id)
    assert (seen.state, seen.place, seen.title) == (RunState.QUEUED, 1, "The original")
    assert (seen.recipe, seen.changes, seen.owner) == ("classic", {"bottleneck": "32"}, MINE)
    assert seen.is_live
    assert not seen.has_model
    seen = until(run_id, RunState.DONE)
    assert seen.has_model
    assert (seen.place, seen.reason, seen.progress.share) == (0, "", 1)
    assert seen.created <= seen.started <= seen.ended
    assert [(e.stage, e.network, e.number) for e in seen.history] == [
        ("classifier", "classifier", 1),
        ("denoiser", "denoiser", 1),
        ("denoiser", "denoiser", 2),
    ]
    assert [(p.stage, p.epoch) for p in seen.previews][-1] == ("denoiser", 2)
    assert open_model(run_id)(images).denoised.shape == images.shape
    assert store.is_id(run_id)
    with pytest.raises(JobError, match="is done"):
        jobs.resume(run_id, MINE)


def test_one_at_a_time_in_their_order(runs, monkeypatch):
    monkeypatch.setenv("FAKE", "slow")
    ids = [submit() for _ in range(3)]
    until(ids[0], RunState.RUNNING)
    dispatch_once()
    assert [jobs.snapshot(i).place for i in ids] == [0, 1, 2]
    assert [turn.run_id for turn in jobs.queue_of_runs(MINE)] == ids[1:]
    assert jobs.running(MINE).run_id == ids[0]
    assert [s.id for s in jobs.list_runs(MINE)] == ids[::-1]
    jobs.cancel(ids[1], MINE)
    assert jobs.snapshot(ids[1]).state is RunState.STOPPED
    jobs.stop(ids[0], MINE)
    until(ids[0], RunState.STOPPED)
    until(ids[2], RunState.RUNNING)
    jobs.stop(ids[2], MINE)
    until(ids[2], RunState.STOPPED)
    assert jobs.running(MINE) is None


@pytest.mark.parametrize("how", ["slow", "deaf"])
def test_a_stop_ends_within_five_seconds_and_a_run_goes_on(runs, monkeypatch, how):
    monkeypatch.setenv("FAKE", how)
    run_id = submit()
    until(run_id, RunState.RUNNING)
    started = time.monotonic()
    jobs.stop(run_id, MINE)
    jobs.stop(run_id, MINE)  # twice is once
    seen = until(run_id, RunState.STOPPED)
    assert time.monotonic() - started < 5
    assert seen.reason == "Stopped on request."
    assert seen.can_resume
    assert not seen.can_finish  # nothing was learned
    with pytest.raises(JobError, match="resume it first"):
        jobs.finish(run_id, MINE)
    monkeypatch.setenv("FAKE", "quick")
    jobs.resume(run_id, MINE)
    assert until(run_id, RunState.DONE).has_model


def test_a_stopped_run_is_finished_by_its_best_weights(runs):
    run_id = submit()
    run = Run(runs / run_id)
    for stage in ("classifier", "denoiser"):
        run.add_metrics({"stage": stage, "epoch": 1, "seconds": 1, "val_loss": 1})
    jobs.cancel(run_id, MINE)
    assert jobs.snapshot(run_id).can_finish
    jobs.finish(run_id, MINE)
    assert json.loads((run.folder / "about.json").read_text())["task"] == "finish"
    until(run_id, RunState.DONE)


def test_a_diverging_run_fails_with_its_reason(runs, monkeypatch):
    monkeypatch.setenv("FAKE", "diverge")
    seen = until(submit(), RunState.FAILED)
    assert seen.reason == "The loss of denoiser is no longer a number."
    assert not seen.has_model


def test_a_killed_run_is_lost_and_taken_up_again(runs, monkeypatch):
    monkeypatch.setenv("FAKE", "slow")
    run_id = submit()
    until(run_id, RunState.RUNNING)
    pid = wait_for(lambda: pid_of(Run(runs / run_id)))
    monkeypatch.setenv("FAKE", "quick")
    os.kill(pid, signal.SIGKILL)
    until(run_id, RunState.DONE)


def test_a_run_that_dies_every_time_is_given_up(runs, monkeypatch):
    monkeypatch.setenv("FAKE", "die")
    monkeypatch.setenv("TRAINING_ATTEMPTS", "2")
    run_id = submit()
    seen = until(run_id, RunState.LOST)
    assert "ended" in seen.reason
    dispatch_once()
    assert jobs.snapshot(run_id).state is RunState.LOST
    assert jobs.running(MINE) is None


def test_a_child_that_cannot_start_is_given_up(runs, monkeypatch):
    from training.runs import dispatch

    monkeypatch.setattr(dispatch, "child_command", lambda run: ["-c", "raise SystemExit(3)"])
    monkeypatch.setenv("TRAINING_ATTEMPTS", "1")
    seen = until(submit(), RunState.LOST)
    assert "Given up after 2 starts" in seen.reason


def test_the_queue_is_bounded(runs, monkeypatch):
    monkeypatch.setenv("TRAINING_QUEUE", "2")
    submit()
    submit()
    with pytest.raises(JobError, match="2 runs are waiting already"):
        submit()


def test_training_can_be_switched_off(runs, monkeypatch):
    waiting = submit()
    monkeypatch.setenv("TRAINING", "off")
    with pytest.raises(JobError, match="switched off"):
        submit()
    assert not dispatch_once()
    assert jobs.snapshot(waiting).state is RunState.QUEUED
