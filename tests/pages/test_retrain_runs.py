"""The retrain page with a run: watched, stopped, compared, used, deleted."""

import json
import re

import pytest

from tests.pages.retrain_page import address, click, html, labels, queued
from tests.run_folders import make_run
from training.runs import jobs
from ui import run_compare

EVIL = "<img src=x onerror=alert(1)> **b** :red[r] [l](http://x)"


def test_a_run_under_way(open_page):
    make_run("quick-1", state="running")
    app = open_page("retrain", run="quick-1")
    shown = html(app)
    assert "Classifier, epoch 1 of 2" in shown
    assert re.search("1 min( [1-5] s)? left", shown)
    assert app.get("progress")[0].proto.value == 50
    assert len(app.get("plotly_chart")) == 2
    assert shown.count("<figure title") == 10
    assert "Stop and keep the best" in labels(app)
    assert "Join the queue" in labels(app)


def test_stop_asks_once(open_page, runs):
    make_run("quick-1", state="running")
    app = click(open_page("retrain", run="quick-1"), "Stop and keep the best")
    assert (runs / "quick-1" / "stop").exists()
    assert "Stopping…" in labels(app)


def test_one_can_go_back_through_the_epochs(open_page):
    run = make_run("quick-1", state="running")
    app = open_page("retrain", run="quick-1")
    assert app.slider(key="scrub-quick-1").value == 3
    app.slider(key="scrub-quick-1").set_value(1).run()
    assert "after epoch 1 of the denoiser" in html(app)
    assert run.preview("denoiser", 1).is_file()


@pytest.mark.parametrize("curve", ["quality", "loss"])
def test_curves_of_training_and_validation(open_page, curve):
    make_run("quick-1", state="running", epochs=2)
    app = open_page("retrain", run="quick-1", curve=curve)
    for element in app.get("plotly_chart"):
        data = json.loads(element.proto.spec)["data"]
        assert [line["name"] for line in data] == ["training", "validation"]
        assert all(len(line["x"]) == 2 for line in data)


def test_a_waiting_run_is_cancelled(open_page):
    make_run("classic-1", recipe="classic", state="running", number=1)
    make_run("quick-2", state="queued", number=2)
    app = open_page("retrain", run="quick-2")
    assert "Number 1 in the queue" in html(app)
    assert re.search("<b>The original</b> has been training since .*50% done", html(app))
    click(app, "Cancel")
    assert jobs.snapshot("quick-2").state == "stopped"


def test_what_trains_can_be_watched(open_page):
    make_run("quick-1", state="running")
    app = click(open_page("retrain"), "Watch it")
    assert address(app, "run") == "quick-1"
    assert "Classifier, epoch 1 of 2" in html(app)


def test_a_finished_run_is_compared_and_can_be_used(open_page):
    make_run("quick-1")
    app = open_page("retrain", run="quick-1")
    shown = html(app)
    assert "<h2>Done</h2>" in shown
    assert "class='compared'" in shown
    assert "The first 1,000 test images under uniform noise 0.6" in shown
    link = next(e.proto for e in app.get("page_link") if e.proto.label == "Use it")
    assert "model=quick-1" in link.query_string
    assert len(app.get("download_button")) == 5


def test_a_comparison_is_measured_once(open_page, monkeypatch):
    calls = []
    real = run_compare.compare
    monkeypatch.setattr(run_compare, "compare", lambda *a: calls.append(a) or real(*a))
    run_compare._kept.clear()
    make_run("quick-1")
    for _ in range(2):
        open_page("retrain", run="quick-1")
    assert len(calls) == 1


def test_a_damaged_model_is_one_sentence(open_page, runs):
    make_run("quick-1")
    (runs / "quick-1" / "model" / "denoiser.tflite").write_bytes(b"")
    app = open_page("retrain", run="quick-1")
    assert len(app.warning) == 1
    assert "damaged" in app.warning[0].value


@pytest.mark.parametrize("state", ["stopped", "failed", "lost"])
def test_a_run_that_ended_early_says_why_and_goes_on(open_page, state):
    make_run("quick-1", state=state, reason="The reason.")
    app = open_page("retrain", run="quick-1")
    assert "The reason." in html(app)
    assert {"Make a model of it", "Go on training"} <= labels(app)
    click(app, "Go on training")
    assert queued() == ["quick-1"]


def test_a_damaged_run_is_told(open_page, runs):
    make_run("quick-1")
    (runs / "quick-1" / "config.json").write_text("{")
    assert "damaged" in html(open_page("retrain", run="quick-1"))


def test_deleting_can_be_undone(open_page):
    make_run("quick-1")
    app = click(open_page("retrain", run="quick-1"), "Delete")
    assert not jobs.list_runs("own-machine")
    assert "run" not in app.query_params
    click(app, "Undo")
    assert address(app, "run") == "quick-1"
    assert jobs.snapshot("quick-1").has_model


def test_a_title_is_shown_as_it_was_written(open_page):
    make_run("quick-1")
    app = open_page("retrain", run="quick-1")
    app.text_input(key="title-quick-1").set_value(EVIL)
    click(app, "Save")
    assert jobs.snapshot("quick-1").title == EVIL
    assert "<img src=x" not in html(app)
    assert "&lt;img src=x" in html(app)
    assert not any("**b**" in label or ":red[" in label for label in labels(app))
    start = open_page(model="quick-1")
    assert "<img src=x" not in html(start)
    assert not open_page("models").exception


def test_a_bad_title_is_refused(open_page):
    make_run("quick-1")
    app = open_page("retrain", run="quick-1")
    app.text_input(key="title-quick-1").set_value("   ")
    click(app, "Save")
    assert "1 to 60 characters" in app.warning[0].value


def test_the_start_page_opens_the_model_of_a_run(open_page):
    make_run("quick-1")
    app = open_page(model="quick-1")
    assert app.session_state["choose-model"] == "quick-1"
    assert not app.info
    gone = open_page(model="quick-2")
    assert "not here any more" in gone.info[0].value
    assert not gone.error
