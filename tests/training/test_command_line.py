"""The command line from end to end: a short run, killed and resumed, measured and exported."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model_store import open_model
from training.__main__ import main
from training.runs.jobs import seconds_needed
from training.runs.locks import take, training_lock
from training.runs.run import Run, RunState

ROOT = Path(__file__).parent.parent.parent
FEW = ["classifier.epochs=2", "denoiser.epochs=2", "images=20000"]
SHORT = ["--recipe", "classic", "--set", *FEW]


def command(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "training", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def kill_after_first_epoch(folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "training", "run", folder, *SHORT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("classifier 1/2"):
            process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run in one go, and its twin that was killed after an epoch and taken up again."""
    folder = tmp_path_factory.mktemp("runs")
    killed = Run(folder / "killed")
    kill_after_first_epoch(killed.folder)
    assert killed.state is RunState.RUNNING
    assert len(killed.metrics) == 1
    for name in ("whole", "killed"):
        done = command("run", folder / name, *SHORT)
        assert done.returncode == 0, done.stderr
    return folder


def test_a_killed_run_goes_on_to_the_same_end(runs):
    whole, killed = Run(runs / "whole"), Run(runs / "killed")
    assert whole.state is killed.state is RunState.DONE
    epochs = [(entry["stage"], entry["epoch"]) for entry in killed.metrics]
    assert epochs == [("classifier", 1), ("classifier", 2), ("denoiser", 1), ("denoiser", 2)]
    for one, other in zip(whole.metrics, killed.metrics, strict=True):
        assert one["val_loss"] == pytest.approx(other["val_loss"], abs=1e-4)


def test_the_runs_model_opens_by_its_id(runs, monkeypatch, images):
    monkeypatch.setenv("RUNS_DIR", str(runs))
    model = open_model("whole")
    assert model.card.metrics["clean_accuracy"] > 0.8
    assert model.card.metrics["protocol"]["images"] == 2_000  # a visitor waits for it
    assert "20,000" in model.card.data[0].name
    assert model(images).denoised.shape == images.shape


def test_the_whole_model_loads_without_this_project(runs, tmp_path, monkeypatch, images):
    np.save(tmp_path / "images.npy", images)
    program = (
        "import keras, numpy as np;"
        f"model = keras.models.load_model({str(runs / 'whole/model/composite.keras')!r});"
        "np.save('out.npy', model.predict(np.load('images.npy'), verbose=0))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setenv("RUNS_DIR", str(runs))
    ours = open_model("whole")(images).probabilities
    assert np.abs(np.load(tmp_path / "out.npy") - ours).max() < 5e-3


def test_evaluate_prints_one_object(runs):
    done = command("evaluate", "classic", "--seeds", "1", "--noise", "gaussian", "--json")
    figures = json.loads(done.stdout)
    assert set(figures) >= {
        "clean_accuracy",
        "noisy_accuracy",
        "denoised_accuracy",
        "noisy_psnr",
        "denoised_psnr",
        "denoised_ssim",
    }
    assert 0.85 < figures["clean_accuracy"] < 0.95


def test_export_writes_and_ships_the_model_again(runs, tmp_path):
    done = command("export", runs / "whole", "--to", tmp_path / "shipped")
    assert done.returncode == 0, done.stderr
    cards = [
        json.loads((folder / "card.json").read_text())
        for folder in (runs / "whole" / "model", tmp_path / "shipped")
    ]
    assert cards[0] == cards[1]
    assert cards[0]["metrics"]["protocol"]["images"] == 10_000
    assert cards[0]["metrics"]["protocol"]["seeds"] == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "nothing"], "no such model"),
        (["export", "nowhere"], "no readable config"),
        (["export", "queued"], "has not begun"),
        (["run", "nowhere", "--recipe", "classic", "--set", "x=1"], "no setting 'x'"),
        (["run", "nowhere"], "no readable config"),
        (["run", "queued", "--set", "images=900"], "name its recipe"),
        (["compare", "classic", "nothing"], "no such model"),
        (["compare", "classic", "fashion", "--level", "7"], "level of the noise"),
        (["evaluate", "classic", "--images", "0"], "1 to 10,000 images"),
        (["time", "nothing"], "no recipe"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, arguments, sentence):
    Run(tmp_path / "queued").create("classic", {})
    arguments = [str(tmp_path / "queued") if a == "queued" else a for a in arguments]
    done = command(*arguments, env={**os.environ, "RUNS_DIR": str(tmp_path)})
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_compare_prints_one_object(runs):
    environment = {**os.environ, "RUNS_DIR": str(runs)}
    arguments = ["compare", "whole", "classic", "--images", "50", "--noise", "speckle"]
    done = command(*arguments, "--json", env=environment)
    found = json.loads(done.stdout)
    assert found["protocol"] == {"kind": "speckle", "level": 0.6, "seeds": 1, "images": 50}
    assert found["first"]["id"] == "whole"
    assert 0 < found["second"]["denoised_accuracy"] <= 1
    assert "denoised_psnr" in command(*arguments, env=environment).stdout


def test_time_is_kept_for_the_pages(tmp_path, monkeypatch):
    environment = {**os.environ, "RUNS_DIR": str(tmp_path)}
    seconds = json.loads(command("time", "classic", "--json", env=environment).stdout)
    assert seconds["classic"] > 10
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    assert seconds_needed("classic") == seconds["classic"]
    assert seconds_needed("quick") is None
    (tmp_path / "speed.json").write_text("{")
    assert seconds_needed("classic") is None


def test_one_run_at_a_time_in_a_folder(tmp_path):
    held = take(training_lock(tmp_path))
    done = command("run", tmp_path / "second", *SHORT)
    os.close(held)
    assert done.returncode == 1
    assert "Another run is training in this folder" in done.stderr


@pytest.mark.parametrize("name", ["run", "evaluate", "export", "compare", "time"])
def test_help(name):
    done = command(name, "--help")
    assert done.returncode == 0
    assert "usage: python -m training" in done.stdout
    assert "Exit codes" in done.stdout


@pytest.mark.parametrize("wrong", [[], ["fly"], ["run"], ["run", "x", "--recipe", "nothing"]])
def test_what_is_not_understood_ends_with_two(wrong):
    assert command(*wrong).returncode == 2


def test_a_model_for_photos_is_measured_elsewhere(capsys):
    assert main(["evaluate", "photo"]) == 1
    assert "is for photos" in capsys.readouterr().err
