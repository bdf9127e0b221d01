"""What happens between the steps and the epochs of a training: report, keep, stop."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from model_store.files import replace_file
from training.previews import noisy_pictures, write_preview
from training.runs.conduct import TrainingDiverged, TrainingStopped
from training.runs.progress import write_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.recipe import Noise, Stage
    from training.runs.clock import Clock
    from training.runs.run import Run

_PAUSE = 0.5  # seconds between two reports

Logs = dict[str, float] | None


class AfterStep(keras.callbacks.Callback):
    """After each step: a look at the loss and at the stop file, and now and then a report."""

    def __init__(self, run: Run, clock: Clock) -> None:
        """Watch one stage of a run."""
        super().__init__()
        self.run, self.clock = run, clock
        self.reported = -math.inf

    def on_train_begin(self, logs: Logs = None) -> None:  # noqa: ARG002, D102 - Keras' own
        self._report()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:  # noqa: ARG002, D102
        if logs and not math.isfinite(logs["loss"]):
            stage = self.clock.progress().stage
            raise TrainingDiverged(
                f"The loss of {stage} is no longer a number: try a smaller learning rate."
            )
        self.clock.end_step()
        self._stop_if_asked()
        if time.monotonic() - self.reported >= _PAUSE:
            self._report()

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:  # noqa: ARG002, D102
        self._stop_if_asked()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002, D102
        self.clock.end_epoch()
        self._report()

    def _stop_if_asked(self) -> None:
        if self.run.stop_requested:
            raise TrainingStopped

    def _report(self) -> None:
        self.reported = time.monotonic()
        write_progress(self.run, self.clock.progress())


class AfterEpoch(keras.callbacks.Callback):
    """After each epoch: figures, the best weights, a preview, the checkpoint, one line."""

    def __init__(self, run: Run, stage: Stage, network: keras.Model, noise: Noise) -> None:
        """Watch the training of `network`, whose previews show such noise."""
        super().__init__()
        self.run, self.stage, self.network, self.noise = run, stage, network, noise
        # Without the optimizer, which the network may have got when it was compiled.
        self.bare = keras.Model(network.inputs, network.outputs)
        self.has_previews = stage.network == "denoiser" and stage.data == "samples"

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002, D102
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:  # noqa: D102
        figures = {name: round(float(value), 5) for name, value in (logs or {}).items()}
        seconds = round(time.monotonic() - self.started, 1)
        number = epoch + 1
        # The figures first: after a crash between the two, the epoch is trained and written again.
        self.run.add_metrics(
            {"stage": self.stage.name, "epoch": number, "seconds": seconds, **figures}
        )
        with averaged(self.model, is_wanted=self.stage.average_weights):
            if self._is_best():
                replace_file(self.run.best(self.stage.name), self.bare.save_weights)
            if self.has_previews:
                noisy = noisy_pictures(self.run, self.noise)
                pictures = np.asarray(self.network(noisy, training=False))
                write_preview(self.run.preview(self.stage.name, number), pictures)
        replace_file(self.run.checkpoint(self.stage.name), self.model.save_weights)
        line = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
        print(f"{self.stage.name} {number}/{self.stage.epochs}  {seconds} s  {line}", flush=True)
        if has_run_out_of_patience(self.run, self.stage):
            self.model.stop_training = True

    def _is_best(self) -> bool:
        losses = _losses(self.run, self.stage)
        return losses[-1] <= min(losses)


@contextmanager
def averaged(model: keras.Model, *, is_wanted: bool) -> Iterator[None]:
    """Give a model under training the moving average of its weights for a moment."""
    averages: list[Any] = getattr(model.optimizer, "_model_variables_moving_average", [])
    if not is_wanted or not averages:
        yield
        return
    weights = [variable.numpy() for variable in model.trainable_variables]
    for variable, average in zip(model.trainable_variables, averages, strict=True):
        variable.assign(average)
    try:
        yield
    finally:
        for variable, value in zip(model.trainable_variables, weights, strict=True):
            variable.assign(value)


def has_run_out_of_patience(run: Run, stage: Stage) -> bool:
    """Whether too many epochs have passed without a lower validation loss."""
    losses = _losses(run, stage)
    if stage.patience is None or not losses:
        return False
    return len(losses) - 1 - int(np.argmin(losses)) >= stage.patience


def _losses(run: Run, stage: Stage) -> list[float]:
    return [entry["val_loss"] for entry in run.metrics if entry["stage"] == stage.name]
