"""LiteRT files: networks as the app runs them, most of it in whole numbers of eight bits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from ai_edge_quantizer.qtyping import TFLOperationName
from ai_edge_quantizer.quantizer import Quantizer

from model_store import ModelError
from model_store.runtime import Network
from training.datasets import SIDE, load_split
from training.photos.clones import at_fixed_size
from training.photos.quantize import quantize_for_tiles

if TYPE_CHECKING:
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

# The first and the last layer see pixels, where a whole number of eight bits is not enough.
_IN_FLOAT = ".*(stem|minus_noise).*"
# Depthwise convolutions are missing: LiteRT has no fast ones.
_IN_EIGHT_BITS = (
    TFLOperationName.CONV_2D,
    TFLOperationName.CONV_2D_TRANSPOSE,
    TFLOperationName.FULLY_CONNECTED,
)
# Root mean square by which probabilities and pixels may differ from Keras'. Networks of ours do by
# less than 0.01; a network that eight bits are too few for, or a broken file, by much more.
_TOLERANCE = 0.05


def write_litert(network: keras.Model, path: Path) -> None:
    """Write the network, for one picture at a time, as a LiteRT file four times smaller.

    Weights are kept in eight bits, one scale for each channel; what goes through the network is
    turned into eight bits layer by layer as it computes (dynamic quantization), which is three to
    four times faster than float32 where the processor has instructions for it. A network for
    pictures of any size is written for tiles.

    Raises:
        ModelError: when LiteRT and Keras disagree.
    """
    is_for_tiles = None in network.input_shape[1:]
    path.write_bytes(quantize_for_tiles(network) if is_for_tiles else _quantize(_convert(network)))
    pictures = _pictures_for(at_fixed_size(network))
    difference = Network(path.read_bytes())(pictures) - network(pictures, training=False)
    error = float(np.sqrt(np.mean(np.square(difference))))
    if not error <= _TOLERANCE:  # turns NaN away too
        raise ModelError(
            f"{path.name} gives other results than the Keras model (by {error:.3g}), so it is not "
            "published."
        )


def _convert(network: keras.Model) -> bytes:
    # Without Keras' own export, which goes through a SavedModel and takes three times as long.
    signature = tf.TensorSpec((1, *network.input_shape[1:]), tf.float32)
    function = tf.function(partial(network, training=False)).get_concrete_function(signature)
    content: bytes = tf.lite.TFLiteConverter.from_concrete_functions([function]).convert()
    return content


def _quantize(content: bytes) -> bytes:
    quantizer = Quantizer(content)
    for operation in _IN_EIGHT_BITS:
        quantizer.add_dynamic_config(".*", operation, num_bits=8)
    quantizer.update_quantization_recipe(
        _IN_FLOAT, TFLOperationName.ALL_SUPPORTED, algorithm_key="no_quantize"
    )
    result = quantizer.quantize(enable_progress_bar=False, enable_progress_report=False)
    return bytes(result.quantized_model)


def _pictures_for(network: keras.Model) -> NDArray[np.float32]:
    """Return something to try a network on."""
    shape = network.input_shape[1:]
    if shape == (SIDE, SIDE, 1):
        return load_split("validation").images(slice(16))
    return np.random.default_rng(0).random((2, *shape), np.float32)
