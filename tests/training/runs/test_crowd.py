"""Many starts at once, from several processes; and servers that are killed."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.training.conftest import pid_of, wait_for
from training.runs import jobs
from training.runs.jobs import RunState
from training.runs.listing import all_runs, in_state

ROOT = Path(__file__).parents[3]
PROCESSES, EACH = 5, 10


@pytest.fixture
def crowd(runs):
    """Web processes that dispatch, each waiting for its sign; in the end they are killed."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.training.crowd", str(EACH)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    yield processes
    for process in processes:
        process.kill()
        process.communicate()
    for run in in_state(RunState.RUNNING):
        jobs.stop(run.folder.name, None)
    wait_for(lambda: not any(is_alive(pid_of(run)) for run in all_runs()))


def is_alive(pid):
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    return bool(pid)


def test_of_fifty_starts_at_once_one_runs_and_the_rest_queue_or_are_told(crowd):
    started = time.monotonic()
    for process in crowd:
        process.stdin.write("go\n")
        process.stdin.flush()
    lines = [process.stdout.readline().strip() for process in crowd for _ in range(EACH)]
    assert time.monotonic() - started < 20
    told = [line for line in lines if line.startswith("told: ")]
    ids = sorted(line for line in lines if not line.startswith("told: "))
    limit = jobs.read_limits().queue
    assert limit <= len(ids) < PROCESSES * EACH  # those that started made room
    assert len(told) == PROCESSES * EACH - len(ids)
    assert all("waiting already" in line for line in told)
    most = 0

    def all_done():
        nonlocal most
        most = max(most, len(in_state(RunState.RUNNING)))
        return all(jobs.snapshot(run_id).state is RunState.DONE for run_id in ids)

    wait_for(all_done, seconds=60)
    assert most == 1
    ends = sorted((s.started, s.ended, s.number) for s in map(jobs.snapshot, ids))
    assert [number for _, _, number in ends] == sorted(number for _, _, number in ends)
    for (_, end, _), (start, _, _) in itertools.pairwise(ends):
        assert start >= end


def test_a_killed_server_leaves_the_run_to_go_on(crowd):
    run_id = jobs.submit("classic", {}, None)
    for process in crowd[1:]:
        process.kill()
    for process in crowd[1:]:
        process.wait()
    wait_for(lambda: jobs.snapshot(run_id).started)
    crowd[0].kill()
    crowd[0].wait()
    assert wait_for(lambda: jobs.snapshot(run_id).state is RunState.DONE)
    assert jobs.snapshot(run_id).reason == ""  # it never was lost


def test_servers_killed_at_any_moment_lose_no_run(runs):
    for moment in range(5):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.training.crowd", "1"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        if moment:  # at the first, before it can answer
            run_id = process.stdout.readline().strip()
            wait_for(lambda n=moment, i=run_id: len(jobs.snapshot(i).history) >= n - 1)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    from training.runs.dispatch import dispatch_once

    def all_done():
        dispatch_once()
        return all(seen.state is RunState.DONE for seen in jobs.list_runs(None))

    wait_for(all_done, seconds=60)
    assert len(jobs.list_runs(None)) >= 4
