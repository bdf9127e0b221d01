"""Kills a run at every one of its operations on files, and says what was there afterwards.

`python -m tests.training.kill_points STORE again|anew` prints one JSON object a kill. Processes are
forked from one that has everything imported, so that a hundred kills take seconds.
"""

import json
import os
import signal
import sys
from pathlib import Path

from ai_edge_litert import interpreter  # noqa: F401 - imported once for all forks

from model_store import ModelError, open_model
from tests.training.fake_child import export, kill_at, work
from training.runs.conduct import Start, conduct
from training.runs.jobs import snapshot
from training.runs.run import Run


def in_a_fork(action):
    """Carry out the action in a process of its own; return its end as a JSON object."""
    reading, writing = os.pipe()
    if not os.fork():
        result = action()
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.wait()
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status) == signal.SIGKILL}
    return {"killed": False, "result": json.loads(text) if text else None}


def look(run):
    """What a visitor meets: the state of the run, and whether its model opens."""
    try:
        model = open_model(run.folder.name).card.run
    except ModelError as error:
        model = None
        if "no such model" not in str(error):
            return {"broken": str(error)}
    return {"state": snapshot(run.folder.name).state, "model": model}


def go(run, how, point=None):
    if point:
        kill_at(point)
    if how == "again":
        with run.locked():
            export(run)
        return "done"
    return conduct(run, lambda: work(run), Start())


def main():
    store, how = Path(sys.argv[1]), sys.argv[2]
    os.environ["RUNS_DIR"] = str(store)
    point = 0
    while True:
        point += 1
        run = Run(store / f"run-{point}")
        run.create("classic", {})
        if how == "again":
            in_a_fork(lambda run=run: go(run, "anew"))
        before = in_a_fork(lambda run=run: look(run))["result"]
        killed = in_a_fork(lambda run=run, point=point: go(run, how, point))["killed"]
        after = in_a_fork(lambda run=run: look(run))["result"]
        if how == "again" or after["state"] != "done":
            in_a_fork(lambda run=run: go(run, how))
        finally_ = in_a_fork(lambda run=run: look(run))["result"]
        debris = [path.name for path in run.folder.glob(".new-*")]
        print(json.dumps([before, after, finally_, debris]), flush=True)
        if not killed:
            return


if __name__ == "__main__":
    main()
