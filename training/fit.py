"""Training: the stages of a recipe, one after the other, each resumable from its last epoch."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from training.architectures import ARCHITECTURES
from training.datasets import CLASSES
from training.objectives import compile_arguments
from training.sources import open_source

if TYPE_CHECKING:
    from training.recipe import Network, Part, Recipe, Stage
    from training.runs import Run

Networks = dict["Part", keras.Model]


class TrainingDiverged(Exception):
    """The loss is no longer a number."""


class TrainingStopped(Exception):
    """Somebody asked the run to stop."""


@keras.saving.register_keras_serializable("image_noise_reducer")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rate of Smith 2018: a linear warm-up, then a cosine down to nothing."""

    def __init__(self, peak: float, steps: int, warm_up: float = 0.2) -> None:
        """Reach `peak` after the share `warm_up` of all `steps`."""
        self.peak, self.steps, self.warm_up = peak, steps, warm_up

    def __call__(self, step: int) -> Any:  # noqa: ANN401, D102 - Keras' own
        ops = keras.ops
        done = ops.cast(step, "float32") / self.steps
        rising = 0.05 + 0.95 * done / self.warm_up
        falling = 0.5 * (1 + ops.cos(math.pi * (done - self.warm_up) / (1 - self.warm_up)))
        return self.peak * ops.where(done < self.warm_up, rising, falling)

    def get_config(self) -> dict[str, float]:  # noqa: D102 - Keras' own
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}


def build(network: Network, *, mixed_precision: bool = False) -> keras.Model:
    """Return an untrained network."""
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed_precision else "float32")
    try:
        return ARCHITECTURES[network.architecture](**network.arguments)
    finally:
        keras.config.set_dtype_policy("float32")


def train(run: Run, recipe: Recipe) -> Networks:
    """Train all stages and return the networks with their final weights, in float32.

    Raises:
        TrainingDiverged: when a loss becomes NaN or infinite.
        TrainingStopped: when the run was asked to stop.
    """
    keras.utils.set_random_seed(recipe.seed)
    parts: dict[Part, Network] = recipe.networks
    networks: Networks = {
        part: build(network, mixed_precision=recipe.mixed_precision)
        for part, network in parts.items()
    }
    for stage in recipe.stages:
        _train_stage(run, recipe, stage, networks)
    shipped = {part: build(network) for part, network in parts.items()}
    for part, network in shipped.items():
        network.set_weights(networks[part].get_weights())
    return shipped


def _train_stage(run: Run, recipe: Recipe, stage: Stage, networks: Networks) -> None:
    source = open_source(stage, recipe.seed)
    model = _model_to_train(stage, networks)
    model.compile(_optimizer(stage, source.steps), **compile_arguments(stage, len(CLASSES)))
    first_epoch = _resume(run, stage, model, source.steps)
    model.fit(
        source.batches(first_epoch),
        initial_epoch=first_epoch,
        epochs=stage.epochs,
        shuffle=False,  # the batches are shuffled already, in a way that can be resumed
        validation_data=source.validation,
        validation_batch_size=min(stage.batch_size * 2, 500),
        callbacks=[_Progress(run, stage)],
        verbose=0,
    )


def _model_to_train(stage: Stage, networks: Networks) -> keras.Model:
    """Return the network itself or, where the other one is involved, both in a row."""
    if not stage.asks_classifier and not stage.behind_denoiser:
        return networks[stage.network]
    for part, network in networks.items():
        network.trainable = part == stage.network
    classifier, denoiser = networks["classifier"], networks["denoiser"]
    seen = keras.layers.ReLU(max_value=1.0, dtype="float32")(denoiser.output)
    probabilities = classifier(seen)
    outputs = probabilities if stage.behind_denoiser else [denoiser.output, probabilities]
    return keras.Model(denoiser.input, outputs)


def _optimizer(stage: Stage, steps: int) -> keras.optimizers.Optimizer:
    rate = stage.learning_rate
    return keras.optimizers.AdamW(
        OneCycle(rate, stage.epochs * steps) if stage.one_cycle else rate,
        weight_decay=stage.weight_decay,
        use_ema=stage.average_weights,
        ema_momentum=0.998,
    )


def _resume(run: Run, stage: Stage, model: keras.Model, steps: int) -> int:
    """Load the stage's checkpoint, if any, and return the epoch to go on with, from 0."""
    model.optimizer.build(model.trainable_variables)
    checkpoint = run.checkpoint(stage.name)
    if checkpoint.exists():
        model.load_weights(checkpoint)
    epoch = int(model.optimizer.iterations) // steps
    run.forget_metrics(stage.name, from_epoch=epoch + 1)
    return stage.epochs if _has_run_out_of_patience(run, stage) else epoch


def _has_run_out_of_patience(run: Run, stage: Stage) -> bool:
    losses = [entry["val_loss"] for entry in run.metrics if entry["stage"] == stage.name]
    if stage.patience is None or not losses:
        return False
    return len(losses) - 1 - int(np.argmin(losses)) >= stage.patience


class _Progress(keras.callbacks.Callback):
    """After each epoch: figures, checkpoint, one line; after each step: a look at the stop file."""

    def __init__(self, run: Run, stage: Stage) -> None:
        super().__init__()
        self.run, self.stage = run, stage

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        self.started = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        if logs and not math.isfinite(logs["loss"]):
            raise TrainingDiverged(f"The loss of {self.stage.name} is no longer a number.")
        if self.run.stop_requested:
            raise TrainingStopped

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = {name: round(float(value), 5) for name, value in (logs or {}).items()}
        seconds = round(time.monotonic() - self.started, 1)
        number = epoch + 1
        # The figures first: after a crash between the two, the epoch is trained and written again.
        self.run.add_metrics(
            {"stage": self.stage.name, "epoch": number, "seconds": seconds, **figures}
        )
        self._save_checkpoint()
        line = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
        print(f"{self.stage.name} {number}/{self.stage.epochs}  {seconds} s  {line}", flush=True)
        if _has_run_out_of_patience(self.run, self.stage):
            self.model.stop_training = True

    def _save_checkpoint(self) -> None:
        checkpoint = self.run.checkpoint(self.stage.name)
        temporary = checkpoint.with_name(f"tmp.{checkpoint.name}")
        self.model.save_weights(temporary)
        temporary.replace(checkpoint)
