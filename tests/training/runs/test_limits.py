import pytest

from training.runs.limits import read_limits

NAMES = (
    "TRAINING",
    "HOSTED",
    "TRAINING_QUEUE",
    "TRAINING_PER_VISITOR",
    "TRAINING_HOURS",
    "RUNS_HOURS",
    "RUNS_MEGABYTES",
    "TRAINING_ATTEMPTS",
    "TRAINING_THREADS",
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_at_home_everything_stays():
    limits = read_limits()
    assert limits.training
    assert not limits.hosted
    assert limits.queue == 8
    assert limits.hours_kept == limits.hours == 0


def test_hosted_runs_are_kept_for_a_day(monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    limits = read_limits()
    assert limits.hours_kept == 24
    assert limits.hours > 0
    assert limits.per_visitor < limits.queue


@pytest.mark.parametrize("word", ["off", "OFF", "0", "false", "no"])
def test_training_is_switched_off_by_one_setting(monkeypatch, word):
    monkeypatch.setenv("TRAINING", word)
    assert not read_limits().training


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("nonsense", ["many", "-3", "nan", "1e99", "\u221e"])
def test_nonsense_is_logged_and_the_default_holds(monkeypatch, caplog, name, nonsense):
    expected = read_limits()
    monkeypatch.setenv(name, nonsense)
    assert read_limits() == expected
    assert name in caplog.text
