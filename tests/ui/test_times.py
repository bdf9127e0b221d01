import time

import pytest

from ui import times


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 5 s"),
        (44, "about 45 s"),
        (89, "about 90 s"),
        (190, "about 3 min"),
        (615, "about 10 min"),
        (14_000, "about 4 h"),
    ],
)
def test_roughly(seconds, words):
    assert times.roughly(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (48.4, "48 s"),
        (59.7, "1 min"),
        (220, "3 min 40 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_duration(seconds, words):
    assert times.duration(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(65, "1 min 5 s left"), (0.4, "nearly done")])
def test_time_left(seconds, words):
    assert times.time_left(seconds) == words


def test_the_time_of_another_day_has_its_date():
    assert len(times.time_of_day(time.time())) == len("12:04")
    assert times.time_of_day(0) == "01 Jan 1970, 00:00"
