"""Copies of networks with the same weights, as LiteRT wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
from keras import layers, ops

if TYPE_CHECKING:
    from keras import KerasTensor

TILE = 768  # pixels: the side of what a network for photos of any size is given at most


def in_float32(network: keras.Model) -> keras.Model:
    """Return a network that computes in float32 also where training does not."""
    if all(layer.compute_dtype == "float32" for layer in network.layers):
        return network
    copy = keras.models.clone_model(network, clone_function=_in_float32)
    copy.set_weights(network.get_weights())
    return copy


def at_fixed_size(network: keras.Model, side: int = TILE) -> keras.Model:
    """Return a network for pictures of any size as one for tiles, in float32; others as they are.

    `side` is that of a tile, in pixels. A LiteRT model whose size is open would run many times
    slower.
    """
    if None not in network.input_shape[1:]:
        return network
    # Without its optimizer and its loss, if it was trained: they would be cloned too.
    bare = keras.Model(network.input, network.output, name=network.name)
    tile = keras.Input((side, side, 3))
    fixed = keras.models.clone_model(bare, tile, clone_function=_for_tiles)
    fixed.set_weights(network.get_weights())
    return fixed


def _in_float32(layer: keras.Layer) -> keras.Layer:
    return type(layer).from_config({**layer.get_config(), "dtype": "float32"})


def _for_tiles(layer: keras.Layer) -> keras.Layer:
    if isinstance(layer, layers.Conv2DTranspose) and not layer.use_bias:
        return _SubPixelConvolution.from_config({**layer.get_config(), "dtype": "float32"})
    return _in_float32(layer)


class _SubPixelConvolution(layers.Conv2DTranspose):
    """A transposed convolution, worked out as a plain one and a shuffle of its channels to pixels.

    The two are the same (Shi et al. 2016, "Is the deconvolution layer the same as a convolutional
    layer?"), but LiteRT computes this one up to nine times faster. Without bias or activation, for
    "same" padding and kernels an odd number of strides wide.
    """

    def call(self, inputs: KerasTensor) -> KerasTensor:
        stride, (side, _, channels, depth) = self.strides[0], self.kernel.shape
        taps = side // stride
        # Each tap of the plain convolution makes stride x stride pixels, and the taps of a
        # transposed one stand the other way round.
        kernel = ops.reshape(self.kernel, (taps, stride, taps, stride, channels, depth))
        kernel = ops.transpose(ops.flip(kernel, (0, 2)), (0, 2, 5, 1, 3, 4))
        kernel = ops.reshape(kernel, (taps, taps, depth, stride * stride * channels))
        return ops.depth_to_space(ops.conv(inputs, kernel, padding="same"), stride)
