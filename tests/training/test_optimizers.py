import keras
import numpy as np
import pytest

from training.optimizers import ConvolutionMuon, OneCycle


def test_the_learning_rate_rises_and_falls():
    schedule = OneCycle(1e-2, steps=100)
    rates = [float(schedule(step)) for step in range(101)]
    assert max(rates) == pytest.approx(1e-2, rel=1e-3)
    assert int(np.argmax(rates)) == 20
    assert rates[0] < 1e-3
    assert rates[-1] == pytest.approx(0, abs=1e-6)
    restored = OneCycle.from_config(schedule.get_config())
    assert float(restored(50)) == float(schedule(50))


def moved_by_muon(gradient):
    """Return how a kernel of one convolution moves by one step, and how its bias does."""
    layer = keras.layers.Conv2D(gradient.shape[-1], gradient.shape[0])
    layer.build((None, 8, 8, gradient.shape[2]))
    before = layer.kernel.numpy(), layer.bias.numpy()
    optimizer = ConvolutionMuon(1e-2, weight_decay=0, adam_weight_decay=0)
    optimizer.build([layer.kernel, layer.bias])
    optimizer.apply([keras.ops.convert_to_tensor(gradient), keras.ops.ones(layer.bias.shape)])
    return layer.kernel.numpy() - before[0], layer.bias.numpy() - before[1]


@pytest.mark.parametrize("shape", [(3, 3, 4, 8), (2, 2, 2, 32)])
def test_muon_moves_a_kernel_the_same_in_all_directions(shape):
    gradient = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    kernel, bias = moved_by_muon(gradient)
    strengths = np.linalg.svd(kernel.reshape(-1, shape[-1]), compute_uv=False)
    assert strengths.max() < 2.2 * strengths.min()
    assert np.sum(kernel * gradient) < 0  # downhill
    assert np.allclose(bias, -1e-2, rtol=1e-3)  # as Adam does


def test_muon_moves_a_kernel_as_far_whatever_its_gradient():
    gradient = np.random.default_rng(1).standard_normal((3, 3, 4, 8)).astype(np.float32)
    small, large = moved_by_muon(gradient * 1e-3)[0], moved_by_muon(gradient * 1e3)[0]
    assert np.allclose(small, large, atol=1e-5)
    assert 0.1e-2 < float(np.sqrt(np.mean(small**2))) < 0.3e-2
