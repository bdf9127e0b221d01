"""What LiteRT gets for a transposed convolution gives the same pixels."""

import keras
import numpy as np
import pytest

from training.photos.clones import at_fixed_size

SIDE = 12


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (6, 2), (3, 3), (9, 3)])
def test_transposed_convolutions_stay_what_they_are(kernel, stride):
    small = keras.Input((None, None, 3))
    enlarge = keras.layers.Conv2DTranspose(
        5, kernel, strides=stride, padding="same", use_bias=False
    )
    network = keras.Model(small, enlarge(small))
    rng = np.random.default_rng(0)
    pictures = rng.standard_normal((2, SIDE, SIDE, 3), np.float32)
    fixed = at_fixed_size(network, SIDE)
    expected = network.predict(pictures, verbose=0)
    assert expected.shape == (2, SIDE * stride, SIDE * stride, 5)
    assert fixed.predict(pictures, verbose=0) == pytest.approx(expected, abs=1e-5)
