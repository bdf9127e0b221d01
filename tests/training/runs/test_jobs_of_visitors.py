"""What visitors may do with runs: with their own, and with those of others."""

import pytest

from model_store import ModelError, open_model
from tests.training.conftest import pid_of, wait_for
from tests.training.runs.visitor import MINE, THEIRS, submit, until
from training.runs import jobs
from training.runs.jobs import JobError, RunState
from training.runs.run import Run


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
