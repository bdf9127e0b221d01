"""Stands in for the training process of `retrain_app.py`: it learns nothing, at a watchable pace.

Its model is the shipped `classic`, its pictures go from noisy to clean.
"""

import os
import sys
import time
from pathlib import Path

from tests.training.fake_child import export
from training.datasets import load_split
from training.previews import noisy_pictures, write_preview
from training.runs.about import read_about
from training.runs.conduct import Start, TrainingStopped, conduct
from training.runs.progress import FINISHING, Progress, write_progress
from training.runs.run import Run

EPOCHS = int(os.environ.get("FAKE_EPOCHS", "4"))
STEPS = 10
PACE = float(os.environ.get("FAKE_PACE", "0.15"))  # seconds a step


def work(run):
    recipe = run.recipe()
    if read_about(run).task == "finish":
        return finish(run)
    known = {(entry["stage"], entry["epoch"]) for entry in run.metrics}
    for number, stage in enumerate(recipe.stages, start=1):
        for epoch in range(1, EPOCHS + 1):
            if (stage.name, epoch) not in known:
                train(run, stage, number, epoch)
    return finish(run)


def train(run, stage, number, epoch):
    stages = len(run.recipe().stages)
    for step in range(1, STEPS + 1):
        if run.stop_requested:
            raise TrainingStopped
        time.sleep(PACE)
        share = ((number - 1) * EPOCHS + epoch - 1 + step / STEPS) / (stages * EPOCHS)
        left = (1 - share) * stages * EPOCHS * STEPS * PACE
        write_progress(
            run,
            Progress(
                stage.name, number, stages, epoch, EPOCHS, step, STEPS, 1.0, left, 0.9 * share
            ),
        )
    learned = 1 - 0.6**epoch
    if stage.network == "denoiser":
        figures = {"psnr": 10 + 14 * learned, "val_psnr": 10 + 13 * learned}
        noisy = noisy_pictures(run, run.recipe().trained_noise)
        labels = load_split("test").labels
        firsts = [int((labels == label).argmax()) for label in range(10)]
        clean = load_split("test").images(firsts)
        write_preview(run.preview(stage.name, epoch), learned * clean + (1 - learned) * noisy)
    else:
        figures = {"accuracy": 0.5 + 0.42 * learned, "val_accuracy": 0.5 + 0.39 * learned}
    losses = {"loss": 1.1 - learned, "val_loss": 1.15 - learned}
    run.add_metrics({"stage": stage.name, "epoch": epoch, "seconds": 1.0, **losses, **figures})


def finish(run):
    write_progress(run, Progress(FINISHING, 2, 2, share=0.95))
    export(run)


def main():
    run = Run(Path(sys.argv[1]))
    state = conduct(run, lambda: work(run), Start(int(sys.argv[sys.argv.index("--lock") + 1])))
    return 0 if state == "done" else 1


if __name__ == "__main__":
    sys.exit(main())
