"""Copies of networks with the same weights, as LiteRT wants them."""

from __future__ import annotations

import keras

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
    fixed = keras.models.clone_model(bare, tile, clone_function=_in_float32)
    fixed.set_weights(network.get_weights())
    return fixed


def _in_float32(layer: keras.Layer) -> keras.Layer:
    return type(layer).from_config({**layer.get_config(), "dtype": "float32"})
