"""A network for photos of any size in whole numbers, in the same way for every tile."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import keras
import numpy as np
from ai_edge_quantizer.qtyping import TFLOperationName
from ai_edge_quantizer.quantizer import Quantizer

from training.photos.clones import at_fixed_size
from training.photos.patches import validation_patches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Patches = NDArray[np.float32]

# All but the finest level, which sees single pixels: there, most would be lost.
_IN_EIGHT_BITS = ".*(down|up|encode[1-9]|decode[1-9]).*"
_OPERATIONS = (TFLOperationName.CONV_2D, TFLOperationName.CONV_2D_TRANSPOSE)
_SIGNATURE, _INPUT = "serving_default", "args_0"  # as Keras' export names them


def quantize_for_tiles(network: keras.Model) -> bytes:
    """Return the content of a LiteRT file for tiles, its convolutions mostly in eight bits.

    What goes through the network is brought to eight bits by ranges that are measured beforehand
    (static quantization): measured tile by tile, they would differ, and seams would be seen.
    """
    patches = _patches()
    small = _open(at_fixed_size(network, patches.shape[1]))
    ranges = small.calibrate({_SIGNATURE: [{_INPUT: patch[np.newaxis]} for patch in patches]})
    result = _open(at_fixed_size(network)).quantize(
        ranges, enable_progress_bar=False, enable_progress_report=False
    )
    return bytes(result.quantized_model)


def _open(network: keras.Model) -> Quantizer:
    signature = keras.InputSpec(shape=(1, *network.input_shape[1:]), dtype="float32")
    with TemporaryDirectory() as folder:
        path = Path(folder, "network.tflite")
        network.export(path, format="litert", input_signature=[signature], verbose=False)
        quantizer = Quantizer(path.read_bytes())
    for operation in _OPERATIONS:
        quantizer.add_static_config(
            _IN_EIGHT_BITS, operation, activation_num_bits=8, weight_num_bits=8
        )
    return quantizer


def _patches() -> Patches:
    """Return patches with all noise that is to be expected, up to the strongest the app adds.

    What goes beyond the ranges found on them is cut off, and that costs more than wide ranges do.
    """
    noisy, clean = validation_patches()
    noise = np.random.default_rng(0).standard_normal(clean.shape, np.float32)
    return np.concatenate([noisy, np.clip(clean + noise, 0, 1)])
