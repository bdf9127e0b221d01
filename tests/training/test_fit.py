"""Every recipe trains, in small: a few images, narrow networks, one epoch a stage."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from training import batches, datasets, export, fit, sources
from training.callbacks import AfterStep, averaged, has_run_out_of_patience
from training.datasets import Split
from training.fit import load_best, train
from training.recipes import RECIPES
from training.runs.conduct import TrainingDiverged, TrainingStopped
from training.runs.progress import read_progress
from training.runs.run import Run, RunError
from training.settings import change

IMAGES = 64
TINY = {"width": 16, "bottleneck": 16, "stem": 4, "widths": (4, 8), "blocks": (1, 1)}


@pytest.fixture(autouse=True)
def few_images(monkeypatch):
    whole = datasets.load_split("validation")
    few = Split(whole.pixels[:IMAGES], whole.labels[:IMAGES])
    for module in (sources, export):
        monkeypatch.setattr(module, "load_split", lambda name: few)


def small(name):
    stages = [stage.name for stage in RECIPES[name].stages]
    changes = {"images": str(IMAGES)}
    changes |= {f"{stage}.epochs": "1" for stage in stages}
    changes |= {f"{stage}.batch_size": str(IMAGES // 2) for stage in stages}
    recipe = change(RECIPES[name], changes)
    tiny = {part: shrink(network) for part, network in recipe.networks.items()}
    return replace(recipe, **tiny)


def shrink(network):
    """Return a network that is quickly compiled and trained."""
    sizes = {name: TINY[name] for name in network.arguments if name in TINY}
    return replace(network, arguments={**network.arguments, **sizes})


def start(tmp_path, name):
    run = Run(tmp_path / "run")
    run.create(name, {})
    return run


OF_SAMPLES = [
    name
    for name, recipe in RECIPES.items()
    if all(stage.data == "samples" for stage in recipe.stages)
]


@pytest.mark.parametrize("name", OF_SAMPLES)
def test_a_recipe_trains_resumes_and_is_finished(tmp_path, monkeypatch, name):
    recipe, run = small(name), start(tmp_path, name)
    networks = train(run, recipe)
    assert [entry["stage"] for entry in run.metrics] == [stage.name for stage in recipe.stages]
    assert all(np.isfinite(list(entry.values())[1:]).all() for entry in run.metrics)

    progress = read_progress(run)
    assert progress.stage_number == progress.stages == len(recipe.stages)
    assert 0.5 < progress.share < 1
    assert progress.seconds_left is None or progress.seconds_left < 600
    for stage in recipe.stages:
        assert run.preview(stage.name, 1).exists() == (stage.network == "denoiser")
        assert run.best(stage.name).stat().st_size <= run.checkpoint(stage.name).stat().st_size

    monkeypatch.setattr(fit, "open_source", None)  # no data are needed to do nothing more
    again = train(run, recipe)
    assert len(run.metrics) == len(recipe.stages)
    for part, network in networks.items():
        assert network.dtype_policy.name == "float32"
        for one, other in zip(network.get_weights(), again[part].get_weights(), strict=True):
            assert np.array_equal(one, other)

    finished = export.finish(networks, recipe)
    images = datasets.load_split("validation").images(slice(4))
    assert finished["classifier"].predict(images, verbose=0).sum(axis=1) == pytest.approx(1)
    assert all(export.count_multiply_adds(network) > 1e4 for network in finished.values())


def test_mirroring_makes_no_difference_to_a_mirrored_picture():
    recipe, rng = small("fashion"), np.random.default_rng(0)
    networks = fit.build_all(recipe)
    for network in networks.values():
        network.set_weights([0.3 * rng.random(w.shape) for w in network.get_weights()])
    finished = export.finish(networks, recipe)
    images = datasets.load_split("validation").images(slice(4))
    straight = finished["denoiser"].predict(images, verbose=0)
    mirrored = finished["denoiser"].predict(images[:, :, ::-1], verbose=0)
    assert np.abs(straight - images).max() > 0.1
    assert np.abs(straight - mirrored[:, :, ::-1]).max() < 1e-4


def test_a_stop_ends_the_run_and_a_later_one_goes_on(tmp_path):
    recipe, run = small("classic"), start(tmp_path, "classic")
    (run.folder / "stop").touch()
    with pytest.raises(TrainingStopped):
        train(run, recipe)
    (run.folder / "stop").unlink()
    train(run, recipe)
    assert len(run.metrics) == 2


def test_a_stop_during_validation_is_seen(tmp_path, monkeypatch):
    recipe, run = small("classic"), start(tmp_path, "classic")
    seen = AfterStep.on_test_batch_end

    def ask_then_look(self, batch, logs=None):
        run.request_stop()
        seen(self, batch, logs)

    monkeypatch.setattr(AfterStep, "on_test_batch_end", ask_then_look)
    with pytest.raises(TrainingStopped):
        train(run, recipe)
    assert run.metrics == []


def test_the_best_weights_make_a_model_of_a_stopped_run(tmp_path):
    recipe, run = small("quick"), start(tmp_path, "quick")
    with pytest.raises(RunError, match="classifier had finished an epoch"):
        load_best(run, recipe)
    networks = train(run, recipe)
    best = load_best(run, recipe)
    for part, network in networks.items():
        for one, other in zip(network.get_weights(), best[part].get_weights(), strict=True):
            assert np.array_equal(one, other)  # of a single epoch, the last is the best
    run.best("denoiser").unlink()
    with pytest.raises(RunError, match="denoiser had finished an epoch"):
        load_best(run, recipe)


def test_averages_are_lent_and_taken_back():
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    network.compile(keras.optimizers.AdamW(0.1, use_ema=True, ema_momentum=0.9), "mse")
    rng = np.random.default_rng(0)
    for _ in range(5):
        network.train_on_batch(rng.random((8, 3)), rng.random((8, 2)))
    weights = network.get_weights()
    with averaged(network, is_wanted=True):
        assert not np.array_equal(network.get_weights()[0], weights[0])
    with averaged(network, is_wanted=False):
        assert np.array_equal(network.get_weights()[0], weights[0])
    for one, other in zip(network.get_weights(), weights, strict=True):
        assert np.array_equal(one, other)


def test_a_loss_that_is_no_number_ends_the_run(tmp_path, monkeypatch):
    recipe, run = small("classic"), start(tmp_path, "classic")
    monkeypatch.setattr(batches, "augment", lambda images, how, rng: np.full_like(images, np.nan))
    with pytest.raises(TrainingDiverged, match="no longer a number"):
        train(run, recipe)


def test_patience_runs_out(tmp_path):
    run = start(tmp_path, "classic")
    stage = RECIPES["classic"].stages[1]
    for epoch, loss in enumerate([0.5, 0.3, 0.31, 0.32, 0.33, 0.34], start=1):
        run.add_metrics({"stage": stage.name, "epoch": epoch, "val_loss": loss})
    assert not has_run_out_of_patience(run, stage)
    run.add_metrics({"stage": stage.name, "epoch": 7, "val_loss": 0.3})
    assert has_run_out_of_patience(run, stage)
    assert not has_run_out_of_patience(run, RECIPES["classic"].stages[0])


def test_networks_are_made_of_stock_layers():
    for recipe in RECIPES.values():
        for network in filter(None, (recipe.classifier, recipe.denoiser)):
            for layer in fit.build(network).layers:
                assert type(layer).__module__.startswith("keras.")
    assert keras.config.dtype_policy().name == "float32"
