import io
import os
import pickle
import sys
from types import ModuleType

import keras
import numpy as np
import pytest
from PIL import Image

from imaging.letterbox import letterbox
from tests.training.photos.conftest import EXAMPLES
from training.datasets import DatasetError
from training.export import count_multiply_adds
from training.photos.backbone import SIDE, load_imagenet_weights
from training.photos.classifier import weights_file

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


def waves():
    """Return a picture that is made of nothing but a formula."""
    place = np.arange(SIDE, dtype=np.float64)
    channels = [
        0.5 + 0.4 * np.sin(place[:, None] / (7 + c) + place[None] / (11 + 2 * c)) for c in range(3)
    ]
    return np.stack(channels, axis=2).astype(np.float32)


def test_it_computes_what_another_implementation_does(backbone):
    """The other one is plain NumPy in float64, with a reader of the weights of its own."""
    logits = np.asarray(backbone(waves()[np.newaxis], training=False))[0]
    assert np.argsort(-logits)[:6].tolist() == [767, 418, 709, 696, 710, 807]
    assert logits[[767, 418, 709]] == pytest.approx([9.46034, 8.52685, 7.19928], abs=1e-4)
    few = logits[[0, 281, 414, 728, 999]]
    assert few == pytest.approx([0.5099, -0.1216, 0.9478, 0.0059, -0.1252], abs=2e-4)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("cat", range(281, 286)),  # tabby, tiger cat, Persian, Siamese, Egyptian
        ("coffee", (504, 967, 968)),  # coffee mug, espresso, cup
        ("photographer", (872,)),  # tripod
    ],
)
def test_it_knows_what_is_on_the_examples(backbone, name, classes):
    with Image.open(EXAMPLES / f"{name}.jpg") as opened:
        photo = np.asarray(opened.convert("RGB"), np.float32) / 255
    logits = np.asarray(backbone(letterbox(photo, SIDE)[np.newaxis], training=False))[0]
    assert logits.argmax() in classes


def test_its_size_is_that_of_the_paper(backbone):
    # 4.65 million weights, and means and variances.
    assert backbone.count_params() == 4_652_008 + 42_016
    assert count_multiply_adds(backbone) == 385_187_552  # by the other implementation


def test_weights_that_are_not_installed_are_told_in_one_sentence(monkeypatch):
    monkeypatch.setattr("training.photos.classifier.find_spec", lambda name: None)
    with pytest.raises(DatasetError, match=r"^The ImageNet weights are missing: .*\.$"):
        weights_file()


# Weights files that are made by hand.


class _Storage:
    """Stands in for numbers that lie further back in the file."""

    def __init__(self, key, count):
        self.key, self.count = key, count


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        if isinstance(thing, _Storage):
            return ("storage", "FloatStorage", thing.key, "cpu", thing.count, None)
        return None


class _Tensor:
    """Pickles as PyTorch has it: a call of a function there is not, here by its name."""

    def __init__(self, *parts):
        self.parts = parts

    def __reduce__(self):
        return _rebuild_tensor_v2, self.parts


def _rebuild_tensor_v2(*parts):
    raise AssertionError("This is never called.")


_rebuild_tensor_v2.__module__ = "torch._utils"


@pytest.fixture(autouse=True)
def pretended_torch(monkeypatch):
    """Pickling looks a function up before it writes its name."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    torch._utils = utils
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def weights_of(numbers, size, steps, offset=0):
    """Return the bytes of a file with the weights of one dense layer."""
    file = io.BytesIO()
    bias = _Tensor(_Storage("b", 3), 0, (3,), (1,))
    kernel = _Tensor(_Storage("a", len(numbers)), offset, size, steps)
    for part in (MAGIC, PROTOCOL, {"little_endian": True}):
        pickle.dump(part, file)
    _Pickler(file).dump({"_fc.weight": kernel, "_fc.bias": bias})
    pickle.dump(["a", "b"], file)
    for values in (numbers, np.arange(3)):
        file.write(len(values).to_bytes(8, "little") + np.asarray(values, "<f4").tobytes())
    return file.getvalue()


@pytest.fixture
def dense():
    """A network with nothing but the last layer of the backbone."""
    seen = keras.Input((2,))
    return keras.Model(seen, keras.layers.Dense(3, name="imagenet")(seen))


def read(network, content, folder):
    path = folder / "weights.pth"
    path.write_bytes(content)
    load_imagenet_weights(network, path)


@pytest.mark.parametrize(
    ("steps", "offset", "expected"),
    [
        ((2, 1), 0, [[0, 2, 4], [1, 3, 5]]),
        ((1, 3), 0, [[0, 1, 2], [3, 4, 5]]),  # as weights of TensorFlow lie
        ((2, 1), 4, [[4, 6, 8], [5, 7, 9]]),
    ],
)
def test_tensors_are_read_as_they_lie(dense, tmp_path, steps, offset, expected):
    read(dense, weights_of(np.arange(10), (3, 2), steps, offset), tmp_path)
    kernel, bias = dense.get_weights()
    assert kernel.tolist() == expected
    assert bias.tolist() == [0, 1, 2]


@pytest.mark.parametrize("offset", [5, 1000, -1])
def test_a_tensor_beyond_its_numbers_is_refused(dense, tmp_path, offset):
    with pytest.raises(ValueError, match=r"."):
        read(dense, weights_of(np.arange(10), (3, 2), (2, 1), offset), tmp_path)


def test_a_file_that_is_cut_short_is_refused(dense, tmp_path):
    whole = weights_of(np.arange(10), (3, 2), (2, 1))
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ValueError, match=r"."):
            read(dense, whole[:length], tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04zip", pickle.dumps(1)])
def test_what_is_no_weights_file_is_refused(dense, tmp_path, content):
    with pytest.raises(ValueError, match="no weights file"):
        read(dense, content, tmp_path)


class _Evil:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("function", [os.system, os.mkdir, eval, __import__])
def test_a_weights_file_can_run_nothing(dense, tmp_path, place, function, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evil = _Evil(function, "mkdir harm" if function is os.system else "harm")
    parts = [MAGIC, PROTOCOL, {}, {}, []]
    parts[place] = evil
    with pytest.raises(ValueError, match="must not ask for"):
        read(dense, b"".join(map(pickle.dumps, parts)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.pth"]
