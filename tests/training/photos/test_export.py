"""The recipe `photo`, narrowed to a few steps, from its data to a model in the store."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from keras import layers

from imaging.letterbox import letterbox
from model_store import open_model
from model_store.photo import PhotoComposite
from tests.training.photos.conftest import forget_photographs
from training import architectures
from training.architectures import photo_denoiser
from training.calibration import best_temperature
from training.callbacks import AfterEpoch
from training.export import count_multiply_adds, write_files
from training.photos import features
from training.photos.classifier import CLOTHES, FRONT_END, clothes, front
from training.photos.clones import TILE, at_fixed_size
from training.photos.export import calibrate_photos, compose
from training.photos.features import validation_features
from training.photos.garments import NONE, PHOTO_CLASSES
from training.produce import produce
from training.recipe import network
from training.recipes import RECIPES
from training.runs.conduct import TrainingStopped
from training.runs.run import Run

NARROW = {"widths": (4, 8), "blocks": (1, 1)}


def tiny_classifier(*, dropout):
    """Return a classifier built as that for photos is: a front, and a branch that learns."""
    picture = keras.Input((224, 224, 3))
    seen = layers.Conv2D(4, 16, strides=16, name=FRONT_END)(picture)
    features_in = keras.Input(seen.shape[1:])
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(features_in))
    x = layers.Dense(len(PHOTO_CLASSES), name="logits")(x)
    branch = keras.Model(features_in, layers.Softmax()(x), name=CLOTHES)
    return keras.Model(picture, branch(seen), name="classifier")


def narrowed(recipe):
    denoiser, classifier, *refinements = recipe.stages
    return replace(
        recipe,
        denoiser=network("photo_denoiser", **NARROW),
        classifier=network("tiny_classifier", dropout=0.3),
        stages=(
            replace(denoiser, epochs=2, steps=2, batch_size=2),
            replace(classifier, epochs=1, steps=2, batch_size=4),
            *(replace(stage, epochs=1, steps=2, batch_size=2) for stage in refinements),
        ),
    )


@pytest.fixture(scope="module")
def few(drawn_data):
    """Little data, and small networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTO_DATA", str(drawn_data))
        patch.setattr(features, "_PASSES", 1)
        patch.setattr(features, "_ANYTHING", 3)
        patch.setitem(architectures.ARCHITECTURES, "tiny_classifier", tiny_classifier)
        forget_photographs()
        yield patch
    forget_photographs()


@pytest.fixture(scope="module")
def produced(few, tmp_path_factory):
    """A run that is stopped after its first epoch, and produced later."""
    store = tmp_path_factory.mktemp("runs")
    few.setenv("RUNS_DIR", str(store))
    recipe, run = narrowed(RECIPES["photo"]), Run(store / "photo-run")
    run.create("photo", {})
    end = AfterEpoch.on_epoch_end

    def end_then_stop(self, epoch, logs=None):
        end(self, epoch, logs)
        run.request_stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AfterEpoch, "on_epoch_end", end_then_stop)
        with pytest.raises(TrainingStopped):
            produce(run, recipe)
        assert epochs_of(run) == [("denoiser", 1)]
    run.take_back_stop()
    produce(run, recipe)
    return run


def epochs_of(run):
    return [(entry["stage"], entry["epoch"]) for entry in run.metrics]


@pytest.fixture(scope="module")
def parts(produced):
    return {
        part: keras.saving.load_model(produced.model_folder / f"{part}.keras")
        for part in ("denoiser", "classifier")
    }


def photo_of(height, width):
    ramp = np.linspace(0.2, 0.8, width, dtype=np.float32)
    noise = np.random.default_rng(0).normal(0, 0.1, (1, height, width, 3))
    return np.clip(ramp[:, np.newaxis] + noise, 0, 1).astype(np.float32)


def test_a_run_is_taken_up_where_it_ended(produced):
    assert epochs_of(produced) == [
        ("denoiser", 1),
        ("denoiser", 2),
        ("classifier", 1),
        ("refinement", 1),
        ("second_refinement", 1),
        ("fine_tuning", 1),
    ]
    figures = [value for entry in produced.metrics for value in list(entry.values())[1:]]
    assert np.isfinite(figures).all()
    assert not produced.previews.exists()


def test_the_model_is_opened_from_the_store_as_one_for_photos(produced):
    model = open_model(produced.folder.name)
    assert isinstance(model, PhotoComposite)
    assert model.card.domain == "photos"
    assert model.classes == PHOTO_CLASSES
    assert len(model.classes) == 11
    noisy = photo_of(70, 91)
    result = model(noisy)
    assert (result.denoised.shape, result.denoised.dtype) == (noisy.shape, np.float32)
    assert 0 <= result.denoised.min() <= result.denoised.max() <= 1
    assert result.probabilities.shape == (1, 11)
    assert result.probabilities.sum() == pytest.approx(1, abs=1e-3)


def test_the_card_says_what_it_is(produced, parts):
    card = open_model(produced.folder.name).card
    assert card.recipe == "photo"
    assert card.input.startswith("float32 (1, H, W, 3)")
    assert card.parameters == {part: network.count_params() for part, network in parts.items()}
    assert card.multiply_adds["denoiser"] == count_multiply_adds(
        photo_denoiser(**NARROW, side=TILE)
    )
    assert "EfficientNet" in " ".join(source.name for source in card.data)
    metrics = json.loads(json.dumps(card.metrics, allow_nan=False))
    assert metrics["protocol"]["images"] == 7
    assert 0 <= metrics["denoised_accuracy"] <= 1
    assert metrics["noisy_psnr"] == pytest.approx(14.5, abs=1)


def test_litert_gives_what_keras_does(produced, parts):
    model = open_model(produced.folder.name)
    tile = photo_of(TILE, TILE)
    expected = parts["denoiser"].predict(tile, verbose=0)
    assert np.abs(expected - tile).max() > 1e-5  # it has learned something
    assert np.sqrt(np.mean((model.denoiser(tile) - expected) ** 2)) < 1e-3
    square = tile[:, :224, :224]
    expected = parts["classifier"].predict(square, verbose=0)
    assert np.abs(model.classifier(square) - expected).max() < 5e-3


def is_constant(content, index):
    unprepared = Interpreter(model_content=content)
    try:
        unprepared.get_tensor(index)
    except ValueError:  # it has no values yet
        return False
    return True


def test_xnnpack_takes_the_whole_denoiser(produced):
    content = (produced.model_folder / "denoiser.tflite").read_bytes()
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    nodes = interpreter._get_ops_details()
    (delegate,) = [node for node in nodes if node["op_name"] == "DELEGATE"]
    picture, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    assert delegate["outputs"].tolist() == [result["index"]]
    # Nothing but the picture and constants goes in.
    goes_in = set(delegate["inputs"].tolist())
    assert {index for index in goes_in if not is_constant(content, index)} == {picture["index"]}


def test_the_composite_is_the_denoiser_then_the_classifier(produced, parts):
    composite = keras.saving.load_model(produced.model_folder / "composite.keras")
    square = photo_of(224, 224)
    denoised = parts["denoiser"].predict(square, verbose=0)
    expected = parts["classifier"].predict(denoised, verbose=0)
    assert np.allclose(composite.predict(square, verbose=0), expected, atol=1e-5)


@pytest.mark.parametrize("size", [(224, 224), (112, 224), (320, 160), (64, 72), (448, 336)])
def test_a_composite_fits_the_photo_as_the_app_does(size):
    seen = keras.Input((None, None, 3))
    untouched = keras.Model(seen, layers.Identity()(seen))
    square = keras.Input((224, 224, 3))
    fitted = compose(untouched, keras.Model(square, layers.Identity()(square)))
    photo = np.zeros((1, *size, 3), np.float32)
    photo[:] = np.linspace(0, 1, size[1])[:, np.newaxis]
    difference = np.abs(fitted.predict(photo, verbose=0)[0] - letterbox(photo[0], 224))
    assert difference.mean() < 0.005
    assert difference.max() < 0.55  # along the edge of what was fitted


def test_a_photo_classifier_of_full_size_is_exported(classifier, tmp_path):
    write_files({"classifier": classifier}, tmp_path)  # it compares LiteRT with Keras
    assert {path.name for path in tmp_path.iterdir()} == {"classifier.keras", "classifier.tflite"}
    assert (tmp_path / "classifier.tflite").stat().st_size < 9e6  # most of it in eight bits
    opened = keras.saving.load_model(tmp_path / "classifier.keras")
    for layer in (*opened.layers, *clothes(opened).layers):
        assert type(layer).__module__.startswith("keras.")
    for one, other in zip(opened.weights, classifier.weights, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("certainty", [0.3, 3.0])
def test_finishing_sets_how_certain_the_classifier_is(certainty, few):
    network = tiny_classifier(dropout=0.0)
    seen, labels = validation_features(front(network))
    last = clothes(network).get_layer("logits")
    kernel, bias = last.get_weights()
    # It says the same of all: one class, of which three in ten are, against ten others.
    bias[PHOTO_CLASSES.index(NONE)] = np.log(10 * 0.3 / 0.7)
    last.set_weights([kernel * 0, bias * certainty])
    before = clothes(network).predict(seen, verbose=0)
    finished = calibrate_photos(network)
    after = clothes(finished).predict(seen, verbose=0)
    assert (after.max() < before.max()) == (certainty > 1)
    assert after.max(axis=1) == pytest.approx(0.3, abs=0.01)
    assert best_temperature(np.log(after), labels) == pytest.approx(1, rel=0.02)


def test_multiply_adds_of_a_network_for_any_size_are_those_of_a_tile():
    anything, tile = photo_denoiser(**NARROW), photo_denoiser(**NARROW, side=TILE)
    assert anything.input_shape == (None, None, None, 3)
    assert count_multiply_adds(anything) == count_multiply_adds(tile)
    fixed = at_fixed_size(anything)
    assert fixed.input_shape == (None, TILE, TILE, 3)
    for one, other in zip(fixed.get_weights(), anything.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert at_fixed_size(tile) is tile
