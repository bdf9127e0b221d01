import re
import shutil

import pytest

from imaging.noise import NOISE_KINDS
from tests.pages.photo_page import brightness, file, html, thumbnails, upload, zoom
from tests.photo_stand_in import CLASSES
from ui import photo_model
from ui.photo_source import EXAMPLES

pytestmark = pytest.mark.usefixtures("stand_in_model")


def test_the_first_paint_is_an_example_with_its_noise_taken_off(open_page):
    app = open_page("photo")
    assert not app.error
    words, (before, after) = zoom(app)
    assert (words["before"], words["after"]) == ("noisy", "denoised")
    assert before.size == after.size == tuple(words["size"])
    assert brightness(after) == pytest.approx(brightness(before) / 2, rel=0.1)
    shown = html(app)
    assert re.search(r"<h2>Coat <small>\d+ % sure", shown)
    assert re.search(r"Noisy: <b>.*→ denoised: <b>Coat", shown)
    assert "Strong noise" in shown
    assert "of 255, found by itself" in shown
    assert "never written to disk, never used for training" in shown
    assert len(app.get("download_button")) == 2
    assert not app.get("camera_input")


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_by_its_address(open_page, example):
    app = open_page("photo", example=example, add="none")
    words, _ = zoom(app)
    assert words["name"] == EXAMPLES[example]
    assert words["before"] == "original"
    picked = [picture["name"] for picture in thumbnails(app, "Example photos") if picture["picked"]]
    assert picked == [EXAMPLES[example]]
    told = rf"Example: {EXAMPLES[example]}, by .*\((CC0|public domain)\), from scikit-image"
    assert re.search(told, html(app), re.IGNORECASE)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_every_noise_can_be_added(open_page, kind):
    app = open_page("photo", add=kind, **{"add-level": "0.3"})
    assert zoom(app)[0]["before"] == "noisy"
    assert zoom(app)[0]["made"] != zoom(open_page("photo", add="none"))[0]["made"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"example": "../../etc/passwd"},
        {"example": ["cat", "coffee"]},
        {"add": "pink"},
        {"add-level": "1e309"},
        {"add-level": "-1"},
        {"strength": "nan"},
        {"strength": "7"},
        {"strength": "x" * 5000},
    ],
    ids=lambda parameters: str(parameters)[:40],
)
def test_garbage_parameters_fall_back(open_page, parameters):
    app = open_page("photo", **parameters)
    assert not app.error
    assert zoom(app)


def test_an_answer_of_the_visitor_stays_with_its_photo(open_page):
    app = open_page("photo")
    app.selectbox[0].set_value("Shirt").run()
    assert "You said: Shirt" in html(app)
    assert "aria-label='wrong'" in html(app)
    assert "You said" not in html(upload(app, file()))


def test_the_strength_is_in_what_is_shown_and_classified(open_page):
    app = open_page("photo", strength="0.0")
    assert "--strength: 0.00" in html(app)
    before, after = re.search(r"Noisy: <b>(.*?)</b>.*denoised: <b>(.*?)</b>", html(app)).groups()
    assert before == after


def test_without_the_model_the_page_says_so_in_one_sentence(open_page, own_store, monkeypatch):
    from model_store import open_model

    monkeypatch.setattr(photo_model, "open_model", open_model)
    shutil.rmtree(own_store / "photo", ignore_errors=True)
    app = open_page("photo")
    assert len(app.info) == 1
    assert "not installed" in app.info[0].value
    assert not app.file_uploader


def test_bars_show_the_likeliest_classes(open_page):
    shown = html(open_page("photo"))
    assert shown.count("<th scope='row'>") == 5
    assert sum(f"<th scope='row'>{name}</th>" in shown for name in CLASSES) == 5
