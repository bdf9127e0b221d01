"""Killed at any point of save and publish: the store serves whole models, and the run goes on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=["anew", "again"])
def kills(request, tmp_path_factory):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.training.kill_points",
            str(tmp_path_factory.mktemp("kills")),
            request.param,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return request.param, [json.loads(line) for line in done.stdout.splitlines()]


def test_at_least_twenty_points_and_never_half_a_model(kills):
    how, found = kills
    assert len(found) >= 20
    for before, after, _, _ in found:
        assert "broken" not in after
        if how == "again":
            assert before["model"]
            assert after["model"]  # the old one or the new one


def test_the_run_goes_on_to_its_end_and_leaves_no_debris(kills):
    _, found = kills
    for _, _, end, debris in found:
        assert end["state"] == "done"
        assert end["model"]
        assert debris == []
