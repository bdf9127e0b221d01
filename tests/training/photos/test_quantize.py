"""A denoiser in eight bits gives the same for a place, whatever else is in its tile."""

import numpy as np
import pytest

from model_store.photo import BORDER
from model_store.runtime import LargeNetwork
from training.architectures import photo_denoiser
from training.photos.clones import TILE
from training.photos.quantize import quantize_for_tiles

SAME = slice(256, 512)
FAR_FROM_THE_EDGE = slice(256 + BORDER, 512 - BORDER)


@pytest.fixture
def denoiser(photo_data):
    rng, network = np.random.default_rng(0), photo_denoiser(widths=(4, 8), blocks=(1, 1))
    network.set_weights([w + rng.normal(0, 0.1, w.shape) for w in network.get_weights()])
    return LargeNetwork(quantize_for_tiles(network))


def test_what_stands_elsewhere_in_a_tile_makes_no_difference(denoiser):
    rng = np.random.default_rng(1)
    calm = np.full((1, TILE, TILE, 3), 0.5, np.float32)
    loud = rng.random(calm.shape, np.float32)
    calm[:, SAME, SAME] = loud[:, SAME, SAME] = rng.random((256, 256, 3), np.float32)
    after_calm, after_loud = denoiser(calm), denoiser(loud)
    assert np.abs(after_calm - calm).max() > 0.1
    difference = (after_calm - after_loud)[:, FAR_FROM_THE_EDGE, FAR_FROM_THE_EDGE]
    assert np.abs(difference).max() < 1e-4
