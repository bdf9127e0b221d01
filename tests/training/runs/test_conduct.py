import os
import threading

import pytest

from tests.training.conftest import wait_for
from training.datasets import DatasetError
from training.runs.conduct import Start, TrainingDiverged, TrainingStopped, alone, conduct
from training.runs.locks import take, training_lock
from training.runs.run import Run, RunError, RunState

TERMINAL = Start()


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "a-run")
    run.create("classic", {})
    return run


def raising(error):
    def work():
        raise error

    return work


def test_work_that_is_done(run):
    during = []
    assert conduct(run, lambda: during.append(run.state), TERMINAL) is RunState.DONE
    assert during == [RunState.RUNNING]


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (TrainingStopped(), RunState.STOPPED, "Stopped on request."),
        (KeyboardInterrupt(), RunState.STOPPED, "Stopped in the terminal."),
        (TrainingDiverged("No number."), RunState.FAILED, "No number."),
        (DatasetError("A file is missing."), RunState.FAILED, "A file is missing."),
    ],
)
def test_ends_that_were_foreseen(run, error, state, reason):
    assert conduct(run, raising(error), TERMINAL) is state
    assert run.status.reason == reason


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (OSError(28, "No space left on device", "/secret/path"), "disk is full"),
        (MemoryError(), "memory is too small"),
        (ValueError("at /secret/path"), "unforeseen ValueError"),
    ],
)
def test_ends_that_were_not_foreseen_say_so_without_a_path(run, error, part):
    with pytest.raises(type(error)):
        conduct(run, raising(error), TERMINAL)
    assert run.state is RunState.FAILED
    assert part in run.status.reason
    assert "secret" not in run.status.reason
    assert conduct(run, lambda: None, TERMINAL) is RunState.DONE


def test_a_run_that_is_done_is_not_run_again(run):
    conduct(run, lambda: None, TERMINAL)
    with pytest.raises(RunError, match="is done already"):
        conduct(run, lambda: None, TERMINAL)


def test_one_at_a_time_in_a_store(run, tmp_path):
    other = Run(tmp_path / "another-run")
    other.create("classic", {})
    with alone(run, TERMINAL), pytest.raises(RunError, match=r"Another run is training.*--wait"):
        conduct(other, lambda: None, TERMINAL)
    assert conduct(other, lambda: None, TERMINAL) is RunState.DONE


def test_who_waits_gets_the_turn(run, tmp_path, capsys):
    held = take(training_lock(tmp_path))
    threading.Timer(1.5, os.close, [held]).start()
    assert conduct(run, lambda: None, Start(wait=True)) is RunState.DONE
    assert "Waiting until" in capsys.readouterr().out


def test_a_run_taken_out_of_the_queue_in_the_last_moment_does_not_start(run, tmp_path):
    run.move_to(RunState.STOPPED)
    held = take(training_lock(tmp_path))
    assert conduct(run, raising(AssertionError), Start(lock=held)) is RunState.STOPPED


def test_an_inherited_lock_must_be_that_of_the_store(run, tmp_path):
    training_lock(tmp_path).touch()
    other = take(tmp_path / "something-else")
    with pytest.raises(RunError, match="another folder"):
        conduct(run, lambda: None, Start(lock=other))


def test_a_stop_from_before_is_forgotten(run):
    run.request_stop()
    assert conduct(run, lambda: None, TERMINAL) is RunState.DONE
    assert not run.stop_requested


def test_no_run_takes_for_ever(run, monkeypatch):
    monkeypatch.setenv("TRAINING_HOURS", "0.0001")

    def work():
        wait_for(lambda: run.stop_requested)
        raise TrainingStopped

    assert conduct(run, work, TERMINAL) is RunState.STOPPED
    assert "the longest a run may take" in run.status.reason
