"""Training: the stages of a recipe, one after the other, each resumable from its last epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from training.architectures import ARCHITECTURES
from training.callbacks import AfterEpoch, AfterStep, has_run_out_of_patience
from training.export import count_multiply_adds
from training.hardware import computes_bfloat16
from training.objectives import compile_arguments
from training.optimizers import make_optimizer
from training.photos.classifier import clothes
from training.runs.clock import Clock
from training.runs.conduct import TrainingStopped
from training.runs.run import RunError
from training.runs.speed import read_speeds
from training.sources import open_source
from training.work import foresee, steps_in_epoch

if TYPE_CHECKING:
    from training.recipe import Network, Part, Recipe, Stage
    from training.runs.run import Run

Networks = dict["Part", keras.Model]


def build(network: Network, *, mixed_precision: bool = False) -> keras.Model:
    """Return an untrained network, computing in bfloat16 if wanted and the processor can."""
    mixed = mixed_precision and computes_bfloat16()
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        return ARCHITECTURES[network.architecture](**network.arguments)
    finally:
        keras.config.set_dtype_policy("float32")


def build_all(recipe: Recipe) -> Networks:
    """Return the untrained networks of a recipe."""
    return {
        part: build(network, mixed_precision=recipe.mixed_precision)
        for part, network in recipe.networks.items()
    }


def train(run: Run, recipe: Recipe) -> Networks:
    """Train all stages and return the networks with their final weights, in float32.

    Raises:
        TrainingDiverged: when a loss becomes NaN or infinite.
        TrainingStopped: when the run was asked to stop.
    """
    keras.utils.set_random_seed(recipe.seed)
    networks = build_all(recipe)
    counts = {part: count_multiply_adds(network) for part, network in networks.items()}
    speed = read_speeds(run.folder.parent).get(run.config["recipe"])
    clock = Clock(*foresee(recipe, counts, speed))
    for stage in recipe.stages:
        if run.stop_requested:
            raise TrainingStopped
        _take_out(stage, recipe, networks, mixed_precision=recipe.mixed_precision)
        _train_stage(run, recipe, stage, networks, clock)
    return _as_shipped(recipe, networks)


def load_best(run: Run, recipe: Recipe) -> Networks:
    """Return the networks of a run that ended early, with the best weights they had.

    Raises:
        RunError: when a network has not learned anything yet.
    """
    networks: Networks = {part: build(network) for part, network in recipe.networks.items()}
    learned = set()
    for stage in recipe.stages:
        if run.best(stage.name).exists():
            _take_out(stage, recipe, networks)
            networks[stage.network].load_weights(run.best(stage.name))
            learned.add(stage.network)
    for part in networks:
        if part not in learned:
            raise RunError(
                f"The run {run.folder.name} ended before its {part} had finished an epoch: "
                "resume it first."
            )
    return networks


def _as_shipped(recipe: Recipe, networks: Networks) -> Networks:
    shipped = {part: build(network) for part, network in recipe.shipped.items()}
    for part, network in shipped.items():
        network.set_weights(networks[part].get_weights())
    return shipped


def _take_out(
    stage: Stage, recipe: Recipe, networks: Networks, *, mixed_precision: bool = False
) -> None:
    """Put the network without some of its blocks in place of the whole one, if the stage says so.

    Layer pruning: what few layers can do is learned sooner from many than from nothing.
    """
    if not stage.without:
        return
    whole, rest = networks[stage.network], recipe.networks[stage.network].without(stage.without)
    thinned = build(rest, mixed_precision=mixed_precision)
    for layer in thinned.layers:
        layer.set_weights(whole.get_layer(layer.name).get_weights())
    networks[stage.network] = thinned


def _train_stage(run: Run, recipe: Recipe, stage: Stage, networks: Networks, clock: Clock) -> None:
    steps = steps_in_epoch(stage)
    model = prepare(stage, networks, steps)
    first_epoch = _resume(run, stage, model, steps)
    if first_epoch >= stage.epochs:  # done before: its data need not be made again
        model.optimizer.finalize_variable_values(model.trainable_variables)
        return
    source = open_source(stage, recipe.seed, networks, run.folder)
    clock.begin_stage(stage.name, first_epoch)
    model.fit(
        source.batches(first_epoch),
        initial_epoch=first_epoch,
        epochs=stage.epochs,
        shuffle=False,  # the batches are shuffled already, in a way that can be resumed
        validation_data=source.validation,
        validation_batch_size=min(stage.batch_size * 2, 500),
        callbacks=[
            AfterStep(run, clock),
            AfterEpoch(run, stage, networks[stage.network], recipe.trained_noise),
        ],
        verbose=0,
    )


def prepare(stage: Stage, networks: Networks, steps: int) -> keras.Model:
    """Return what a stage trains, compiled for epochs of so many steps."""
    model = _model_to_train(stage, networks)
    model.compile(make_optimizer(stage, steps), **compile_arguments(stage, model.output_shape[-1]))
    return model


def _model_to_train(stage: Stage, networks: Networks) -> keras.Model:
    """Return the network itself or, where the other one is involved, both in a row."""
    if stage.data == "garments":
        return clothes(networks["classifier"])
    if not stage.asks_classifier and not stage.behind_denoiser:
        return networks[stage.network]
    for part, network in networks.items():
        network.trainable = part == stage.network
    classifier, denoiser = networks["classifier"], networks["denoiser"]
    seen = keras.layers.ReLU(max_value=1.0, dtype="float32")(denoiser.output)
    probabilities = classifier(seen)
    outputs = probabilities if stage.behind_denoiser else [denoiser.output, probabilities]
    return keras.Model(denoiser.input, outputs)


def _resume(run: Run, stage: Stage, model: keras.Model, steps: int) -> int:
    """Load the stage's checkpoint, if any, and return the epoch to go on with, from 0."""
    model.optimizer.build(model.trainable_variables)
    checkpoint = run.checkpoint(stage.name)
    if checkpoint.exists():
        model.load_weights(checkpoint)
    epoch = int(model.optimizer.iterations) // steps
    run.forget_metrics(stage.name, from_epoch=epoch + 1)
    return stage.epochs if has_run_out_of_patience(run, stage) else epoch
