"""Runs from a page's point of view, with a stand-in for the training process."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from model_store import ModelError, open_model, store
from tests.training.conftest import pid_of, wait_for
from training.runs import jobs
from training.runs.dispatch import dispatch_once
from training.runs.jobs import JobError, RunState
from training.runs.run import Run

MINE, THEIRS = jobs.new_owner(), jobs.new_owner()


def submit(owner=MINE, **changes):
    return jobs.submit("classic", changes, owner)


def until(run_id, *states, seconds=30):
    """Dispatch until the run is in one of the states; return its snapshot."""

    def look():
        dispatch_once()
        seen = jobs.snapshot(run_id)
        return seen if seen.state in states else None

    return wait_for(look, seconds)


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


def test_strangers_see_and_change_only_their_own_where_it_is_hosted(runs, monkeypatch):
    mine, theirs = submit(MINE), submit(THEIRS)
    terminal = Run(runs / "from-a-terminal")
    terminal.create("classic", {})
    assert {s.id for s in jobs.list_runs(MINE)} == {mine, theirs, "from-a-terminal"}
    monkeypatch.setenv("HOSTED", "on")
    assert [s.id for s in jobs.list_runs(MINE)] == [mine]
    assert jobs.list_runs(None) == ()
    assert [turn.run_id for turn in jobs.queue_of_runs(MINE)] == [mine, ""]
    for change in (jobs.stop, jobs.cancel, jobs.resume, jobs.finish, jobs.delete):
        for stranger in (MINE, None):
            with pytest.raises(JobError, match="somebody else"):
                change(theirs, stranger)
    with pytest.raises(JobError, match="somebody else"):
        jobs.rename(theirs, "Mine", MINE)
    jobs.delete(theirs, THEIRS)
    with pytest.raises(JobError, match="somebody else"):
        jobs.undelete(theirs, MINE)
    jobs.undelete(theirs, THEIRS)
    submit(MINE)
    with pytest.raises(JobError, match="most a visitor may have"):
        submit(MINE)


def test_rename(runs):
    run_id = submit()
    until(run_id, RunState.DONE)
    jobs.rename(run_id, "  My   first\tone ", MINE)
    assert jobs.snapshot(run_id).title == "My first one"
    assert open_model(run_id).card.title == "My first one"
    for wrong in ("", "   ", "x" * 61, "a\x00b"):
        with pytest.raises(JobError, match="1 to 60"):
            jobs.rename(run_id, wrong, MINE)


def test_delete_and_undelete(runs, monkeypatch):
    run_id = submit()
    until(run_id, RunState.DONE)
    jobs.delete(run_id, MINE)
    assert jobs.list_runs(MINE) == ()
    with pytest.raises(ModelError):
        open_model(run_id)
    with pytest.raises(JobError, match="no such run"):
        jobs.snapshot(run_id)
    jobs.undelete(run_id, MINE)
    assert jobs.snapshot(run_id).has_model
    with pytest.raises(JobError, match="gone"):
        jobs.undelete(run_id, MINE)
    monkeypatch.setenv("FAKE", "slow")
    other = submit()
    until(other, RunState.RUNNING)
    wait_for(lambda: pid_of(Run(runs / other)))
    with pytest.raises(JobError, match="stop it before"):
        jobs.delete(other, MINE)
    jobs.stop(other, MINE)
    until(other, RunState.STOPPED)


@pytest.mark.parametrize("wrong", ["", "nothing", "../runs", "/etc", ".trash", "A", "x" * 99])
def test_unknown_ids(runs, wrong):
    for look in (jobs.snapshot, lambda i: jobs.stop(i, None), lambda i: jobs.delete(i, None)):
        with pytest.raises(JobError, match="no such run"):
            look(wrong)
    with pytest.raises(JobError):
        jobs.undelete(wrong, None)


@pytest.mark.parametrize(
    "file",
    ["config.json", "state.json", "about.json", "metrics.jsonl", "progress.json"],
)
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b"\xff\xfe", b"3"])
def test_a_damaged_folder_is_shown_and_can_be_deleted(runs, file, content):
    run_id, other = submit(), submit()
    path = runs / run_id / file
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    seen = jobs.snapshot(run_id)
    assert seen.id == run_id
    assert {s.id for s in jobs.list_runs(MINE)} == {run_id, other}
    assert jobs.running(MINE) is None
    assert jobs.snapshot(other).state is RunState.QUEUED
    dispatch_once()
    if seen.recipe == "":
        assert "damaged" in seen.reason
        for change in (jobs.resume, jobs.finish):
            with pytest.raises(JobError):
                change(run_id, MINE)
        jobs.delete(run_id, MINE)
        assert jobs.snapshot(other)


def test_strays_in_the_folder_are_no_runs(runs):
    (runs / "notes.log").write_text("x")
    (runs / "empty").mkdir()
    (runs / ".new-half").mkdir()
    outside = runs.parent / "outside"
    outside.mkdir()
    (outside / "config.json").write_text("{}")
    (runs / "linked").symlink_to(outside)
    assert jobs.list_runs(None) == ()
    assert jobs.queue_of_runs(None) == ()


def test_no_folder_at_all(runs):
    shutil.rmtree(runs)
    assert jobs.list_runs(None) == ()
    assert jobs.running(None) is None
    assert not dispatch_once()
    submit()
    assert len(jobs.list_runs(None)) == 1


def test_a_folder_that_cannot_be_written_to_is_one_sentence(runs, monkeypatch):
    (runs / "file").write_text("")
    monkeypatch.setenv("RUNS_DIR", str(runs / "file" / "runs"))
    with pytest.raises(JobError, match=r"cannot be written to.*RUNS_DIR"):
        submit()
    assert jobs.list_runs(None) == ()


@pytest.fixture
def small_disk(runs):
    disk = runs / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mounting, check=False).returncode:
        pytest.skip("Only root can mount a small disk.")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_no_debris(small_disk, monkeypatch):
    from training.runs import housekeeping

    monkeypatch.setenv("RUNS_DIR", str(small_disk))
    with pytest.raises(JobError, match="disk is nearly full"):
        submit()
    monkeypatch.setattr(housekeeping, "_LEAST_FREE", 0)
    run_id = submit()
    seen = until(run_id, RunState.FAILED)  # 3 MB do not hold a model
    assert "disk is full" in seen.reason
    assert not seen.has_model
    (small_disk / "filling").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    with pytest.raises(JobError, match="disk is full"):
        submit()
    assert {p.name for p in small_disk.iterdir() if p.is_dir()} == {run_id}
    assert jobs.snapshot(run_id).state is RunState.FAILED
