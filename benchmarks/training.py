"""How soon a retrained model is of use, and a stop a stop: `python -m benchmarks.training`.

Trains `quick` and `classic` from scratch, one after the other, in a folder of its own; then starts
and stops runs; then opens the start page in a real Chromium, idle and while a run is on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.server import open_finished, run_browser, run_server
from benchmarks.tables import print_table, spread
from benchmarks.web import time_moves
from training.compare import Scores, compare
from training.evaluate import Protocol
from training.runs import jobs
from training.runs.jobs import RunState

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from benchmarks.server import Server

_ROOT = Path(__file__).parent.parent
_STOPS = 20
_HEADS = ["what", "median ms", "p95 ms", "max ms"]
_SECONDS = 4.0  # over which the moments of the stops are spread
_VISITS, _MOVES = 20, 100
_PROTOCOL = Protocol(kind="uniform", level=0.6, seeds=1, images=10_000)


def _train(store: Path, recipe: str) -> float:
    """Train a recipe from the command line; return the seconds until its model can be used."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "training", "run", str(store / f"new-{recipe}"), "--recipe", recipe],
        cwd=_ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def _row(name: str, seconds: float, scores: Scores) -> list[str]:
    return [
        name,
        f"{seconds:.0f} s",
        f"{scores.noisy_accuracy:.2%}",
        f"{scores.denoised_accuracy:.2%}",
        f"{scores.denoised_psnr:.2f} dB",
        f"{scores.milliseconds:.2f} ms",
    ]


def _wait(run_id: str, *states: RunState) -> None:
    while jobs.snapshot(run_id).state not in states:
        time.sleep(0.02)


def _start(recipe: str) -> str:
    """Start a run by a click's way; return its id after its first step."""
    run_id = jobs.submit(recipe, {}, None)
    while not (seen := jobs.snapshot(run_id)).progress.step:
        if seen.state is RunState.FAILED:
            raise SystemExit(seen.reason)
        time.sleep(0.05)
    return run_id


def _train_by_click(recipe: str) -> float:
    """Train a recipe by a click's way; return the seconds until its model can be used."""
    started = time.perf_counter()
    _wait(jobs.submit(recipe, {}, None), RunState.DONE, RunState.FAILED)
    return time.perf_counter() - started


def _time_stop(after: float) -> float:
    """Stop a run so long after its first step; return the seconds."""
    run_id = _start("quick")
    time.sleep(after)
    started = time.perf_counter()
    jobs.stop(run_id, None)
    _wait(run_id, RunState.STOPPED, RunState.DONE)
    return time.perf_counter() - started


def _time_visits(browser: Browser, server: Server, url: str) -> tuple[list[float], list[float]]:
    """Return the seconds until the start page is finished, and from a move to its new picture."""
    seconds = []
    for _ in range(_VISITS):
        started = time.perf_counter()
        tab = open_finished(browser, url)
        seconds.append(time.perf_counter() - started)
        tab.close()
    tab = open_finished(browser, url)
    moves, _ = time_moves(tab, server, _MOVES)
    tab.close()
    return seconds, moves


def _print_visits() -> None:
    """Print how the start page fares, idle and while a run is on."""
    with run_browser() as browser, run_server() as (server, url):
        open_finished(browser, url).close()
        idle = _time_visits(browser, server, url)
        run_id = _start("fashion")
        try:
            beside = _time_visits(browser, server, url)
        finally:
            jobs.stop(run_id, None)
            _wait(run_id, RunState.STOPPED, RunState.FAILED)
    rows = [
        [f"{what}, {when}", *spread(seconds)]
        for when, measured in (("idle", idle), ("while a run is on", beside))
        for what, seconds in zip(("open the start page", "move the slider"), measured, strict=True)
    ]
    print_table(_HEADS, rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=_STOPS, help="how many runs are stopped")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        os.environ["RUNS_DIR"] = folder
        seconds = {recipe: _train(store, recipe) for recipe in ("quick", "classic")}
        found = compare("new-quick", "new-classic", _PROTOCOL)
        print_table(
            ["recipe", "command to model", "noisy", "denoised", "PSNR", "one picture"],
            [
                _row("quick", seconds["quick"], found.first),
                _row("classic", seconds["classic"], found.second),
            ],
        )
        print(f"\nquick is {seconds['classic'] / seconds['quick']:.1f} times as fast.\n")
        jobs.start_dispatcher()
        print(f"Started by a click, quick takes {_train_by_click('quick'):.0f} s.\n")
        moments = np.linspace(0, _SECONDS, options.stops)
        stops = [_time_stop(float(after)) for after in moments]
        print_table(_HEADS, [["stop to stopped", *spread(stops)]])
        _print_visits()


if __name__ == "__main__":
    main()
