import json
import os
import time
from dataclasses import replace

import pytest

from training.runs.progress import Progress, read_progress, write_progress
from training.runs.run import Run, RunState
from training.runs.snapshot import take_snapshot


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "a-run")
    run.create("fashion", {"denoiser.epochs": "2"})
    return run


def test_a_run_of_a_terminal(run):
    seen = take_snapshot(run)
    assert (seen.id, seen.owner, seen.number) == ("a-run", None, 0)
    assert seen.created > 0
    assert seen.changes == {"denoiser.epochs": "2"}
    assert seen.progress == Progress()


def test_figures_have_the_same_names_in_every_stage(run):
    run.add_metrics({"stage": "denoiser", "epoch": 1, "seconds": 2.0, "val_psnr": 20.0})
    run.add_metrics({"stage": "tuning", "epoch": 1, "seconds": 2.0, "val_denoised_psnr": 21.0})
    history = take_snapshot(run).history
    assert [epoch.figures["val_psnr"] for epoch in history] == [20, 21]
    assert {epoch.network for epoch in history} == {"denoiser"}


def test_only_previews_that_are_there(run):
    for epoch in (1, 2):
        run.add_metrics({"stage": "denoiser", "epoch": epoch, "val_psnr": 20.0})
    run.previews.mkdir()
    run.preview("denoiser", 2).write_bytes(b"picture")
    seen = take_snapshot(run)
    assert [(p.stage, p.epoch) for p in seen.previews] == [("denoiser", 2)]
    assert seen.noisy is None


def test_what_can_be_done_with_a_run(run):
    run.move_to(RunState.RUNNING)
    assert take_snapshot(run).is_live
    run.move_to(RunState.STOPPED)
    run.add_metrics({"stage": "classifier", "epoch": 1, "val_loss": 1.0})
    assert take_snapshot(run).can_resume
    assert not take_snapshot(run).can_finish
    run.add_metrics({"stage": "denoiser", "epoch": 1, "val_loss": 1.0})
    assert take_snapshot(run).can_finish


def test_progress_is_read_as_it_was_written(run):
    progress = Progress("denoiser", 2, 4, 3, 30, 17, 859, 12.5, 40.0, 0.4)
    write_progress(run, progress)
    read = read_progress(run)
    assert read.seconds_left == pytest.approx(40, abs=5)
    assert replace(read, seconds_left=40.0) == progress
    assert read_progress(run, is_done=True).share == 1
    (run.folder / "progress.json").write_text(json.dumps({"stage": "x"}))
    assert read_progress(run) == Progress()


@pytest.mark.parametrize(("age", "left"), [(30, 10), (3600, 0)])
def test_the_time_left_goes_on_where_nothing_is_written(run, age, left):
    write_progress(run, Progress("denoiser", seconds_left=40.0))
    then = time.time() - age
    os.utime(run.folder / "progress.json", (then, then))
    assert read_progress(run).seconds_left == pytest.approx(left, abs=5)


def test_a_recipe_that_is_no_more(run):
    (run.folder / "config.json").write_text('{"recipe": "gone", "changes": {}}')
    seen = take_snapshot(run)
    assert seen.state is RunState.LOST
    assert "delete it" in seen.reason
