"""Stands in for the training process: the real locks, states, files and publication, no TensorFlow.

`python -m tests.training.fake_child RUN_DIR [--lock N]`. FAKE says how it goes: `quick` (as usual),
`slow` (until it is stopped), `deaf` (not even then), `diverge`, `die` (by kill -9).
"""

import argparse
import os
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from model_store import store
from model_store.card import read_card
from model_store.files import replace_file
from model_store.publish import publish
from training.previews import write_preview
from training.runs.conduct import Start, TrainingDiverged, TrainingStopped, conduct
from training.runs.run import Run

EPOCHS = 3
HOW = os.environ.get("FAKE", "quick")


def kill_at(number):
    """Have this process killed at its number-th operation on files."""
    seen = 0

    def count(event, arguments):
        nonlocal seen
        is_file = event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
        if is_file or (event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def work(run):
    trained = len(run.metrics)
    for epoch in range(trained, EPOCHS):
        if HOW == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if HOW == "diverge":
            raise TrainingDiverged("The loss of denoiser is no longer a number.")
        while HOW in {"slow", "deaf"}:
            if HOW == "slow" and run.stop_requested:
                raise TrainingStopped
            time.sleep(0.01)
        stage = "denoiser" if epoch else "classifier"
        number = epoch or 1
        run.add_metrics({"stage": stage, "epoch": number, "seconds": 0.1, "val_loss": 1 / number})
        replace_file(run.best(stage), lambda path: path.write_bytes(b"best" * 1000))
        write_preview(run.preview(stage, number), np.zeros((10, 28, 28, 1), np.float32))
        replace_file(run.checkpoint(stage), lambda path: path.write_bytes(b"weights" * 1000))
    export(run)


def export(run):
    for half in run.folder.glob(".new-*"):
        shutil.rmtree(half)
    source = store.MODELS / "classic"
    (run.folder / "export").mkdir(exist_ok=True)
    for path in source.glob("*.*"):
        shutil.copy(path, run.folder / "export")
    card = replace(read_card(source), id=run.folder.name, run=str(time.time()))
    publish(run.folder / "export", card, run.model_folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lock", type=int)
    options = parser.parse_args()
    run = Run(options.folder)
    state = conduct(run, lambda: work(run), Start(options.lock))
    return 0 if state == "done" else 1


if __name__ == "__main__":
    sys.exit(main())
