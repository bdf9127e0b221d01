import numpy as np
import pytest
from keras import ops

from imaging.metrics import psnr, ssim
from imaging.noise import NOISE_KINDS, add_noise
from training.datasets import load_split
from training.objectives import infidelity


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_infidelity_is_what_psnr_and_ssim_say(kind):
    clean = load_split("validation").images(slice(16))
    noisy = add_noise(clean, kind, 0.4, rng=np.random.default_rng(0))
    expected = -psnr(clean, noisy) + 10 * (1 - ssim(clean, noisy))
    assert ops.convert_to_numpy(infidelity(clean, noisy)) == pytest.approx(expected, abs=0.15)


def test_what_is_cut_off_when_shown_is_no_error():
    clean = load_split("validation").images(slice(4))
    beyond = np.where(clean == 1, 1.5, np.where(clean == 0, -0.5, clean)).astype(np.float32)
    assert ops.convert_to_numpy(infidelity(clean, beyond)) == pytest.approx(-40, abs=0.01)
    wrong_side = np.where(clean == 0, 0.5, clean).astype(np.float32)
    assert np.all(ops.convert_to_numpy(infidelity(clean, wrong_side)) > -20)
