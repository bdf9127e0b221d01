"""Networks as LiteRT files, held against Keras."""

import keras
import numpy as np
import pytest
from keras import layers

from model_store import ModelError
from model_store.runtime import Network
from training.architectures import ARCHITECTURES
from training.datasets import load_split
from training.litert import write_litert
from training.recipes import RECIPES

NETWORKS = {
    f"{name}-{part}": network
    for name, recipe in RECIPES.items()
    for part, network in recipe.networks.items()
    if name != "photo"
}


def shaken(network):
    """Return the network with weights as if it had learned: nothing is zero any more."""
    rng = np.random.default_rng(0)
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            continue
        layer.set_weights([w + 0.02 * rng.standard_normal(w.shape) for w in layer.get_weights()])
    return network


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_four_times_smaller_and_says_the_same(name, tmp_path):
    wanted = NETWORKS[name]
    network = shaken(ARCHITECTURES[wanted.architecture](**wanted.arguments))
    write_litert(network, tmp_path / "network.tflite")
    content = (tmp_path / "network.tflite").read_bytes()
    assert len(content) < 4 * network.count_params() / 2.5
    pictures = load_split("validation").images(slice(20))
    difference = Network(content)(pictures) - network.predict(pictures, verbose=0)
    assert 0 < np.sqrt(np.mean(difference**2)) < 0.02


def test_a_network_that_eight_bits_are_too_few_for_is_not_published(tmp_path):
    picture = keras.Input((28, 28, 1))
    far = layers.ReLU()(layers.Rescaling(1.0, 1000.0)(picture))
    back = layers.Conv2D(8, 3, name="back")
    network = keras.Model(picture, back(far))
    back.set_weights([np.full((3, 3, 1, 8), 1 / 9), np.full(8, -1000.0)])
    with pytest.raises(ModelError, match="other results than the Keras model"):
        write_litert(network, tmp_path / "network.tflite")
