"""What a network costs, as its card says."""

import keras
from keras import layers

from training.export import count_multiply_adds


def test_multiply_adds_are_counted_by_hand():
    picture = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(picture)
    x = layers.DepthwiseConv2D(5, padding="same")(x)
    x = layers.Conv2DTranspose(2, 2, strides=2)(x)
    x = layers.Dense(7)(layers.Flatten()(x))
    inner = keras.Model(picture, x)
    by_hand = 8 * 8 * (3 * 3 * 3 * 4 + 5 * 5 * 4 + 2 * 2 * 4 * 2) + 16 * 16 * 2 * 7
    assert count_multiply_adds(inner) == by_hand
    twice = keras.Input((16, 16, 3))
    both = keras.Model(twice, layers.Add()([inner(twice), inner(keras.ops.flip(twice, 2))]))
    assert count_multiply_adds(both) == 2 * by_hand
