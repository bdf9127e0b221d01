import numpy as np
import pytest

from imaging.noise import NOISE_KINDS, add_noise

GREY = np.full((40, 28, 28, 1), 0.5, np.float32)

# Mean and deviation of a mid-grey picture at level 0.2, where next to nothing is clipped.
MOMENTS = {
    "uniform": (0.5 + 0.1, 0.2 / 12**0.5),
    "gaussian": (0.5, 0.2),
    "salt_pepper": (0.5, 0.5 * 0.2**0.5),
    "poisson": (0.5, 0.2 * 0.5**0.5),
    "speckle": (0.5, 0.2 * 0.5),
}


def rng(seed=0):
    return np.random.default_rng(seed)


def test_every_kind_is_here():
    assert set(NOISE_KINDS) == set(MOMENTS)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_moments(kind):
    noisy = add_noise(GREY, kind, 0.2, rng=rng())
    mean, deviation = MOMENTS[kind]
    assert noisy.mean() == pytest.approx(mean, abs=0.005)
    assert noisy.std() == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize("kind", NOISE_KINDS)
@pytest.mark.parametrize("level", [0.01, 0.6, 1.0])
def test_range_shape_and_type(kind, level, images):
    before = images.copy()
    noisy = add_noise(images, kind, level, rng=rng())
    assert noisy.shape == images.shape
    assert noisy.dtype == np.float32
    assert noisy.min() >= 0
    assert noisy.max() <= 1
    assert not np.array_equal(noisy, images)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_the_seed_decides(kind, images):
    first = add_noise(images, kind, 0.5, rng=rng(1))
    assert np.array_equal(first, add_noise(images, kind, 0.5, rng=rng(1)))
    assert not np.array_equal(first, add_noise(images, kind, 0.5, rng=rng(2)))


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_level_zero_changes_nothing(kind, images):
    assert np.array_equal(add_noise(images, kind, 0, rng=rng()), images)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_a_level_for_each_image(kind, images):
    noisy = add_noise(images, kind, [0.0, 0.1, 0.9], rng=rng())
    change = np.abs(noisy - images).mean(axis=(1, 2, 3))
    assert change[0] == 0
    assert 0 < change[1] < change[2]


def test_salt_pepper_sets_that_share_to_black_or_white():
    noisy = add_noise(GREY, "salt_pepper", 0.3, rng=rng())
    assert set(np.unique(noisy)) == {0, 0.5, 1}
    assert np.mean(noisy != 0.5) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("level", [-0.1, 1.1, np.nan, np.inf])
def test_a_level_out_of_range_is_refused(level, images):
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        add_noise(images, "uniform", level, rng=rng())


def test_an_unknown_kind_is_refused(images):
    with pytest.raises(ValueError, match="must be one of uniform, gaussian"):
        add_noise(images, "pink", 0.5, rng=rng())
