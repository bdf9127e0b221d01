import random
from itertools import pairwise

import pytest

from training.runs.clock import Clock, Load


class Machine:
    """Trains by a clock of its own."""

    def __init__(self, paces, pause=2.0, start=4.0, finishing=10.0, unrest=0.0):
        self.time, self.paces, self.pause = 100.0, paces, pause
        self.unrest, self.random = unrest, random.Random(0)  # share by which steps differ
        self.start, self.finishing = start, finishing

    def now(self):
        return self.time

    def train(self, loads, first_epoch=0):
        """Yield (true seconds left, progress) after every step."""
        clock = Clock(loads, self.finishing, self.now)
        moments = []
        for load in loads:
            clock.begin_stage(load.stage, first_epoch)
            self.time += self.start
            for _ in range(first_epoch, load.epochs):
                for _ in range(load.steps):
                    differs = 1 + self.unrest * self.random.uniform(-1, 1)
                    self.time += self.paces[load.stage] * differs
                    clock.end_step()
                    moments.append((self.time, clock.progress()))
                clock.end_epoch()
                self.time += self.pause
        end = self.time + self.finishing
        return [(end - when, progress) for when, progress in moments]


def load(stage, seconds, *, epochs=3, steps=100, is_measured=True):
    return Load(stage, epochs, steps, seconds, is_measured, after_epoch=10)


def errors(moments, after=10):
    return [abs(p.seconds_left - left) / (left + 10) for left, p in moments[after:]]


def test_the_time_left_is_true_when_stages_are_as_foreseen():
    moments = Machine({"a": 0.2, "b": 0.4}).train([load("a", 0.2), load("b", 0.4)])
    assert max(errors(moments)) < 0.1


def test_a_machine_twice_as_slow_is_noticed_within_seconds():
    moments = Machine({"a": 0.4, "b": 0.8}).train([load("a", 0.2), load("b", 0.4)])
    assert max(errors(moments, after=20)) < 0.3
    assert max(errors(moments, after=60)) < 0.15


@pytest.mark.parametrize("pace_of_b", [0.3, 0.4, 0.6])
def test_the_time_left_does_not_jump_when_a_stage_begins(pace_of_b):
    """Even if steps differ a lot, and the stage goes otherwise than foreseen."""
    machine = Machine({"a": 0.2, "b": pace_of_b}, unrest=0.5)
    moments = machine.train([load("a", 0.2), load("b", 0.4)])
    told = [(left, p.seconds_left) for left, p in moments if p.stage == "b" and p.epoch == 1]
    for (true_before, before), (true_now, now) in pairwise(told):
        assert abs((before - now) - (true_before - true_now)) < 0.1 * before
    assert max(errors(moments[-200:], after=0)) < 0.15


def test_of_loads_that_were_not_measured_only_the_ratio_counts():
    loads = [load("a", 1e-6, is_measured=False), load("b", 2e-6, is_measured=False)]
    moments = Machine({"a": 0.2, "b": 0.4}).train(loads)
    assert moments[0][1].seconds_left is None
    assert max(errors(moments)) < 0.15


def test_a_resumed_run_counts_only_what_is_left():
    moments = Machine({"a": 0.2}).train([load("a", 0.2)], first_epoch=2)
    assert max(errors(moments)) < 0.1
    assert moments[0][1].share > 0.5


def test_the_share_never_goes_back_and_ends_before_the_finish():
    moments = Machine({"a": 0.3, "b": 0.1}).train([load("a", 0.1), load("b", 0.4)])
    shares = [progress.share for _, progress in moments]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.02
    assert 0.8 < shares[-1] < 1


def test_numbers_count_from_one():
    moments = Machine({"a": 0.1, "b": 0.1}).train([load("a", 0.1), load("b", 0.1)])
    first, last = moments[0][1], moments[-1][1]
    assert (first.stage, first.stage_number, first.stages) == ("a", 1, 2)
    assert (first.epoch, first.epochs, first.step, first.steps) == (1, 3, 1, 100)
    assert (last.stage, last.stage_number, last.epoch, last.step) == ("b", 2, 3, 100)
    assert first.seconds == pytest.approx(4.1)
