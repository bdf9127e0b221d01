import json

import pytest

from model_store import ModelError, open_model
from training.compare import compare
from training.evaluate import Protocol, evaluate
from training.runs.run import JobError

FEW = Protocol(kind="gaussian", level=0.4, seeds=2, images=60)


def test_two_models_on_the_same_pictures():
    shares = []
    found = compare("classic", "fashion", FEW, shares.append)
    assert (found.first.id, found.second.id) == ("classic", "fashion")
    assert found.first.noisy_psnr == found.second.noisy_psnr  # the same noise
    assert found.second.denoised_psnr > found.first.denoised_psnr
    for scores in (found.first, found.second):
        assert sum(map(sum, scores.confusion)) == 2 * 60
        assert scores.bytes > 10_000
        assert 0 < scores.milliseconds < 5_000
        hits = sum(scores.confusion[n][n] for n in range(10))
        assert hits / 120 == pytest.approx(scores.denoised_accuracy)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert json.loads(json.dumps(found.to_json()))["protocol"]["kind"] == "gaussian"


def test_the_figures_are_those_of_evaluate():
    scores = compare("classic", "classic", FEW).first
    for name, value in evaluate(open_model("classic"), FEW).items():
        assert getattr(scores, name) == pytest.approx(value)


@pytest.mark.parametrize(
    "protocol",
    [
        Protocol(seeds=0),
        Protocol(seeds=1000),
        Protocol(images=0),
        Protocol(images=10**9),
        Protocol(level=2),
        Protocol(level=float("nan")),
    ],
)
def test_what_cannot_be_measured_is_refused(protocol):
    with pytest.raises(JobError):
        compare("classic", "fashion", protocol)


def test_a_model_that_is_not_there():
    with pytest.raises(ModelError, match="no such model"):
        compare("classic", "nothing", FEW)


def test_whoever_watches_can_end_it():
    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        compare("classic", "fashion", FEW, stop)
