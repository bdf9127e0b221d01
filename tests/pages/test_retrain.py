"""The retrain page up to the start of a run."""

import errno
import re
import shutil

import pytest

from tests.pages.retrain_page import address, click, html, labels, queued
from tests.run_folders import make_run
from training.runs import jobs, queue
from ui import recipe_cards


def test_the_first_paint(open_page):
    app = open_page("retrain")
    assert not app.error
    assert not app.warning
    shown = html(app)
    assert shown.count("class='recipe") == 4
    for offer in jobs.OFFERS.values():
        assert offer.title in shown
        assert offer.purpose in shown
    assert "about 45 s" in shown
    assert "about 4 h" in shown
    assert "83.0\N{NO-BREAK SPACE}%" in shown  # the shipped original
    assert "One run trains at a time" in shown
    assert "Start training" in labels(app)


def test_every_offer_has_its_place():
    assert set(recipe_cards._ORDER) == set(jobs.OFFERS)


@pytest.mark.parametrize("recipe", jobs.OFFERS)
def test_every_recipe_is_started_as_it_is(open_page, recipe):
    app = open_page("retrain", recipe=recipe)
    click(app, "Start training")
    (run_id,) = queued()
    assert address(app, "run") == run_id
    seen = jobs.snapshot(run_id)
    assert (seen.recipe, seen.changes) == (recipe, {})
    assert "Number 1 in the queue" in html(app)


def test_a_card_is_chosen(open_page):
    app = open_page("retrain", set="images:9000")
    click(app, "Balanced")
    assert address(app, "recipe") == "balanced"
    assert "set" not in app.query_params
    assert "Balanced, chosen" in labels(app)


def test_turned_knobs_go_along(open_page):
    app = open_page("retrain")
    app.slider(key="knob-quick-images").set_value(9000).run()
    app.number_input(key="knob-quick-denoiser.epochs").set_value(3).run()
    app.slider(key="knob-quick-noise.level").set_value(0.3).run()
    click(app, "Start training")
    assert jobs.snapshot(queued()[0]).changes == {
        "images": "9000",
        "denoiser.epochs": "3",
        "noise.level": "0.3",
    }


def test_a_turned_knob_changes_the_time_on_the_card(open_page):
    app = open_page("retrain", recipe="classic", set="denoiser.epochs:3,width:0.25")
    told = re.search("about ([0-9]+) s, as you set it<br>recognises 83.0", html(app))
    assert int(told[1]) < 150
    assert "about 3 min" not in html(app)


def test_a_link_turns_the_knobs_and_back_again(open_page):
    app = open_page("retrain", recipe="classic", set="bottleneck:16,denoiser.learning_rate:0.02")
    assert app.number_input(key="knob-classic-bottleneck").value == 16
    assert app.select_slider(key="knob-classic-denoiser.learning_rate").value == "0.02"
    app.number_input(key="knob-classic-bottleneck").set_value(64).run()
    assert address(app, "set") == "denoiser.learning_rate:0.02"


@pytest.mark.parametrize(
    "parameters",
    [
        {"recipe": "../x"},
        {"recipe": ["a", "b"]},
        {"set": "images:1e99"},
        {"set": "images:nan,width:-1,denoiser.epochs:1e9"},
        {"set": "x" * 9000},
        {"set": ":,::,,"},
        {"set": "noise.kind:pink"},
        {"run": "../../etc/passwd"},
        {"run": "nothing"},
        {"run": ["a", "b"]},
        {"curve": "x"},
        {"against": "x"},
        {"me": "<script>"},
    ],
    ids=str,
)
def test_garbage_in_the_address_falls_back(open_page, parameters):
    app = open_page("retrain", **parameters)
    assert not app.error
    assert not app.warning
    click(app, "Start training")
    assert jobs.snapshot(queued()[0]).changes == {}


def test_values_past_the_widgets_limits_are_clamped(open_page):
    app = open_page("retrain")
    app.number_input(key="knob-quick-denoiser.epochs").set_value(10**9).run()
    app.slider(key="knob-quick-noise.level").set_value(-7.0).run()
    assert not app.exception
    click(app, "Start training")
    assert jobs.snapshot(queued()[0]).changes == {"denoiser.epochs": "1", "noise.level": "0.05"}


def test_a_double_click_is_one_start(open_page):
    app = click(open_page("retrain"), "Start training")
    click(app, "Join the queue")
    assert len(queued()) == 1


def test_a_full_queue_is_one_sentence(open_page, monkeypatch):
    monkeypatch.setenv("TRAINING_QUEUE", "1")
    make_run("quick-1", state="queued")
    app = click(open_page("retrain"), "Join the queue")
    assert len(app.warning) == 1
    assert "waiting already" in app.warning[0].value


def without_a_folder(runs, monkeypatch):
    (runs / "file").write_text("")
    monkeypatch.setenv("RUNS_DIR", str(runs / "file" / "runs"))


def on_a_read_only_disk(runs, monkeypatch):
    def refuse(store):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(queue, "changing", refuse)


@pytest.mark.parametrize("arrange", [without_a_folder, on_a_read_only_disk])
def test_a_start_where_nothing_can_be_written_is_one_sentence(
    open_page, runs, monkeypatch, arrange
):
    arrange(runs, monkeypatch)
    recipe_cards._begin_to_measure.clear()
    app = click(open_page("retrain"), "Start training")
    assert [warning.value.partition(",")[0] for warning in app.warning] == [
        "The folder of the runs cannot be written to here"
    ]
    assert not app.error
    assert "run" not in app.query_params
    assert "measuring" not in html(app)
    start = open_page(model="classic")
    assert not start.error
    assert not start.warning
    assert "class='verdict'" in html(start)


def test_training_that_is_switched_off_is_told(open_page, monkeypatch):
    monkeypatch.setenv("TRAINING", "off")
    app = open_page("retrain")
    assert "switched off" in app.info[0].value
    assert not {"Start training", "Join the queue"} & labels(app)


def test_times_are_measured_once_as_long_as_nothing_trains(open_page, runs, monkeypatch):
    asked = []
    monkeypatch.setattr(recipe_cards, "measure_speeds", lambda: not asked.append(1))
    recipe_cards._begin_to_measure.clear()
    (runs / "speed.json").unlink()
    make_run("quick-1", state="running")
    assert "measuring" not in html(open_page("retrain"))
    shutil.rmtree(runs / "quick-1")
    assert "measuring…" in html(open_page("retrain"))
    open_page("retrain")
    assert asked == [1]
    recipe_cards._begin_to_measure.clear()
