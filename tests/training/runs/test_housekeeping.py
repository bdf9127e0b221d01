import json
import os
import time

import pytest

from tests.training.conftest import wait_for
from training.runs import housekeeping, jobs
from training.runs.about import change_about
from training.runs.dispatch import dispatch_once
from training.runs.housekeeping import keep_house, make_room
from training.runs.jobs import JobError, RunState
from training.runs.run import Run

ME = jobs.new_owner()


def ended(runs, owner=ME, hours_ago=0.0, megabytes=0):
    """Return the id of a run that was stopped so many hours ago."""
    run_id = jobs.submit("classic", {}, owner)
    jobs.cancel(run_id, owner)
    run = Run(runs / run_id)
    path = run.folder / "state.json"
    state = json.loads(path.read_text())
    path.write_text(json.dumps({**state, "ended": state["ended"] - 3600 * hours_ago}))
    (run.folder / "filling").write_bytes(b"x" * int(megabytes * 1e6))
    return run_id


def names(runs):
    return {path.name for path in runs.iterdir() if not path.name.startswith(".")}


def test_where_it_is_hosted_runs_live_for_a_day(runs, monkeypatch):
    old, young = ended(runs, hours_ago=25), ended(runs, hours_ago=23)
    terminal = Run(runs / "from-a-terminal")
    terminal.create("classic", {})
    keep_house()
    assert names(runs) == {old, young, "from-a-terminal"}
    monkeypatch.setenv("HOSTED", "on")
    keep_house()
    assert names(runs) == {young, "from-a-terminal"}


def test_a_clock_that_was_set_back_deletes_nothing(runs, monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    run_id = ended(runs, hours_ago=-48)
    keep_house()
    assert names(runs) == {run_id}


def test_the_trash_is_emptied_after_an_hour(runs):
    kept, thrown = ended(runs), ended(runs)
    jobs.delete(kept, ME)
    jobs.delete(thrown, ME)
    before = time.time() - housekeeping.UNDO_SECONDS - 60
    os.utime(runs / ".trash" / thrown, (before, before))
    keep_house()
    jobs.undelete(kept, ME)
    with pytest.raises(JobError, match="gone"):
        jobs.undelete(thrown, ME)


def test_what_a_killed_process_left_is_swept_up(runs):
    (runs / ".new-half").mkdir()
    keep_house()
    assert not (runs / ".new-half").exists()


def test_at_home_nothing_is_deleted_to_make_room(runs, monkeypatch):
    run_id = ended(runs, megabytes=2)
    monkeypatch.setenv("RUNS_MEGABYTES", "1")
    with pytest.raises(JobError, match=r"more than the 1 MB.*delete some"):
        jobs.submit("classic", {}, ME)
    assert names(runs) == {run_id}
    jobs.delete(run_id, ME)  # the trash makes room
    jobs.submit("classic", {}, ME)


def test_where_it_is_hosted_the_oldest_make_room(runs, monkeypatch):
    ids = [ended(runs, megabytes=1) for _ in range(3)]
    monkeypatch.setenv("HOSTED", "on")
    monkeypatch.setenv("RUNS_MEGABYTES", "2.5")
    make_room()
    assert names(runs) == set(ids[1:])


def test_what_is_under_way_is_never_deleted(runs, monkeypatch):
    monkeypatch.setenv("FAKE", "slow")
    run_id = jobs.submit("classic", {}, ME)
    wait_for(lambda: dispatch_once() or jobs.snapshot(run_id).state is RunState.RUNNING)
    wait_for(lambda: jobs.snapshot(run_id).state is RunState.RUNNING)
    monkeypatch.setenv("HOSTED", "on")
    monkeypatch.setenv("RUNS_HOURS", "0.000001")
    monkeypatch.setenv("RUNS_MEGABYTES", "0.000001")
    with pytest.raises(JobError, match="more than"):
        make_room()
    keep_house()
    assert names(runs) == {run_id}
    jobs.stop(run_id, ME)
    wait_for(lambda: jobs.snapshot(run_id).state is RunState.STOPPED)


def test_a_damaged_run_of_a_visitor_is_deleted_in_its_time(runs, monkeypatch):
    run_id = ended(runs)
    (runs / run_id / "state.json").write_text("{")
    change_about(Run(runs / run_id), created=time.time() - 90_000)
    monkeypatch.setenv("HOSTED", "on")
    keep_house()
    assert names(runs) == set()
