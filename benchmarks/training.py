"""How soon a retrained model is of use, and a stop a stop: `python -m benchmarks.training`.

Trains `quick` and `classic` from scratch, one after the other, in a folder of its own; then starts
and stops runs. How the pages fare meanwhile is measured by `benchmarks.web` while a run is on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.tables import print_table
from training.compare import Scores, compare
from training.evaluate import Protocol
from training.runs import jobs
from training.runs.jobs import RunState

_ROOT = Path(__file__).parent.parent
_STOPS = 20
_SPREAD = 4.0  # seconds over which the moments of the stops are spread
_PROTOCOL = Protocol(kind="uniform", level=0.6, seeds=1, images=10_000)


def _train(store: Path, recipe: str) -> float:
    """Train a recipe from the command line; return the seconds until its model can be used."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "training", "run", str(store / recipe), "--recipe", recipe],
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


def _time_stop(after: float) -> float:
    """Start a run by a click's way, stop it so long after its first step; return the seconds."""
    run_id = jobs.submit("quick", {}, None)
    while not jobs.snapshot(run_id).progress.step:
        time.sleep(0.05)
    time.sleep(after)
    started = time.perf_counter()
    jobs.stop(run_id, None)
    _wait(run_id, RunState.STOPPED, RunState.DONE)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=_STOPS, help="how many runs are stopped")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        os.environ["RUNS_DIR"] = folder
        seconds = {recipe: _train(store, recipe) for recipe in ("quick", "classic")}
        found = compare("quick", "classic", _PROTOCOL)
        print_table(
            ["recipe", "command to model", "noisy", "denoised", "PSNR", "one picture"],
            [
                _row("quick", seconds["quick"], found.first),
                _row("classic", seconds["classic"], found.second),
            ],
        )
        print(f"\nquick is {seconds['classic'] / seconds['quick']:.1f} times as fast.\n")
        jobs.start_dispatcher()
        moments = np.linspace(0, _SPREAD, options.stops)
        stops = [_time_stop(float(after)) for after in moments]
    print_table(
        ["what", "median s", "p95 s", "max s"],
        [["stop to stopped", *(f"{np.percentile(stops, p):.2f}" for p in (50, 95, 100))]],
    )


if __name__ == "__main__":
    main()
