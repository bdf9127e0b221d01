import numpy as np
import pytest

from training.photos.camera import add_camera_noise, add_gaussian, make_noisy

MOST_SIGMA = 55 / 255
DRAWS = 200


def grey(brightness, side=64):
    return np.full((side, side, 3), brightness, np.float32)


def draw(maker, brightness, count=DRAWS, side=32):
    """Return many draws of the noise on a grey patch; a seed gives all the same strength."""
    patch = grey(brightness, side)
    return np.stack([maker(patch, np.random.default_rng(seed)) for seed in range(count)])


def neighbours(noise):
    """Return how strongly the noise (H, W, C) of pixels side by side goes together."""
    noise = noise - noise.mean(axis=(0, 1))
    return float(np.mean(noise[:, 1:] * noise[:, :-1]) / np.mean(noise**2))


@pytest.mark.parametrize("maker", [add_gaussian, add_camera_noise])
@pytest.mark.parametrize("size", [(64, 64), (33, 50)])
def test_the_seed_alone_decides(maker, size):
    patch = np.random.default_rng(0).random((*size, 3), np.float32)
    before = patch.copy()
    first, again, other = (maker(patch, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first.shape, first.dtype) == (patch.shape, np.float32)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.array_equal(patch, before)


def test_gaussian_noise_has_every_deviation_up_to_55_of_255():
    noise = draw(add_gaussian, 0.5) - 0.5
    deviations = noise.std(axis=(1, 2, 3))
    assert deviations.max() < MOST_SIGMA * 1.05
    assert deviations.max() > MOST_SIGMA * 0.95
    assert deviations.mean() == pytest.approx(MOST_SIGMA * 3 / 8, rel=0.15)
    # Three in four are in the fainter half.
    assert np.mean(deviations < MOST_SIGMA / 2) == pytest.approx(0.75, abs=0.08)
    standard = noise / deviations[:, None, None, None]
    assert abs(standard.mean()) < 0.01
    assert np.mean(standard**4) == pytest.approx(3, abs=0.1)  # the kurtosis of the normal law
    assert abs(np.mean([neighbours(one) for one in noise])) < 0.02


@pytest.mark.parametrize(("brightness", "side_of_the_range"), [(0.0, np.min), (1.0, np.max)])
def test_gaussian_noise_is_not_cut_off(brightness, side_of_the_range):
    noisy = draw(add_gaussian, brightness, count=40)
    assert noisy.mean() == pytest.approx(brightness, abs=0.005)
    assert abs(side_of_the_range(noisy) - brightness) > 0.3


def test_one_patch_in_sixteen_has_grey_noise():
    noise = draw(add_gaussian, 0.5, count=400, side=8)
    is_grey = np.ptp(noise, axis=3).max(axis=(1, 2)) == 0
    assert is_grey.mean() == pytest.approx(1 / 16, abs=0.03)


@pytest.mark.parametrize("brightness", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_camera_noise_is_what_an_8_bit_file_holds(brightness):
    seen = draw(add_camera_noise, brightness, count=40)
    assert 0 <= seen.min() <= seen.max() <= 1
    assert np.allclose(seen * 255, np.round(seen * 255), atol=1e-3)


def test_camera_noise_leaves_the_light_as_bright():
    light = draw(add_camera_noise, 0.7) ** 2.2
    assert light.mean() == pytest.approx(0.7**2.2, abs=0.01)


def test_camera_noise_is_stronger_where_it_is_brighter_in_linear_light():
    dark, bright = (
        np.std(draw(add_camera_noise, brightness) ** 2.2, axis=(1, 2, 3))
        for brightness in (0.3, 0.7)
    )
    strong = bright > 0.02  # weaker noise drowns in the rounding to 8 bits
    assert strong.sum() > DRAWS / 4
    assert np.all(bright[strong] > dark[strong])
    ratio = np.median(bright[strong] / dark[strong])
    assert 1.3 < ratio < np.sqrt((0.7 / 0.3) ** 2.2)  # of shot noise alone: the root of the light


def test_camera_noise_reaches_from_hardly_any_to_a_phone_in_the_dark():
    deviations = draw(add_camera_noise, 0.5).std(axis=(1, 2, 3))
    assert deviations.min() < 0.015
    assert 0.07 < deviations.max() < 0.3


def test_camera_noise_is_spread_by_demosaicing():
    noisy = draw(add_camera_noise, 0.6, side=64)
    strong = noisy[noisy.std(axis=(1, 2, 3)) > 0.03]
    together = [neighbours(one) for one in strong]
    assert np.mean(together) > 0.3
    assert min(together) > 0.15


def test_a_batch_has_every_kind_of_noise():
    black = np.zeros((600, 8, 8, 3), np.float32)
    noisy = make_noisy(black, np.random.default_rng(0))
    assert (noisy.shape, noisy.dtype) == (black.shape, np.float32)
    assert np.isfinite(noisy).all()
    # Below black: Gaussian, in 45 of 100 patches, and uniform, in a quarter of the app's tenth.
    below = (noisy < 0).any(axis=(1, 2, 3))
    assert below.mean() == pytest.approx(0.45 + 0.1 / 4, abs=0.06)
    # Salt on black is white and nothing else.
    is_salt = [set(np.unique(patch)) == {0.0, 1.0} for patch in noisy]
    assert np.mean(is_salt) == pytest.approx(0.1 / 4, abs=0.02)


def test_a_batch_repeats_by_its_seed():
    patches = np.random.default_rng(0).random((24, 16, 16, 3), np.float32)
    first, again, other = (make_noisy(patches, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.all(np.abs(first - patches).max(axis=(1, 2, 3)) <= 1.5)
