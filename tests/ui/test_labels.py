import pytest

from imaging.noise import NOISE_KINDS
from ui.labels import NOISE_LABELS, noise_name, percent


def test_every_noise_has_a_word():
    assert tuple(NOISE_LABELS) == NOISE_KINDS


def test_within_a_sentence_only_gauss_keeps_his_capital():
    assert noise_name("gaussian") == "Gaussian"
    assert noise_name("salt_pepper") == "salt & pepper"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "0 %"), (0.5, "50 %"), (0.994, "99 %"), (0.999, "> 99 %"), (1, "> 99 %")],
)
def test_percent(share, text):
    assert percent(share) == text
