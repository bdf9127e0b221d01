import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from imaging.metrics import psnr, ssim
from imaging.noise import NOISE_KINDS, add_noise
from training.datasets import load_split


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_agrees_with_scikit_image(kind):
    clean = load_split("test").images(slice(8))
    noisy = add_noise(clean, kind, 0.4, rng=np.random.default_rng(0))
    ours = zip(psnr(clean, noisy), ssim(clean, noisy), strict=True)
    for x, y, (our_psnr, our_ssim) in zip(clean, noisy, ours, strict=True):
        similarity = structural_similarity(x, y, data_range=1, channel_axis=2)
        assert our_ssim == pytest.approx(similarity, abs=1e-4)
        assert our_psnr == pytest.approx(peak_signal_noise_ratio(x, y, data_range=1), abs=1e-4)


def test_equal_pictures(images):
    assert np.all(np.isinf(psnr(images, images)))
    assert ssim(images, images) == pytest.approx(1)


def test_colour_and_constant_pictures():
    white = np.ones((2, 16, 20, 3), np.float32)
    black = np.zeros_like(white)
    assert psnr(white, black) == pytest.approx(0)
    assert ssim(white, black) == pytest.approx(0, abs=1e-3)


def test_other_shapes_are_refused(images):
    with pytest.raises(ValueError, match="same shape"):
        psnr(images, images[:1])
    with pytest.raises(ValueError, match="at least 7 pixels"):
        ssim(images[:, :6], images[:, :6])
