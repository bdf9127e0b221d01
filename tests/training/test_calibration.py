import numpy as np
import pytest

from training.calibration import best_temperature, calibration_error, reliability


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.fixture
def logits_and_labels():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 10)).astype(np.float32)
    labels = np.array([rng.choice(10, p=p) for p in softmax(logits.astype(np.float64))])
    return logits, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_true_temperature_is_found(logits_and_labels, temperature):
    logits, labels = logits_and_labels
    assert best_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.05)


def test_true_probabilities_are_calibrated_and_exaggerated_ones_are_not(logits_and_labels):
    logits, labels = logits_and_labels
    assert calibration_error(softmax(logits), labels) < 0.01
    assert calibration_error(softmax(3 * logits), labels) > 0.1


def test_bins_hold_every_image(logits_and_labels):
    logits, labels = logits_and_labels
    bins = reliability(softmax(logits), labels)
    assert sum(b["share"] for b in bins) == pytest.approx(1, abs=1e-3)
    assert len(bins) <= 15


def test_a_certainty_falls_into_the_last_bin():
    certain = np.eye(10)[[0, 1, 2]]
    assert calibration_error(certain, np.array([0, 1, 2])) == 0
    assert calibration_error(certain, np.array([0, 1, 3])) == pytest.approx(1 / 3, abs=1e-3)
