import keras
import numpy as np
import pytest
from PIL import Image

from imaging.letterbox import letterbox
from tests.training.photos.conftest import EXAMPLES
from training.export import count_multiply_adds
from training.photos.backbone import SIDE
from training.photos.classifier import CLOTHES, FRONT_END, clothes, front
from training.photos.garments import NONE, PHOTO_CLASSES

BAGS = {414: "backpack", 636: "mailbag", 748: "purse"}
OTHERS = {0: "tench", 281: "tabby", 397: "puffer", 934: "hotdog", 968: "cup", 970: "alp"}
GARMENTS = {411: "apron", 514: "cowboy boot", 608: "jean", 610: "jersey", 770: "running shoe"}


@pytest.fixture(scope="module")
def photos():
    rng = np.random.default_rng(0)
    noise = rng.random((2, SIDE, SIDE, 3), np.float32)
    with Image.open(EXAMPLES / "cat.jpg") as opened:
        cat = letterbox(np.asarray(opened.convert("RGB"), np.float32) / 255, SIDE)
    return np.concatenate([cat[np.newaxis], noise])


def look(network, pictures):
    """Return what a network says, without compiling it for so few pictures."""
    return np.asarray(network(pictures, training=False))


def split_weights(classifier):
    """Return copies of the weights that learn, and of those that never may."""
    learning = {id(variable) for variable in clothes(classifier).trainable_variables}
    parts = {True: [], False: []}
    for variable in classifier.weights:
        parts[id(variable) in learning].append(variable.numpy().copy())
    return parts[True], parts[False]


def test_the_chances_sum_to_one(classifier, photos):
    chances = look(classifier, photos)
    assert chances.shape == (3, len(PHOTO_CLASSES))
    assert chances.min() >= 0
    assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_cat_is_none_of_these_before_anything_is_learned(classifier, photos):
    chances = look(classifier, photos[:1])[0]
    assert chances[PHOTO_CLASSES.index(NONE)] > 0.9


def test_it_is_what_imagenet_knows_and_clothes_share_the_rest(classifier, backbone, photos):
    logits = look(backbone, photos).astype(np.float64)
    known = np.exp(logits - logits.max(axis=1, keepdims=True))
    known /= known.sum(axis=1, keepdims=True)
    seen = look(front(classifier), photos)
    learned = look(clothes(classifier), seen)
    animals_and_more = np.r_[:398, 924:970, 970:981, 984:999]
    bag, none = known[:, list(BAGS)].sum(axis=1), known[:, animals_and_more].sum(axis=1)
    share = bag + none
    expected = learned * (1 - share**3)[:, None]
    expected[:, PHOTO_CLASSES.index("Bag")] += bag * share**2
    expected[:, PHOTO_CLASSES.index(NONE)] += none * share**2
    assert np.allclose(look(classifier, photos), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("numbers", "name"), [(BAGS, "Bag"), (OTHERS, NONE), (GARMENTS, None)], ids=str
)
def test_a_class_of_imagenet_counts_as_one_of_ours_or_is_left_to_clothes(classifier, numbers, name):
    (known,) = classifier.get_layer("known_by_imagenet").get_weights()
    (share,) = classifier.get_layer("share_of_imagenet").get_weights()
    assert known.shape == (1000, 11)
    assert np.array_equal(known.sum(axis=1), share[:, 0])
    for number in numbers:
        expected = np.arange(11) == PHOTO_CLASSES.index(name) if name else np.zeros(11)
        assert np.array_equal(known[number], expected)


def test_the_branch_of_clothes_begins_as_imagenet_made_it(classifier, backbone):
    for layer in clothes(classifier).layers:
        if layer.weights and layer.name != "logits":
            for own, given in zip(
                layer.get_weights(), backbone.get_layer(layer.name).get_weights(), strict=True
            ):
                assert np.array_equal(own, given)


def test_only_the_branch_of_clothes_learns(classifier, photos):
    learning, fixed = split_weights(classifier)
    assert len(learning) + len(fixed) == len(classifier.weights)
    assert len(learning) > 10
    before = look(front(classifier), photos)

    branch = clothes(classifier)
    branch.compile(
        keras.optimizers.AdamW(1e-3), "sparse_categorical_crossentropy", run_eagerly=True
    )
    branch.fit(before, np.array([0, 3, 10]), epochs=2, verbose=0)

    learned, still = split_weights(classifier)
    assert all(not np.array_equal(a, b) for a, b in zip(learning, learned, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(fixed, still, strict=True))
    assert np.array_equal(look(front(classifier), photos), before)
    chances = look(classifier, photos)
    assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_the_normalisation_keeps_its_statistics(classifier):
    norms = [
        layer
        for model in (classifier, clothes(classifier))
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    assert len(norms) > 50
    assert not any(norm.trainable for norm in norms)


def test_the_front_and_the_branch_are_the_whole_of_it(classifier):
    assert front(classifier).output.shape == (None, 14, 14, 112)
    assert clothes(classifier).input.shape == (None, 14, 14, 112)
    assert clothes(classifier).name == CLOTHES
    both = count_multiply_adds(front(classifier)) + count_multiply_adds(clothes(classifier))
    assert both < count_multiply_adds(classifier) < 2 * both


def test_the_front_computes_in_float32_also_when_training_does_not():
    picture = keras.Input((8, 8, 3), dtype="float32")
    seen = keras.layers.Conv2D(4, 3, dtype="mixed_bfloat16", name="stem")(picture)
    seen = keras.layers.BatchNormalization(dtype="mixed_bfloat16", name=FRONT_END)(seen)
    network = keras.Model(picture, keras.layers.Flatten()(seen))
    assert network.get_layer(FRONT_END).output.dtype == "bfloat16"
    pictures = np.random.default_rng(0).random((2, 8, 8, 3), np.float32)
    exact = look(front(network), pictures)
    assert exact.dtype == np.float32
    rough = np.asarray(network(pictures), np.float32).reshape(exact.shape)
    assert 0 < np.abs(exact - rough).max() < 0.02
