"""Damaged folders, strays, disks that are full or cannot be written to: always one sentence."""

import shutil
import subprocess

import pytest

from tests.training.runs.visitor import MINE, submit, until
from training.runs import jobs
from training.runs.dispatch import dispatch_once
from training.runs.jobs import JobError, RunState


@pytest.mark.parametrize(
    "file",
    ["config.json", "state.json", "about.json", "metrics.jsonl", "progress.json"],
)
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b"\xff\xfe", b"3"])
def test_a_damaged_folder_is_shown_and_can_be_deleted(runs, file, content):
    run_id, other = submit(), submit()
    path = runs / run_id / file
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    seen = jobs.snapshot(run_id)
    assert seen.id == run_id
    assert {s.id for s in jobs.list_runs(MINE)} == {run_id, other}
    assert jobs.running(MINE) is None
    assert jobs.snapshot(other).state is RunState.QUEUED
    dispatch_once()
    if seen.recipe == "":
        assert "damaged" in seen.reason
        for change in (jobs.resume, jobs.finish):
            with pytest.raises(JobError):
                change(run_id, MINE)
        jobs.delete(run_id, MINE)
        assert jobs.snapshot(other)


def test_strays_in_the_folder_are_no_runs(runs):
    (runs / "notes.log").write_text("x")
    (runs / "empty").mkdir()
    (runs / ".new-half").mkdir()
    outside = runs.parent / "outside"
    outside.mkdir()
    (outside / "config.json").write_text("{}")
    (runs / "linked").symlink_to(outside)
    assert jobs.list_runs(None) == ()
    assert jobs.queue_of_runs(None) == ()


def test_no_folder_at_all(runs):
    shutil.rmtree(runs)
    assert jobs.list_runs(None) == ()
    assert jobs.running(None) is None
    assert not dispatch_once()
    submit()
    assert len(jobs.list_runs(None)) == 1


def test_a_folder_that_cannot_be_written_to_is_one_sentence(runs, monkeypatch):
    (runs / "file").write_text("")
    monkeypatch.setenv("RUNS_DIR", str(runs / "file" / "runs"))
    with pytest.raises(JobError, match=r"cannot be written to.*RUNS_DIR"):
        submit()
    assert jobs.list_runs(None) == ()


@pytest.fixture
def small_disk(runs):
    disk = runs / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mounting, check=False).returncode:
        pytest.skip("Only root can mount a small disk.")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_no_debris(small_disk, monkeypatch):
    from training.runs import housekeeping

    monkeypatch.setenv("RUNS_DIR", str(small_disk))
    with pytest.raises(JobError, match="disk is nearly full"):
        submit()
    monkeypatch.setattr(housekeeping, "_LEAST_FREE", 0)
    run_id = submit()
    seen = until(run_id, RunState.FAILED)  # 3 MB do not hold a model
    assert "disk is full" in seen.reason
    assert not seen.has_model
    (small_disk / "filling").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    with pytest.raises(JobError, match="disk is full"):
        submit()
    assert {p.name for p in small_disk.iterdir() if p.is_dir()} == {run_id}
    assert jobs.snapshot(run_id).state is RunState.FAILED
